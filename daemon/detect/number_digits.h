// Reads a number that is written in digits.
//
// The same digits mean different numbers in different languages: 1.234 is a
// thousand in German and one in English. What cannot be a group of thousands
// is a decimal whatever the language says (`9.74` in Swedish), and the other
// way round (`10,000`, `8.200.000`). Pure; thread-safe.
#ifndef TOCSIN_DETECT_NUMBER_DIGITS_H_
#define TOCSIN_DETECT_NUMBER_DIGITS_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "detect/number_decimal.h"

namespace tocsin {

// How a language writes numbers.
struct NumberFormat {
  char decimal = '.';
  bool space_groups = false;  // `12 500` with a plain space.
};

struct DigitNumber {
  ExactDecimal value;
  uint32_t end = 0;        // Byte after the last digit.
  int integer_digits = 0;  // Before the decimal mark.
  bool grouped = false;    // Thousands are set apart.
  bool has_fraction = false;
  bool leading_zero = false;  // `08`, but not `0` or `0.5`.
  // The decimal mark is the one that the language does not use.
  bool foreign_decimal = false;
};

// The number whose first digit is text[begin], which must be one. nullopt if
// the digits are no number: dates, versions, addresses of the Internet.
std::optional<DigitNumber> ScanDigits(absl::string_view text, uint32_t begin,
                                      const NumberFormat& format);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NUMBER_DIGITS_H_
