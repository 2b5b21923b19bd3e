// Times and durations, as people write and read them.
#ifndef TOCSIN_CLI_TIME_TEXT_H_
#define TOCSIN_CLI_TIME_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace tocsin::cli {

absl::Time ToTime(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Duration ToDuration(const google::protobuf::Duration& duration);
google::protobuf::Duration ToDurationProto(absl::Duration duration);

// "2025-02-19 14:03", in the local time zone; "" for an unset timestamp.
std::string TimeText(const google::protobuf::Timestamp& timestamp);

// The two largest units: "3 days 4 h", "2 min 10 s", "0.8 s", "7 ms".
std::string DurationText(absl::Duration duration);

// A point in time: RFC 3339, or local "2025-02-19", "2025-02-19 14:03",
// "2025-02-19T14:03:05", "14:03" (today), or so long before `now`: "90s",
// "2h", "1d12h".
absl::StatusOr<absl::Time> ParseTime(absl::string_view text, absl::Time now,
                                     absl::TimeZone zone);

// "30d", "6h", "1d12h", "90m", "45s", "2w"; a bare number is refused.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_TIME_TEXT_H_
