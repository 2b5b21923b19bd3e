#include "cli/time_text.h"

#include <string>

#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

TEST(ParseDurationTest, ReadsUnits) {
  const struct {
    const char* text;
    absl::Duration duration;
  } kCases[] = {
      {"45s", absl::Seconds(45)}, {"90m", absl::Minutes(90)},
      {"6h", absl::Hours(6)},     {"30d", absl::Hours(720)},
      {"2w", absl::Hours(336)},   {"1d12h", absl::Hours(36)},
      {" 3h ", absl::Hours(3)},
  };
  for (const auto& c : kCases) {
    const auto duration = ParseDuration(c.text);
    ASSERT_TRUE(duration.ok()) << c.text;
    EXPECT_EQ(*duration, c.duration) << c.text;
  }
  for (const char* bad : {"", "30", "d", "-3d", "3 d", "3y", "99999999999d"}) {
    EXPECT_FALSE(ParseDuration(bad).ok()) << bad;
  }
}

TEST(ParseTimeTest, ReadsWhatPeopleWrite) {
  const absl::TimeZone zone = absl::FixedTimeZone(3600);
  const absl::Time now =
      absl::FromCivil(absl::CivilSecond(2025, 2, 20, 12, 0, 0), zone);
  const struct {
    const char* text;
    absl::CivilSecond local;
  } kCases[] = {
      {"2025-02-19T14:03:05Z", absl::CivilSecond(2025, 2, 19, 15, 3, 5)},
      {"2025-02-19T14:03:05+02:00", absl::CivilSecond(2025, 2, 19, 13, 3, 5)},
      {"2025-02-19T14:03:05", absl::CivilSecond(2025, 2, 19, 14, 3, 5)},
      {"2025-02-19 14:03", absl::CivilSecond(2025, 2, 19, 14, 3, 0)},
      {"2025-02-19", absl::CivilSecond(2025, 2, 19, 0, 0, 0)},
      {"08:30", absl::CivilSecond(2025, 2, 20, 8, 30, 0)},
      {"2h", absl::CivilSecond(2025, 2, 20, 10, 0, 0)},
      {"1d", absl::CivilSecond(2025, 2, 19, 12, 0, 0)},
  };
  for (const auto& c : kCases) {
    const auto time = ParseTime(c.text, now, zone);
    ASSERT_TRUE(time.ok()) << c.text;
    EXPECT_EQ(*time, absl::FromCivil(c.local, zone)) << c.text;
  }
  for (const char* bad : {"", "yesterday", "2025-13-01", "25:00", "abc.1x.9"}) {
    EXPECT_FALSE(ParseTime(bad, now, zone).ok()) << bad;
  }
}

TEST(TimestampTest, RoundTrips) {
  for (const int64_t millis :
       {int64_t{0}, int64_t{-1500}, int64_t{1739959200123}}) {
    const absl::Time time = absl::FromUnixMillis(millis);
    EXPECT_EQ(ToTime(ToTimestamp(time)), time);
    EXPECT_GE(ToTimestamp(time).nanos(), 0);
  }
  EXPECT_EQ(ToDuration(ToDurationProto(absl::Milliseconds(1500))),
            absl::Milliseconds(1500));
}

TEST(DurationTextTest, ShowsTwoUnits) {
  EXPECT_EQ(DurationText(absl::Milliseconds(7)), "7 ms");
  EXPECT_EQ(DurationText(absl::Milliseconds(840)), "0.8 s");
  EXPECT_EQ(DurationText(absl::Seconds(42)), "42 s");
  EXPECT_EQ(DurationText(absl::Seconds(130)), "2 min 10 s");
  EXPECT_EQ(DurationText(absl::Minutes(125)), "2 h 5 min");
  EXPECT_EQ(DurationText(absl::Hours(24)), "1 day");
  EXPECT_EQ(DurationText(absl::Hours(76)), "3 days 4 h");
  EXPECT_EQ(DurationText(absl::Hours(725)), "30 days");
}

TEST(TimeTextTest, AnUnsetTimeIsNothing) { EXPECT_EQ(TimeText({}), ""); }

}  // namespace
}  // namespace tocsin::cli
