#include "rules/quiet.h"

#include <string>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

absl::Time At(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error))
      << error;
  return time;
}

TEST(QuietTest, QuietHoursEndInTheirTimeZone) {
  const struct {
    int start, end;
    absl::string_view now;
    absl::string_view until;  // Empty: not quiet.
  } kCases[] = {
      {22 * 60, 6 * 60, "2026-11-21T23:00:00+01:00",
       "2026-11-22T06:00:00+01:00"},
      {22 * 60, 6 * 60, "2026-11-22T05:59:59+01:00",
       "2026-11-22T06:00:00+01:00"},
      {22 * 60, 6 * 60, "2026-11-22T06:00:00+01:00", ""},
      {22 * 60, 6 * 60, "2026-11-21T22:00:00+01:00",
       "2026-11-22T06:00:00+01:00"},
      {22 * 60, 6 * 60, "2026-11-21T21:59:59+01:00", ""},
      {8 * 60, 9 * 60, "2026-11-21T08:30:00+01:00",
       "2026-11-21T09:00:00+01:00"},
      {8 * 60, 9 * 60, "2026-11-21T09:00:00+01:00", ""},
      // A whole day.
      {480, 480, "2026-11-21T12:00:00+01:00", "2026-11-22T08:00:00+01:00"},
      // Summer time begins on 2026-03-29 at 2:00, which becomes 3:00.
      {22 * 60, 150, "2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"},
      // It ends on 2026-10-25 at 3:00, which becomes 2:00.
      {22 * 60, 150, "2026-10-25T00:30:00+02:00", "2026-10-25T02:30:00+02:00"},
  };
  for (const auto& c : kCases) {
    Rule rule;
    rule.quiet_hours = QuietHours{"Europe/Stockholm", c.start, c.end};
    const std::optional<absl::Time> until = QuietUntil(rule, At(c.now));
    if (c.until.empty()) {
      EXPECT_EQ(until, std::nullopt) << c.now;
    } else {
      EXPECT_EQ(until, At(c.until)) << c.now;
    }
  }
  EXPECT_EQ(QuietUntil(Rule{}, At("2026-11-21T23:00:00Z")), std::nullopt);
}

TEST(QuietTest, AMuteEndsAtItsTime) {
  Rule rule;
  EXPECT_FALSE(MutedAt(rule, absl::UnixEpoch()));
  rule.mute_until = absl::UnixEpoch();
  EXPECT_TRUE(MutedAt(rule, absl::UnixEpoch() - absl::Microseconds(1)));
  EXPECT_FALSE(MutedAt(rule, absl::UnixEpoch()));
}

}  // namespace
}  // namespace tocsin
