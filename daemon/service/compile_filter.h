// Filters in requests.
#ifndef TOCSIN_SERVICE_COMPILE_FILTER_H_
#define TOCSIN_SERVICE_COMPILE_FILTER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "filter/filter.h"

namespace tocsin {

// Null if `text` is empty: everything matches. INVALID_ARGUMENT names the field
// `filter`, line and column.
absl::StatusOr<std::shared_ptr<const Filter>> CompileFilter(
    absl::string_view text, FilterPlace place);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_COMPILE_FILTER_H_
