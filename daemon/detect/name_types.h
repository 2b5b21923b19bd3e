// Says what a candidate is - person, organisation, place ... - by what it is
// made of and what stands beside it; and whether the words around it speak for
// its being a name at all.
//
// Pure; thread-safe.
#ifndef TOCSIN_DETECT_NAME_TYPES_H_
#define TOCSIN_DETECT_NAME_TYPES_H_

#include <vector>

#include "detect/name_candidate.h"
#include "detect/name_words.h"
#include "text/document.h"

namespace tocsin {

// Adds points for the candidate's words and neighbours.
void AddEvidence(const Document& document, const NameWords& words,
                 NameCandidate& candidate);

// Adds points for what stands together: `A, B and C` are of one kind.
void AddListEvidence(const Document& document, const NameWords& words,
                     std::vector<NameCandidate>& candidates);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_TYPES_H_
