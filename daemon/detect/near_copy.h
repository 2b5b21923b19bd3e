// A fingerprint that articles of nearly the same words share.
#ifndef TOCSIN_DETECT_NEAR_COPY_H_
#define TOCSIN_DETECT_NEAR_COPY_H_

#include <cstdint>

#include "absl/types/span.h"

namespace tocsin {

// SimHash of the 3-grams of `words` (Analysis::words; zeros between sentences
// are skipped): articles that share most of their 3-grams differ in few bits.
// 0 if there is no word. Pure; the value is stable and may be stored.
uint64_t SimHash(absl::Span<const uint64_t> words);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NEAR_COPY_H_
