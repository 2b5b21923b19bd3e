#include "cli/time_text.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tocsin::cli {
namespace {

struct Unit {
  char letter;
  absl::Duration length;
};
const Unit kUnits[] = {{'s', absl::Seconds(1)},
                       {'m', absl::Minutes(1)},
                       {'h', absl::Hours(1)},
                       {'d', absl::Hours(24)},
                       {'w', absl::Hours(7 * 24)}};

}  // namespace

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Nanoseconds(duration.nanos());
}

google::protobuf::Duration ToDurationProto(absl::Duration duration) {
  google::protobuf::Duration proto;
  const int64_t seconds = absl::ToInt64Seconds(duration);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(duration - absl::Seconds(seconds))));
  return proto;
}

std::string TimeText(const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() == 0 && timestamp.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", ToTime(timestamp),
                          absl::LocalTimeZone());
}

std::string DurationText(absl::Duration duration) {
  const double seconds = absl::ToDoubleSeconds(duration);
  const int64_t whole = static_cast<int64_t>(seconds);
  const int64_t days = whole / 86400, hours = whole / 3600 % 24;
  const int64_t minutes = whole / 60 % 60;
  if (days > 0) {
    std::string text = absl::StrCat(days, days == 1 ? " day" : " days");
    if (hours > 0 && days < 10) absl::StrAppend(&text, " ", hours, " h");
    return text;
  }
  if (hours > 0) return absl::StrCat(hours, " h ", minutes, " min");
  if (minutes > 0) return absl::StrCat(minutes, " min ", whole % 60, " s");
  if (seconds < 0.1) return absl::StrFormat("%.0f ms", seconds * 1000);
  return absl::StrFormat(seconds < 10 ? "%.1f s" : "%.0f s", seconds);
}

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text) {
  absl::Duration sum;
  absl::string_view rest = absl::StripAsciiWhitespace(text);
  bool any = false;
  while (!rest.empty()) {
    size_t digits = 0;
    while (digits < rest.size() && absl::ascii_isdigit(rest[digits])) ++digits;
    int64_t number = 0;
    const Unit* unit = nullptr;
    if (digits < rest.size()) {
      for (const Unit& u : kUnits) {
        if (u.letter == rest[digits]) unit = &u;
      }
    }
    if (unit == nullptr || !absl::SimpleAtoi(rest.substr(0, digits), &number) ||
        number > 1000000000) {
      any = false;
      break;
    }
    sum += number * unit->length;
    rest.remove_prefix(digits + 1);
    any = true;
  }
  if (!any) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text, "' is not a duration: write it as 45s, 90m, 6h, 30d or 2w"));
  }
  return sum;
}

absl::StatusOr<absl::Time> ParseTime(absl::string_view text, absl::Time now,
                                     absl::TimeZone zone) {
  absl::Time time;
  std::string error;
  const std::string stripped(absl::StripAsciiWhitespace(text));
  for (const char* format :
       {"%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d%ET%H:%M%Ez",
        "%Y-%m-%d%ET%H:%M:%E*S", "%Y-%m-%d%ET%H:%M", "%Y-%m-%d %H:%M:%E*S",
        "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    if (absl::ParseTime(format, stripped, zone, &time, &error)) return time;
  }
  // A time of day: today's.
  const std::string today = absl::FormatTime("%Y-%m-%d ", now, zone);
  for (const char* format : {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"}) {
    if (absl::ParseTime(format, today + stripped, zone, &time, &error)) {
      return time;
    }
  }
  if (auto ago = ParseDuration(stripped); ago.ok()) return now - *ago;
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text,
      "' is not a time: write it as 2025-02-19T14:03:00Z, '2025-02-19 14:03', "
      "14:03 or 2h (so long ago)"));
}

}  // namespace tocsin::cli
