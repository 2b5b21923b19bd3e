#include "filter/literal.h"

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(LiteralTest, ReadsNumbersWithScales) {
  const struct {
    absl::string_view text;
    std::optional<double> value;
  } kCases[] = {
      {"0", 0},          {"500", 500},    {"-2.5", -2.5},     {"1e9", 1e9},
      {"1bn", 1e9},      {"2.5m", 2.5e6}, {"3mn", 3e6},       {"500k", 500e3},
      {"1.2tn", 1.2e12}, {"1BN", 1e9},    {"1_000_000", 1e6}, {"1e-3", 1e-3},
      {"", {}},          {"-", {}},       {"bn", {}},         {"1x", {}},
      {"0x10", {}},      {"inf", {}},     {"nan", {}},        {"1e999", {}},
      {"1 000", {}},     {"1__0", {}},    {"1_", {}},         {"1bnbn", {}},
      {"1e308bn", {}},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(ParseNumber(c.text), c.value) << c.text;
}

TEST(LiteralTest, ReadsSpansOfTime) {
  const struct {
    absl::string_view text;
    std::optional<absl::Duration> value;
  } kCases[] = {
      {"30d", absl::Hours(720)},
      {"6h", absl::Hours(6)},
      {"90min", absl::Minutes(90)},
      {"90m", absl::Minutes(90)},
      {"1d12h", absl::Hours(36)},
      {"2w", absl::Hours(336)},
      {"45s", absl::Seconds(45)},
      {"", {}},
      {"30", {}},
      {"d", {}},
      {"-1d", {}},
      {"0d", {}},
      {"1y", {}},
      {"99999999999999999999d", {}},
      {"9223372036854775807w", {}},
      {"36500d", absl::Hours(24 * 36500)},
      {"36501d", {}},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(ParseSpanOfTime(c.text), c.value) << c.text;
}

TEST(LiteralTest, ReadsTimesAndDates) {
  EXPECT_EQ(ParseTimeLiteral("1970-01-01T01:00:00+01:00"), absl::UnixEpoch());
  EXPECT_EQ(ParseTimeLiteral("1970-01-02"),
            absl::UnixEpoch() + absl::Hours(24));
  for (const absl::string_view bad :
       {"", "yesterday", "2026-13-01", "2026-11-21T25:00:00Z", "21-11-2026",
        "infinite-future", "2026-11-21 08:00"})
    EXPECT_EQ(ParseTimeLiteral(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace tocsin
