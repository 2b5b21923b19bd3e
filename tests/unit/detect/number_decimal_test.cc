#include "detect/number_decimal.h"

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(NumberDecimal, WritesNormalisedText) {
  struct Case {
    const char* in;
    const char* out;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"0", "0"},
           {"0.0", "0"},
           {"7", "7"},
           {"007", "7"},
           {"1e9", "1000000000"},
           {"8.2e9", "8200000000"},
           {"0.5", "0.5"},
           {"0.050", "0.05"},
           {"12.50", "12.5"},
           {"1e-4", "0.0001"},
       }) {
    const auto value = ParseDecimal(c.in);
    ASSERT_TRUE(value) << c.in;
    EXPECT_EQ(ToDecimal(*value).text, c.out) << c.in;
  }
}

TEST(NumberDecimal, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"", "x", "1x", "1.2.3", "1e", "e9", "1234567890123456789012", "1e99"}) {
    EXPECT_FALSE(ParseDecimal(text)) << text;
  }
}

TEST(NumberDecimal, OneValueHasOneForm) {
  // 8.2 billion and 8,200,000,000 are one key.
  const auto product = Multiply(*ParseDecimal("8.2"), *ParseDecimal("1e9"));
  ASSERT_TRUE(product);
  EXPECT_EQ(*product, *ParseDecimal("8200000000"));
}

TEST(NumberDecimal, KeepsTheSign) {
  ExactDecimal negative = *ParseDecimal("0.3");
  negative.negative = true;
  EXPECT_EQ(ToDecimal(negative).text, "-0.3");
  EXPECT_DOUBLE_EQ(ToDecimal(negative).value, -0.3);
  EXPECT_TRUE(Multiply(negative, *ParseDecimal("2"))->negative);
  EXPECT_FALSE(Multiply(negative, ExactDecimal())->negative);
}

TEST(NumberDecimal, ItsValueIsTheDoubleNearestToItsText) {
  std::mt19937_64 random(20261122);
  for (int i = 0; i < 20000; ++i) {
    ExactDecimal decimal;
    decimal.digits = random() >> random() % 64;
    decimal.exponent =
        static_cast<int16_t>(static_cast<int>(random() % 60) - 30);
    decimal.negative = random() % 2 == 0;
    const Decimal written = ToDecimal(decimal);
    ASSERT_EQ(written.value, std::strtod(written.text.c_str(), nullptr))
        << written.text;
  }
}

TEST(NumberDecimal, AgreesWithIntegersAndTellsOverflow) {
  std::mt19937_64 random(20250219);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t a = random() % 1000000;
    const uint64_t b = random() % 1000000;
    const auto x = MakeDecimal(a, 0);
    const auto y = MakeDecimal(b, 0);
    ASSERT_TRUE(x && y);
    EXPECT_EQ(ToDecimal(*Add(*x, *y)).text, std::to_string(a + b));
    EXPECT_EQ(ToDecimal(*Multiply(*x, *y)).text, std::to_string(a * b));
    EXPECT_EQ(Less(*x, *y), a < b);
  }
  const auto large = MakeDecimal(999999999999999999, 0);
  EXPECT_FALSE(Multiply(*large, *large));
  EXPECT_FALSE(Add(*MakeDecimal(1, 30), *MakeDecimal(1, 0)));
  EXPECT_TRUE(Less(*MakeDecimal(1, 0), *MakeDecimal(1, 30)));
  EXPECT_FALSE(Less(*MakeDecimal(1, 30), *MakeDecimal(1, 0)));
}

}  // namespace
}  // namespace tocsin
