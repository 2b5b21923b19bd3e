// Cuts a run of units (name_units.h) into names: what introduces a name is left
// off, listed names are taken out, and the rest ends where another begins.
#ifndef TOCSIN_DETECT_NAME_RUN_H_
#define TOCSIN_DETECT_NAME_RUN_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "detect/name_candidate.h"
#include "detect/name_shapes.h"
#include "detect/name_text.h"
#include "detect/name_units.h"

namespace tocsin {

// A place of so many people is known by its bare name.
inline constexpr uint32_t kBigPlacePeople = 1000000;

// `run` is not empty. Appends its names, in order, not overlapping, and to
// `passed_over` its tokens with a capital that were taken for ordinary words.
// Returns one past the last token that is dealt with.
uint32_t CutNameRun(NameText& text, absl::Span<const NameUnit> run,
                    SentenceStyle style, std::vector<NameCandidate>& candidates,
                    std::vector<uint32_t>& passed_over);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_RUN_H_
