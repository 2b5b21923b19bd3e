#include "cli/amount_text.h"

#include <cmath>

#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

v1::Amount Make(v1::Amount::Kind kind, const char* unit, double low,
                double high) {
  v1::Amount amount;
  amount.set_kind(kind);
  amount.set_unit(unit);
  amount.set_low(low);
  amount.set_high(high);
  return amount;
}

v1::Amount Dollars(double low, double high) {
  return Make(v1::Amount::MONEY, "USD", low, high);
}

TEST(GroupedTest, PutsCommasBetweenThousands) {
  const struct {
    double value;
    const char* text;
  } kCases[] = {
      {0, "0"},
      {7, "7"},
      {999, "999"},
      {1000, "1,000"},
      {100000, "100,000"},
      {500e9, "500,000,000,000"},
      {-1234567, "-1,234,567"},
      {-999, "-999"},
      {8.25, "8.25"},
      {1234.5, "1,234.5"},
      {0.01, "0.01"},
      {1e21, "1e+21"},
      {std::nan(""), "?"},
      {INFINITY, "?"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Grouped(c.value), c.text);
}

TEST(ShortTest, ScalesFromAMillionUp) {
  const struct {
    double value;
    const char* text;
  } kCases[] = {
      {999999, "999,999"},   {1e6, "1 m"},   {1.5e9, "1.5 bn"},
      {500e9, "500 bn"},     {1e12, "1 tn"}, {8.2004e9, "8.2 bn"},
      {2500e12, "2,500 tn"}, {-3e6, "-3 m"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Short(c.value), c.text);
}

TEST(AmountTextTest, WritesMoneyInFull) {
  EXPECT_EQ(AmountText(Dollars(500e9, 500e9)), "USD 500,000,000,000");
  EXPECT_EQ(ShortAmountText(Dollars(500e9, 500e9)), "USD 500 bn");
}

TEST(AmountTextTest, WritesPercentAndCounts) {
  EXPECT_EQ(AmountText(Make(v1::Amount::PERCENT, "%", 3.5, 3.5)), "3.5 %");
  EXPECT_EQ(AmountText(Make(v1::Amount::COUNT, "jobs", 40000, 40000)),
            "40,000 jobs");
  EXPECT_EQ(AmountText(Make(v1::Amount::COUNT, "", 12, 12)), "12");
}

TEST(AmountTextTest, SaysWhatIsNotExact) {
  v1::Amount amount = Dollars(2e6, 3e6);
  EXPECT_EQ(AmountText(amount), "USD 2,000,000 to 3,000,000");
  amount.set_approximate(true);
  EXPECT_EQ(AmountText(amount), "about USD 2,000,000 to 3,000,000");
  amount = Dollars(1e9, 1e9);
  amount.set_bound(v1::Amount::AT_LEAST);
  EXPECT_EQ(AmountText(amount), "at least USD 1,000,000,000");
  amount.set_bound(v1::Amount::AT_MOST);
  EXPECT_EQ(AmountText(amount), "at most USD 1,000,000,000");
  amount = Dollars(100e9, 1e12);
  amount.set_vague(true);
  EXPECT_EQ(AmountText(amount), "somewhere in USD 100 bn to 1 tn");
}

TEST(AmountTextTest, UnitsCannotSteerTheTerminal) {
  EXPECT_EQ(AmountText(Make(v1::Amount::COUNT, "\x1b[2Jcats", 1, 1)),
            "1 [2Jcats");
}

}  // namespace
}  // namespace tocsin::cli
