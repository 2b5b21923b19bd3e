// Exact decimals: what the numbers of a text are computed in.
//
// Doubles would make 8.2 billion and 8,200,000,000 two keys on a bad day. A
// value here is digits times a power of ten, so scales only move the exponent.
// Pure values; thread-safe.
#ifndef TOCSIN_DETECT_NUMBER_DECIMAL_H_
#define TOCSIN_DETECT_NUMBER_DECIMAL_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "detect/mention.h"

namespace tocsin {

// (-1)^negative * digits * 10^exponent. Normalised: `digits` does not end in
// zero, zero is {0, 0, false}. At most 18 digits and |exponent| at most 40.
struct ExactDecimal {
  uint64_t digits = 0;
  int16_t exponent = 0;
  bool negative = false;

  bool is_zero() const { return digits == 0; }
  bool is_integer() const { return exponent >= 0; }
  friend bool operator==(const ExactDecimal&, const ExactDecimal&) = default;
};

// Each returns nullopt if the result does not fit: no amount is that long.
std::optional<ExactDecimal> MakeDecimal(uint64_t digits, int exponent);
std::optional<ExactDecimal> Multiply(const ExactDecimal& a,
                                     const ExactDecimal& b);
// Of numbers that are not negative.
std::optional<ExactDecimal> Add(const ExactDecimal& a, const ExactDecimal& b);
// `12`, `0.5`, `1e9`; nullopt if it is not a number.
std::optional<ExactDecimal> ParseDecimal(absl::string_view text);

double ToDouble(const ExactDecimal& a);
// Of numbers that are not negative: a < b.
bool Less(const ExactDecimal& a, const ExactDecimal& b);
Decimal ToDecimal(const ExactDecimal& a);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NUMBER_DECIMAL_H_
