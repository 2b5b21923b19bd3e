#include "detect/number_digits.h"

#include <array>
#include <cstddef>

namespace tocsin {
namespace {

constexpr size_t kMaxGroups = 8;
constexpr size_t kMaxFraction = 8;
constexpr size_t kMaxNumberBytes = 64;
constexpr char kSpace = ' ';
constexpr char kApostrophe = '\'';

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Separator {
  char kind = 0;  // 0: none here. Spaces and apostrophes have one kind each.
  uint32_t size = 0;
};

Separator SeparatorAt(absl::string_view text, size_t at,
                      const NumberFormat& format) {
  if (at >= text.size()) return {};
  switch (text[at]) {
    case '.':
    case ',':
      return {text[at], 1};
    case '\'':
      return {kApostrophe, 1};
    case ' ':
      return format.space_groups ? Separator{kSpace, 1} : Separator{};
    case '\xC2':  // No-break space.
      return text.substr(at, 2) == "\xC2\xA0" ? Separator{kSpace, 2}
                                              : Separator{};
    case '\xE2':  // Thin spaces; the apostrophe ’.
      if (text.substr(at, 3) == "\xE2\x80\xAF" ||
          text.substr(at, 3) == "\xE2\x80\x89") {
        return {kSpace, 3};
      }
      if (text.substr(at, 3) == "\xE2\x80\x99") return {kApostrophe, 3};
      return {};
    default:
      return {};
  }
}

// The runs of digits and what stands between them.
struct Groups {
  size_t count = 0;
  std::array<absl::string_view, kMaxGroups> digits;
  std::array<char, kMaxGroups> separator = {};  // Before digits[i], i > 0.
  uint32_t end = 0;
};

uint32_t EndOfDigits(absl::string_view text, uint32_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

std::optional<Groups> Split(absl::string_view text, uint32_t begin,
                            const NumberFormat& format) {
  Groups groups;
  uint32_t at = begin;
  char separator = 0;
  while (true) {
    if (groups.count == kMaxGroups) return std::nullopt;
    const uint32_t end = EndOfDigits(text, at);
    groups.digits[groups.count] = text.substr(at, end - at);
    groups.separator[groups.count++] = separator;
    groups.end = end;
    const Separator next = SeparatorAt(text, end, format);
    const uint32_t after = end + next.size;
    if (next.kind == 0 || after >= text.size() || !IsDigit(text[after])) break;
    if (next.kind == kSpace) {
      // A space joins only what looks like thousands all along.
      const bool first_fits = groups.digits[0].size() <= 3 &&
                              groups.digits[0][0] != '0' &&
                              (groups.count == 1 || separator == kSpace);
      if (!first_fits || EndOfDigits(text, after) != after + 3) break;
    }
    separator = next.kind;
    at = after;
  }
  return groups;
}

// Whether digits[first..last) set thousands apart; also lakh style 12,34,567.
bool AreThousands(const Groups& groups, size_t last) {
  if (groups.digits[0].size() > 3 || groups.digits[0][0] == '0') return false;
  if (groups.digits[last - 1].size() != 3) return false;
  for (size_t i = 1; i + 1 < last; ++i) {
    const size_t size = groups.digits[i].size();
    if (size != 3 && !(size == 2 && groups.separator[i] == ',')) return false;
  }
  for (size_t i = 2; i < last; ++i) {
    if (groups.separator[i] != groups.separator[1]) return false;
  }
  return true;
}

std::optional<DigitNumber> Make(const Groups& groups, bool has_fraction) {
  DigitNumber number;
  number.end = groups.end;
  number.has_fraction = has_fraction;
  const size_t whole = groups.count - (has_fraction ? 1 : 0);
  number.grouped = whole > 1;
  number.leading_zero =
      groups.digits[0].size() > 1 && groups.digits[0][0] == '0';
  uint64_t digits = 0;
  int exponent = 0;
  for (size_t i = 0; i < groups.count; ++i) {
    for (const char c : groups.digits[i]) {
      if (digits >= 100'000'000'000'000'000) return std::nullopt;
      digits = digits * 10 + static_cast<uint64_t>(c - '0');
    }
    const auto size = static_cast<int>(groups.digits[i].size());
    if (i < whole) {
      number.integer_digits += size;
    } else {
      exponent = -size;
    }
  }
  const std::optional<ExactDecimal> value = MakeDecimal(digits, exponent);
  if (!value) return std::nullopt;
  number.value = *value;
  return number;
}

// A half and the like, written as one character right after the digits.
void AddVulgarFraction(absl::string_view text, DigitNumber& number) {
  struct Fraction {
    absl::string_view text;
    ExactDecimal value;
  };
  static constexpr std::array<Fraction, 3> kFractions = {{
      {"\xC2\xBC", {25, -2, false}},
      {"\xC2\xBD", {5, -1, false}},
      {"\xC2\xBE", {75, -2, false}},
  }};
  if (number.has_fraction) return;
  for (const Fraction& fraction : kFractions) {
    if (text.substr(number.end, fraction.text.size()) != fraction.text)
      continue;
    if (const auto sum = Add(number.value, fraction.value)) {
      number.value = *sum;
      number.end += static_cast<uint32_t>(fraction.text.size());
      number.has_fraction = true;
    }
    return;
  }
}

}  // namespace

std::optional<DigitNumber> ScanDigits(absl::string_view text, uint32_t begin,
                                      const NumberFormat& format) {
  // No number is that long: what goes on in digits is none, and looking into it
  // takes a bounded time.
  text = text.substr(0, size_t{begin} + kMaxNumberBytes);
  const std::optional<Groups> groups = Split(text, begin, format);
  if (!groups) return std::nullopt;
  const size_t count = groups->count;
  const char last = groups->separator[count - 1];
  const absl::string_view tail = groups->digits[count - 1];
  std::optional<DigitNumber> number;
  if (count == 1) {
    number = Make(*groups, false);
  } else if (count == 2 && (last == '.' || last == ',')) {
    const bool thousands =
        AreThousands(*groups, 2) && (last != format.decimal || tail == "000");
    if (!thousands && tail.size() > kMaxFraction) return std::nullopt;
    // Two years, not a number: 2019,2020.
    if (groups->digits[0].size() >= 4 && tail.size() == 4) return std::nullopt;
    number = Make(*groups, !thousands);
  } else if (AreThousands(*groups, count)) {
    number = Make(*groups, false);
  } else if ((last == '.' || last == ',') &&
             last != groups->separator[count - 2] && count > 2 &&
             tail.size() <= kMaxFraction && AreThousands(*groups, count - 1)) {
    number = Make(*groups, true);
  }
  if (!number) return std::nullopt;
  number->foreign_decimal = number->has_fraction && last != format.decimal;
  AddVulgarFraction(text, *number);
  return number;
}

}  // namespace tocsin
