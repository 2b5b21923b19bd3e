#include "detect/number_decimal.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

constexpr uint64_t kMaxDigits = 999'999'999'999'999'999;
constexpr int kMaxExponent = 40;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// a.digits written with the smaller exponent of the two.
std::optional<uint64_t> Shift(uint64_t digits, int places) {
  for (; places > 0 && digits != 0; --places) {
    if (digits > kMaxDigits / 10) return std::nullopt;
    digits *= 10;
  }
  return digits;
}

}  // namespace

std::optional<ExactDecimal> MakeDecimal(uint64_t digits, int exponent) {
  if (digits == 0) return ExactDecimal();
  while (digits % 10 == 0) {
    digits /= 10;
    ++exponent;
  }
  if (digits > kMaxDigits || exponent > kMaxExponent ||
      exponent < -kMaxExponent) {
    return std::nullopt;
  }
  return ExactDecimal{digits, static_cast<int16_t>(exponent), false};
}

std::optional<ExactDecimal> Multiply(const ExactDecimal& a,
                                     const ExactDecimal& b) {
  uint64_t digits;
  if (__builtin_mul_overflow(a.digits, b.digits, &digits)) return std::nullopt;
  std::optional<ExactDecimal> product =
      MakeDecimal(digits, a.exponent + b.exponent);
  if (product && !product->is_zero()) {
    product->negative = a.negative != b.negative;
  }
  return product;
}

std::optional<ExactDecimal> Add(const ExactDecimal& a, const ExactDecimal& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  const std::optional<uint64_t> x = Shift(a.digits, a.exponent - exponent);
  const std::optional<uint64_t> y = Shift(b.digits, b.exponent - exponent);
  if (!x || !y) return std::nullopt;
  return MakeDecimal(*x + *y, exponent);
}

std::optional<ExactDecimal> ParseDecimal(absl::string_view text) {
  uint64_t digits = 0;
  int exponent = 0;
  bool fraction = false;
  size_t i = 0;
  for (; i < text.size() && (IsDigit(text[i]) || text[i] == '.'); ++i) {
    if (text[i] == '.') {
      if (fraction) return std::nullopt;
      fraction = true;
      continue;
    }
    if (digits > kMaxDigits / 10) return std::nullopt;
    digits = digits * 10 + static_cast<uint64_t>(text[i] - '0');
    if (fraction) --exponent;
  }
  if (i == 0) return std::nullopt;
  if (i < text.size()) {
    int power;
    if (text[i] != 'e' || !absl::SimpleAtoi(text.substr(i + 1), &power)) {
      return std::nullopt;
    }
    exponent += power;
  }
  return MakeDecimal(digits, exponent);
}

double ToDouble(const ExactDecimal& a) { return ToDecimal(a).value; }

bool Less(const ExactDecimal& a, const ExactDecimal& b) {
  const int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  const std::optional<uint64_t> x = Shift(a.digits, a.exponent - exponent);
  const std::optional<uint64_t> y = Shift(b.digits, b.exponent - exponent);
  if (x && y) return *x < *y;
  return !x ? false : true;  // The one that does not fit is the greater.
}

// The nearest double. Where digits and power of ten are exact, one operation
// rounds as it should.
double ValueOf(const ExactDecimal& a, absl::string_view text) {
  constexpr std::array<double, 23> kPowers = {
      1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const auto power = static_cast<size_t>(std::abs(a.exponent));
  if (a.digits <= uint64_t{1} << 53 && power < kPowers.size()) {
    const auto digits = static_cast<double>(a.digits);
    const double value =
        a.exponent < 0 ? digits / kPowers[power] : digits * kPowers[power];
    return a.negative ? -value : value;
  }
  double value = 0;
  return absl::SimpleAtod(text, &value) ? value : 0;
}

Decimal ToDecimal(const ExactDecimal& a) {
  std::string text = absl::StrCat(a.digits);
  if (a.exponent >= 0) {
    text.append(static_cast<size_t>(a.exponent), '0');
  } else {
    const auto places = static_cast<size_t>(-a.exponent);
    if (text.size() <= places) text.insert(0, places - text.size() + 1, '0');
    text.insert(text.size() - places, 1, '.');
  }
  if (a.is_zero()) text = "0";
  if (a.negative) text.insert(0, 1, '-');
  Decimal decimal;
  decimal.value = ValueOf(a, text);
  decimal.text = std::move(text);
  return decimal;
}

}  // namespace tocsin
