#include "service/compile_filter.h"

#include "service/status_conversion.h"

namespace tocsin {

absl::StatusOr<std::shared_ptr<const Filter>> CompileFilter(
    absl::string_view text, FilterPlace place) {
  if (text.empty()) return std::shared_ptr<const Filter>();
  auto filter = Filter::Compile(text, place);
  if (!filter.ok()) return InField("filter", filter.status());
  return filter;
}

}  // namespace tocsin
