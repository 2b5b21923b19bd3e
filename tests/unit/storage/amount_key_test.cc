#include "storage/amount_key.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

// A normalised decimal of 15 digits, without an exponent.
std::string NormalDecimal(double value) {
  const int magnitude =
      value == 0 ? 0
                 : static_cast<int>(std::floor(std::log10(std::abs(value))));
  const int decimals = std::clamp(14 - magnitude, 0, 300);
  std::string text = absl::StrFormat("%.*f", decimals, value);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string Encoded(absl::string_view text) {
  std::string key;
  AppendDecimal(text, key);
  return key;
}

Amount Money(std::string low, std::string high = "") {
  Amount amount;
  amount.kind = AmountKind::kMoney;
  amount.unit = "USD";
  amount.low = Decimal{low, std::stod(low)};
  amount.high = high.empty() ? amount.low : Decimal{high, std::stod(high)};
  return amount;
}

TEST(AmountKey, DecimalsSortByValueAndComeBack) {
  const char* ascending[] = {"-1000000000000",
                             "-500",
                             "-10.5",
                             "-10.25",
                             "-10",
                             "-1.01",
                             "-1",
                             "-0.5",
                             "-0.05",
                             "-0.0001",
                             "0",
                             "0.0001",
                             "0.00011",
                             "0.05",
                             "0.5",
                             "0.51",
                             "1",
                             "1.01",
                             "1.1",
                             "2",
                             "9",
                             "9.99",
                             "10",
                             "10.25",
                             "10.5",
                             "99",
                             "100",
                             "101",
                             "499999999999",
                             "500000000000",
                             "500000000000.5",
                             "500000000001",
                             "1000000000000000000000000"};
  for (size_t i = 0; i < std::size(ascending); ++i) {
    const std::string key = Encoded(ascending[i]);
    absl::string_view rest = key;
    EXPECT_EQ(TakeDecimal(rest), ascending[i]);
    EXPECT_TRUE(rest.empty());
    if (i > 0) {
      EXPECT_LT(Encoded(ascending[i - 1]), key) << ascending[i];
    }
  }
}

TEST(AmountKey, RandomDecimalsSortByValue) {
  std::mt19937_64 random(1);
  const auto draw = [&] {
    const int64_t whole =
        static_cast<int64_t>(random() >> (random() % 63 + 1)) *
        (random() % 2 == 0 ? 1 : -1);
    return NormalDecimal(static_cast<double>(whole) /
                         std::pow(10, random() % 9));
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = draw();
    const std::string b = draw();
    const double va = std::stod(a);
    const double vb = std::stod(b);
    if (va == vb) continue;
    ASSERT_EQ(Encoded(a) < Encoded(b), va < vb) << a << " " << b;
  }
}

TEST(AmountKey, ParsesWhatItMakes) {
  for (const Amount& amount :
       {Money("500000000000"), Money("2", "3"), Money("-0.25"), Money("0")}) {
    const auto parsed = ParseAmountKey(AmountKey(amount));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->kind, amount.kind);
    EXPECT_EQ(parsed->unit, amount.unit);
    EXPECT_EQ(parsed->low.text, amount.low.text);
    EXPECT_EQ(parsed->high.text, amount.high.text);
    EXPECT_EQ(parsed->low.value, amount.low.value);
  }
}

TEST(AmountKey, DamagedKeysAreRefused) {
  const std::string key = AmountKey(Money("12345.5", "99999"));
  for (size_t i = 0; i < key.size(); ++i) {
    const auto cut = ParseAmountKey(key.substr(0, i));
    // A cut at the end of the low value is the key of that value.
    if (cut.has_value()) {
      EXPECT_EQ(cut->low.text, "12345.5");
    }
  }
  EXPECT_FALSE(ParseAmountKey("").has_value());
  EXPECT_FALSE(
      ParseAmountKey(std::string(1, '\x09') + key.substr(1)).has_value());
}

TEST(AmountKey, CountsOfUnknownThingsFrom1000UpCompareWithoutTheNoun) {
  const auto count = [](std::string value, std::string unit, bool known) {
    Amount amount = Money(std::move(value));
    amount.kind = AmountKind::kCount;
    amount.unit = std::move(unit);
    amount.unit_known = known;
    return AmountKey(amount);
  };
  EXPECT_EQ(count("1000", "fnorp", false), count("1000", "zork", false));
  EXPECT_NE(count("999", "fnorp", false), count("999", "zork", false));
  EXPECT_NE(count("1000", "job", true), count("1000", "car", true));
  EXPECT_EQ(count("999", "job", true), count("999", "job", true));
}

TEST(AmountKey, AVagueAmountEqualsOnlyAVagueOne) {
  Amount vague = Money("100", "900");
  vague.vague = true;
  EXPECT_NE(AmountKey(vague), AmountKey(Money("100", "900")));
  EXPECT_TRUE(ParseAmountKey(AmountKey(vague))->vague);
}

TEST(AmountKey, TheNearLowsHoldEverythingWithinTwoPercent) {
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    const double value = (random() % 2 == 0 ? 1 : -1) *
                         std::pow(10, random() % 12) *
                         (1 + static_cast<double>(random() % 900) / 100);
    const Amount a = Money(NormalDecimal(value));
    const Amount b = Money(NormalDecimal(
        value * (0.96 + static_cast<double>(random() % 8000) / 100'000)));
    const LowRange range = LowsNear(a.low.value);
    if (WithinTwoPercent(a.low.value, a.high.value, b.low.value,
                         b.high.value)) {
      EXPECT_LE(range.first, b.low.value) << a.low.text << " " << b.low.text;
      EXPECT_GE(range.last, b.low.value) << a.low.text << " " << b.low.text;
    }
  }
}

TEST(AmountKey, TwoPercentIsOfTheLarger) {
  EXPECT_TRUE(WithinTwoPercent(98, 98, 100, 100));
  EXPECT_TRUE(WithinTwoPercent(100, 100, 98, 98));
  EXPECT_FALSE(WithinTwoPercent(97.9, 97.9, 100, 100));
  EXPECT_TRUE(WithinTwoPercent(0, 0, 0, 0));
  EXPECT_FALSE(WithinTwoPercent(1, 1, -1, -1));
  EXPECT_FALSE(WithinTwoPercent(100, 200, 100, 300));
}

}  // namespace
}  // namespace tocsin
