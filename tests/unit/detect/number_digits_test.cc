#include "detect/number_digits.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

constexpr NumberFormat kPoint = {'.', false};
constexpr NumberFormat kComma = {',', true};

std::string Read(const std::string& text, const NumberFormat& format) {
  const auto number = ScanDigits(text, 0, format);
  if (!number) return "-";
  return ToDecimal(number->value).text + "|" + text.substr(number->end);
}

TEST(NumberDigits, ReadsEachStyle) {
  struct Case {
    const char* text;
    const char* point;  // Where the point is the decimal mark ...
    const char* comma;  // ... and where the comma is.
  };
  for (const Case& c : std::initializer_list<Case>{
           {"500", "500|", "500|"},
           {"9.74", "9.74|", "9.74|"},
           {"9,74", "9.74|", "9.74|"},
           {"1.234", "1.234|", "1234|"},
           {"1,234", "1234|", "1.234|"},
           {"10.000", "10000|", "10000|"},
           {"10,000", "10000|", "10000|"},
           {"0.125", "0.125|", "0.125|"},
           {"0,125", "0.125|", "0.125|"},
           {"1.234,5", "1234.5|", "1234.5|"},
           {"1,234.5", "1234.5|", "1234.5|"},
           {"8.200.000.000", "8200000000|", "8200000000|"},
           {"8,200,000,000", "8200000000|", "8200000000|"},
           {"12,34,567.89", "1234567.89|", "1234567.89|"},
           {"1'234'567", "1234567|", "1234567|"},
           {"1\xE2\x80\x99"
            "234",
            "1234|", "1234|"},
           {"12 500", "12| 500", "12500|"},
           {"12\xC2\xA0"
            "500",
            "12500|", "12500|"},
           {"12\xE2\x80\xAF"
            "500",
            "12500|", "12500|"},
           {"1 250 000,50", "1| 250 000,50", "1250000.5|"},
           {"2024 500", "2024| 500", "2024| 500"},
           {"12 50", "12| 50", "12| 50"},
           {"2\xC2\xBD", "2.5|", "2.5|"},
           {"12.", "12|.", "12|."},
           {"12, 13", "12|, 13", "12|, 13"},
           {"12.03.2024", "-", "-"},
           {"1.2.3", "-", "-"},
           {"192.168.0.1", "-", "-"},
           {"2019,2020", "-", "-"},
           {"12345678901234567890", "-", "-"},
       }) {
    EXPECT_EQ(Read(c.text, kPoint), c.point) << c.text;
    EXPECT_EQ(Read(c.text, kComma), c.comma) << c.text;
  }
}

// Writes `value` with a separator between groups of three digits.
std::string Grouped(uint64_t value, const std::string& separator) {
  std::string digits = std::to_string(value);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, separator);
  }
  return digits;
}

TEST(NumberDigits, ReadsWhatWasWritten) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t value = random() % (uint64_t{1} << (random() % 45 + 1));
    const std::string plain = std::to_string(value) + "|";
    // One group of three after a comma is a decimal where the comma is one.
    if (value >= 1000000) {
      EXPECT_EQ(Read(Grouped(value, "."), kComma), plain);
      EXPECT_EQ(Read(Grouped(value, ","), kPoint), plain);
    }
    EXPECT_EQ(Read(Grouped(value, " "), kComma), plain);
    EXPECT_EQ(Read(Grouped(value, "\xE2\x80\xAF"), kPoint), plain);
    EXPECT_EQ(Read(Grouped(value, "'"), kPoint), plain);
  }
}

TEST(NumberDigits, NeverReadsBeyondTheText) {
  std::mt19937 random(3);
  const std::string alphabet = "0123456789.,' \xC2\xA0\xE2\x80\xAF";
  for (int i = 0; i < 20000; ++i) {
    std::string text = "1";
    for (auto n = random() % 24; n > 0; --n) {
      text += alphabet[random() % alphabet.size()];
    }
    for (const NumberFormat& format : {kPoint, kComma}) {
      const auto number = ScanDigits(text, 0, format);
      if (!number) continue;
      ASSERT_LE(number->end, text.size());
      EXPECT_GE(number->end, 1u);
    }
  }
}

}  // namespace
}  // namespace tocsin
