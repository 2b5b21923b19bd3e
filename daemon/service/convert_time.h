// Times of the API, of plain values (absl::Time) and of the store
// (microseconds since the Unix epoch; 0 is unset).
#ifndef TOCSIN_SERVICE_CONVERT_TIME_H_
#define TOCSIN_SERVICE_CONVERT_TIME_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace tocsin {

// Truncated to microseconds, as the store keeps them. INVALID_ARGUMENT naming
// `field` unless it lies in the years 1 to 9999, as Timestamp demands.
absl::StatusOr<absl::Time> TimeFromProto(
    absl::string_view field, const google::protobuf::Timestamp& proto);

void SetTime(absl::Time time, google::protobuf::Timestamp* proto);
void SetTimeMicros(int64_t micros, google::protobuf::Timestamp* proto);

// Truncated to microseconds; the longest Duration there is stands for an
// infinite one. INVALID_ARGUMENT naming `field` unless it lies from 0 to there.
absl::StatusOr<absl::Duration> DurationFromProto(
    absl::string_view field, const google::protobuf::Duration& proto);
void SetDuration(absl::Duration duration, google::protobuf::Duration* proto);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_TIME_H_
