// Ages and sizes as a person writes them in flags and files.
#ifndef TOCSIN_APP_UNITS_H_
#define TOCSIN_APP_UNITS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tocsin {

// A whole number and s, m, h, d, w or y (365 days), such as `90d`; or
// `forever`.
absl::StatusOr<absl::Duration> ParseAge(absl::string_view text);

// A whole number and nothing, K, M, G or T (powers of 1,024), such as `20G`; or
// `unlimited`, which is 0.
absl::StatusOr<int64_t> ParseSize(absl::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_APP_UNITS_H_
