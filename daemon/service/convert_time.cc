#include "service/convert_time.h"

#include "service/status_conversion.h"

namespace tocsin {
namespace {

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, as timestamp.proto has it.
constexpr int64_t kMinSeconds = -62135596800;
constexpr int64_t kMaxSeconds = 253402300799;

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

}  // namespace tocsin
