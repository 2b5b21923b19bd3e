#include "filter/literal.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"

namespace tocsin {
namespace {

struct Scale {
  absl::string_view suffix;
  double factor;
};
// The longest first.
constexpr Scale kScales[] = {
    {"mn", 1e6}, {"bn", 1e9}, {"tn", 1e12}, {"k", 1e3}, {"m", 1e6}};

struct TimeUnit {
  absl::string_view suffix;
  int64_t seconds;
};
constexpr TimeUnit kTimeUnits[] = {{"min", 60},  {"m", 60},     {"h", 3600},
                                   {"d", 86400}, {"w", 604800}, {"s", 1}};

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

}  // namespace

std::optional<double> ParseNumber(absl::string_view text) {
  std::string digits = absl::AsciiStrToLower(text);
  double factor = 1;
  for (const Scale& scale : kScales) {
    if (digits.size() > scale.suffix.size() &&
        absl::string_view(digits).substr(digits.size() - scale.suffix.size()) ==
            scale.suffix) {
      digits.resize(digits.size() - scale.suffix.size());
      factor = scale.factor;
      break;
    }
  }
  // SimpleAtod also reads `inf`, `nan` and hexadecimal.
  const bool negative = !digits.empty() && digits[0] == '-';
  if (digits.size() <= (negative ? 1u : 0u) ||
      !IsDigit(digits[negative ? 1 : 0]))
    return std::nullopt;
  if (digits.find('x') != std::string::npos || digits.back() == '_' ||
      digits.find("__") != std::string::npos)
    return std::nullopt;
  digits = absl::StrReplaceAll(digits, {{"_", ""}});
  double value = 0;
  if (!absl::SimpleAtod(digits, &value)) return std::nullopt;
  value *= factor;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<absl::Duration> ParseSpanOfTime(absl::string_view text) {
  absl::Duration total = absl::ZeroDuration();
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    size_t size = 0;
    while (size < text.size() && IsDigit(text[size])) ++size;
    int64_t count = 0;
    if (size == 0 || !absl::SimpleAtoi(text.substr(0, size), &count))
      return std::nullopt;
    text.remove_prefix(size);
    const TimeUnit* unit = nullptr;
    for (const TimeUnit& candidate : kTimeUnits) {
      if (text.substr(0, candidate.suffix.size()) == candidate.suffix) {
        unit = &candidate;
        break;
      }
    }
    if (unit == nullptr) return std::nullopt;
    text.remove_prefix(unit->suffix.size());
    total += count * absl::Seconds(unit->seconds);  // Saturates.
    if (total > absl::Hours(24) * kMaxFilterDurationDays) return std::nullopt;
  }
  if (total <= absl::ZeroDuration()) return std::nullopt;
  return total;
}

std::optional<absl::Time> ParseTimeLiteral(absl::string_view text) {
  // Bounded before parsing: years beyond four digits are nobody's news.
  if (text.size() < 10 || text.size() > 40 || text[4] != '-')
    return std::nullopt;
  absl::Time time;
  if (absl::ParseTime(absl::RFC3339_full, text, absl::UTCTimeZone(), &time,
                      nullptr) ||
      absl::ParseTime("%Y-%m-%d", text, absl::UTCTimeZone(), &time, nullptr))
    return time;
  return std::nullopt;
}

}  // namespace tocsin
