#include "rules/quiet.h"

namespace tocsin {

bool MutedAt(const Rule& rule, absl::Time now) {
  return rule.mute_until.has_value() && now < *rule.mute_until;
}

std::optional<absl::Time> QuietUntil(const Rule& rule, absl::Time now) {
  if (!rule.quiet_hours.has_value()) return std::nullopt;
  const QuietHours& hours = *rule.quiet_hours;
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(hours.time_zone, &zone)) return std::nullopt;
  const absl::CivilDay today(absl::ToCivilSecond(now, zone));
  const int length = hours.end_minute > hours.start_minute ? 0 : 1;
  // The quiet hours that began yesterday may still last.
  for (const int begun : {-1, 0}) {
    const absl::CivilDay day = today + begun;
    // Of a time that is not or is twice, FromCivil takes the moment after the
    // gap or the first.
    const absl::Time start =
        absl::FromCivil(absl::CivilMinute(day) + hours.start_minute, zone);
    const absl::Time end = absl::FromCivil(
        absl::CivilMinute(day + length) + hours.end_minute, zone);
    if (start <= now && now < end) return end;
  }
  return std::nullopt;
}

}  // namespace tocsin
