#include "app/units.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

// False unless `text` is a number from 1 to `most`, in digits alone.
bool ParseNumber(absl::string_view text, int64_t most, int64_t& number) {
  return text.find_first_not_of("0123456789") == absl::string_view::npos &&
         absl::SimpleAtoi(text, &number) && number >= 1 && number <= most;
}

}  // namespace

absl::StatusOr<absl::Duration> ParseAge(absl::string_view text) {
  if (text == "forever") return absl::InfiniteDuration();
  absl::Duration unit;
  switch (text.empty() ? '\0' : text.back()) {
    case 's':
      unit = absl::Seconds(1);
      break;
    case 'm':
      unit = absl::Minutes(1);
      break;
    case 'h':
      unit = absl::Hours(1);
      break;
    case 'd':
      unit = absl::Hours(24);
      break;
    case 'w':
      unit = absl::Hours(24 * 7);
      break;
    case 'y':
      unit = absl::Hours(24 * 365);
      break;
    default:
      break;
  }
  int64_t number = 0;
  if (unit == absl::ZeroDuration() ||
      !ParseNumber(text.substr(0, text.size() - 1), 1'000'000'000, number)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text, "' is not an age such as 12h, 90d or 2y, nor 'forever'"));
  }
  const absl::Duration age = number * unit;
  return age > absl::Hours(24 * 365 * 200) ? absl::InfiniteDuration() : age;
}

absl::StatusOr<int64_t> ParseSize(absl::string_view text) {
  if (text == "unlimited") return 0;
  constexpr absl::string_view kUnits = "KMGT";
  const size_t unit =
      text.empty() ? absl::string_view::npos : kUnits.find(text.back());
  const bool has_unit = unit != absl::string_view::npos;
  int64_t number = 0;
  const absl::string_view digits =
      has_unit ? text.substr(0, text.size() - 1) : text;
  if (!ParseNumber(digits, int64_t{1} << 50, number) ||
      (has_unit && number > (int64_t{1} << 20))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text, "' is not a size such as 500M or 20G, nor 'unlimited'"));
  }
  return has_unit ? number << (10 * (unit + 1)) : number;
}

}  // namespace tocsin
