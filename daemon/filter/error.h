// How errors in a filter are told: line, column, what was expected, and the
// line of text with a caret under the place.
#ifndef TOCSIN_FILTER_ERROR_H_
#define TOCSIN_FILTER_ERROR_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tocsin {

// INVALID_ARGUMENT at byte `offset` of `text`. Carries the position for
// FilterErrorPosition().
absl::Status FilterError(absl::string_view text, size_t offset,
                         absl::string_view message);

// Those of `known` that `word` could be a misspelling of, the nearest first, at
// most three; ASCII case does not count.
std::vector<std::string> NearMisses(
    absl::string_view word, const std::vector<absl::string_view>& known);

// "; did you mean `a` or `b`?", or nothing.
std::string DidYouMean(absl::string_view word,
                       const std::vector<absl::string_view>& known);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_ERROR_H_
