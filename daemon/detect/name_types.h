// Says what a candidate is - person, organisation, place ... - by what it is
// made of and what stands beside it; and whether the words around it speak for
// its being a name at all.
#ifndef TOCSIN_DETECT_NAME_TYPES_H_
#define TOCSIN_DETECT_NAME_TYPES_H_

#include <vector>

#include "detect/name_candidate.h"
#include "detect/name_text.h"

namespace tocsin {

// Adds points for the candidate's words and neighbours.
void AddEvidence(NameText& text, NameCandidate& candidate);

// Adds points for what stands together: `A, B and C` are of one kind.
void AddListEvidence(NameText& text, std::vector<NameCandidate>& candidates);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_TYPES_H_
