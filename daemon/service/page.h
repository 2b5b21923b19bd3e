// Pages (AIP-158): sizes and tokens.
#ifndef TOCSIN_SERVICE_PAGE_H_
#define TOCSIN_SERVICE_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;
// Rows that one request with a filter looks at: a page may then be short, or
// empty, and still have a next one.
inline constexpr size_t kMaxRowsPerPage = 20'000;

// 0 stands for the default, more than the maximum for the maximum; negative is
// INVALID_ARGUMENT.
absl::StatusOr<size_t> PageSize(int32_t page_size);

// Where a page begins. What the numbers mean is up to the method; 0, 0 is the
// beginning.
struct PageStart {
  uint64_t major = 0;
  uint64_t minor = 0;

  friend bool operator==(const PageStart&, const PageStart&) = default;
};

// `request` is everything else that the pages depend on, such as the filter: a
// token works only with what it was made for.
std::string EncodePageToken(const PageStart& start, absl::string_view request);
// INVALID_ARGUMENT naming `page_token`. Empty is the beginning.
absl::StatusOr<PageStart> DecodePageToken(absl::string_view token,
                                          absl::string_view request);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_PAGE_H_
