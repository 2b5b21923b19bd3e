#include "cli/amount_text.h"

#include <cmath>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "cli/text.h"

namespace tocsin::cli {
namespace {

// `value` with at most `decimals` decimals and no trailing zeros.
std::string Decimal(double value, int decimals) {
  std::string text = absl::StrFormat("%.*f", decimals, value);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

struct Scale {
  double factor;
  const char* suffix;
};
constexpr Scale kScales[] = {{1e12, " tn"}, {1e9, " bn"}, {1e6, " m"}};

std::string Format(const v1::Amount& amount, std::string (*number)(double)) {
  const bool range = amount.low() < amount.high();
  std::string value = number(amount.low());
  if (range) absl::StrAppend(&value, " to ", number(amount.high()));
  const std::string unit = Printable(amount.unit());
  if (amount.kind() == v1::Amount::MONEY) {
    value = absl::StrCat(unit, " ", value);
  } else if (!unit.empty()) {
    absl::StrAppend(&value, " ", unit);
  }
  if (amount.vague()) return absl::StrCat("somewhere in ", value);
  if (amount.bound() == v1::Amount::AT_LEAST) value = "at least " + value;
  if (amount.bound() == v1::Amount::AT_MOST) value = "at most " + value;
  if (amount.approximate()) value = "about " + value;
  return value;
}

}  // namespace

std::string Grouped(double value) {
  if (!std::isfinite(value)) return "?";
  if (std::abs(value) >= 1e18) return absl::StrFormat("%g", value);
  std::string text = Decimal(value, 6);
  const size_t first = text[0] == '-' ? 1 : 0;
  size_t point = text.find('.');
  if (point == std::string::npos) point = text.size();
  for (size_t i = point; i > first + 3;) {
    i -= 3;
    text.insert(i, ",");
  }
  return text;
}

std::string Short(double value) {
  if (!std::isfinite(value)) return "?";
  for (const Scale& scale : kScales) {
    if (std::abs(value) >= scale.factor && std::abs(value) < 1e18) {
      const double scaled = std::round(value / scale.factor * 1e3) / 1e3;
      return Grouped(scaled) + scale.suffix;
    }
  }
  return Grouped(value);
}

std::string AmountText(const v1::Amount& amount) {
  return Format(amount, amount.vague() ? Short : Grouped);
}

std::string ShortAmountText(const v1::Amount& amount) {
  return Format(amount, Short);
}

}  // namespace tocsin::cli
