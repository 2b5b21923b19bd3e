// Decides which candidates of a document are names, and which entity each of
// them denotes.
//
// Within an article a surname goes to the full name, an acronym to the name
// that it is introduced after, a genitive to its base; what is certain in one
// place supports the same word elsewhere. The type is that of the entity: all
// its mentions count.
//
// Pure; thread-safe. The same candidates always give the same names.
#ifndef TOCSIN_DETECT_NAME_RESOLUTION_H_
#define TOCSIN_DETECT_NAME_RESOLUTION_H_

#include <cstdint>
#include <vector>

#include "detect/name_candidate.h"
#include "detect/name_detector.h"
#include "detect/name_lists.h"
#include "detect/name_words.h"
#include "text/document.h"

namespace tocsin {

// `candidates` are in text order and do not overlap; so are the names.
// `passed_over` are tokens that were taken for ordinary words; one that stands
// in a certain name elsewhere is a name, too.
NamesFound ResolveNames(const Document& document, const NameWords& words,
                        const NameLists& lists,
                        std::vector<NameCandidate> candidates,
                        const std::vector<uint32_t>& passed_over);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_RESOLUTION_H_
