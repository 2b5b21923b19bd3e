// Values as they are written in a filter.
#ifndef TOCSIN_FILTER_LITERAL_H_
#define TOCSIN_FILTER_LITERAL_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tocsin {

// `500`, `-2.5`, `1e9`, `1_000`, with a scale: k, m (or mn), bn, tn. nullopt
// for anything else, and for what is too large to be a finite number.
std::optional<double> ParseNumber(absl::string_view text);

// `30d`, `1d12h`, `90min`: weeks, days, hours, minutes (m or min), seconds.
// More than nothing, at most kMaxFilterDuration.
std::optional<absl::Duration> ParseSpanOfTime(absl::string_view text);
inline constexpr int kMaxFilterDurationDays = 36500;

// RFC 3339, or a date, which stands for its first moment in UTC.
std::optional<absl::Time> ParseTimeLiteral(absl::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_LITERAL_H_
