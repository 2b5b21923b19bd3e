#include "service/convert_time.h"

#include "service/status_conversion.h"

namespace tocsin {
namespace {

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, as timestamp.proto has it.
constexpr int64_t kMinSeconds = -62135596800;
constexpr int64_t kMaxSeconds = 253402300799;

// The longest that duration.proto allows: 10,000 years.
constexpr int64_t kMaxDurationSeconds = 315'576'000'000;

}  // namespace

absl::StatusOr<absl::Time> TimeFromProto(
    absl::string_view field, const google::protobuf::Timestamp& proto) {
  if (proto.seconds() < kMinSeconds || proto.seconds() > kMaxSeconds ||
      proto.nanos() < 0 || proto.nanos() > 999'999'999) {
    return FieldError(field, "is not a time between the years 1 and 9999");
  }
  return absl::FromUnixMicros(proto.seconds() * 1'000'000 +
                              proto.nanos() / 1'000);
}

void SetTime(absl::Time time, google::protobuf::Timestamp* proto) {
  SetTimeMicros(absl::ToUnixMicros(time), proto);
}

void SetTimeMicros(int64_t micros, google::protobuf::Timestamp* proto) {
  int64_t seconds = micros / 1'000'000;
  int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  proto->set_seconds(seconds);
  proto->set_nanos(static_cast<int32_t>(rest * 1'000));
}

absl::StatusOr<absl::Duration> DurationFromProto(
    absl::string_view field, const google::protobuf::Duration& proto) {
  if (proto.seconds() < 0 || proto.seconds() > kMaxDurationSeconds ||
      proto.nanos() < 0 || proto.nanos() > 999'999'999)
    return FieldError(field, "is not a span of time from 0 to 10,000 years");
  if (proto.seconds() == kMaxDurationSeconds) return absl::InfiniteDuration();
  return absl::Seconds(proto.seconds()) +
         absl::Microseconds(proto.nanos() / 1'000);
}

void SetDuration(absl::Duration duration, google::protobuf::Duration* proto) {
  if (duration == absl::InfiniteDuration()) {
    proto->set_seconds(kMaxDurationSeconds);
    return;
  }
  const int64_t micros = absl::ToInt64Microseconds(duration);
  proto->set_seconds(micros / 1'000'000);
  proto->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
}

}  // namespace tocsin
