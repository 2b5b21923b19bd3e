#include "service/watch_cursor.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/failpoint.h"
#include "base/status_macros.h"
#include "service/convert_alert.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

// Far below gRPC's usual limit of 4 MiB for a message.
constexpr size_t kMaxMessageBytes = 1 << 20;

absl::Status PositionError(const absl::Status& status, const AlertFeed& feed,
                           v1::PositionLost::Reason reason,
                           uint64_t go_on_after) {
  v1::PositionLost lost;
  lost.set_reason(reason);
  lost.set_resume_token(feed.TokenFor(go_on_after));
  absl::Status result = status;
  AddDetail(result, lost);
  return result;
}

absl::StatusOr<uint64_t> FromToken(const std::string& token,
                                   const AlertFeed& feed) {
  const absl::StatusOr<uint64_t> sequence = feed.SequenceOf(token);
  if (sequence.ok()) return sequence;
  if (absl::IsOutOfRange(sequence.status())) {
    return PositionError(sequence.status(), feed,
                         v1::PositionLost::EPOCH_CHANGED, 0);
  }
  return InField("start", sequence.status());
}

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

absl::StatusOr<uint64_t> ResolveStart(const v1::WatchAlertsRequest& request,
                                      const AlertFeed& feed,
                                      const Store& store) {
  const v1::StartPosition& start = request.start();
  const uint64_t last = feed.last_sequence();
  uint64_t after = last;
  switch (start.start_case()) {
    case v1::StartPosition::START_NOT_SET:
      break;
    case v1::StartPosition::kResumeToken: {
      TOCSIN_ASSIGN_OR_RETURN(after, FromToken(start.resume_token(), feed));
      break;
    }
    case v1::StartPosition::kAfterSequence:
      after = start.after_sequence();
      break;
    case v1::StartPosition::kTime: {
      TOCSIN_ASSIGN_OR_RETURN(const absl::Time time,
                              TimeFromProto("start.time", start.time()));
      TOCSIN_ASSIGN_OR_RETURN(const uint64_t first,
                              store.GetSnapshot().FirstAlertAt(time));
      after = first - 1;
      break;
    }
    case v1::StartPosition::kOldest:
      after = 0;
      break;
  }
  if (after > last) {
    return PositionError(absl::OutOfRangeError(absl::StrCat(
                             "position ", after,
                             " is beyond the alert log, which ends at ", last)),
                         feed, v1::PositionLost::REASON_UNSPECIFIED, last);
  }
  return after;
}

WatchCursor::WatchCursor(const AlertFeed& feed,
                         std::shared_ptr<const Filter> filter, uint64_t after)
    : feed_(feed), filter_(std::move(filter)), position_(after) {}

absl::StatusOr<WatchCursor::Step> WatchCursor::Next() {
  Step step;
  TOCSIN_ASSIGN_OR_RETURN(const auto alerts,
                          feed_.Read(position_, kMaxAlertsPerMessage));
  step.at_end = alerts.size() < kMaxAlertsPerMessage;
  std::string response;
  for (const std::shared_ptr<const LoggedAlert>& alert : alerts) {
    if (Matches(alert->record)) {
      if (response.size() + alert->encoded.size() > kMaxMessageBytes &&
          step.alert_count > 0) {
        step.at_end = false;
        break;
      }
      if (TOCSIN_BROKEN("watch.swap")) {
        response.insert(0, alert->encoded);
      } else if (!TOCSIN_BROKEN("watch.skip")) {
        response += alert->encoded;
      }
      if (TOCSIN_BROKEN("watch.repeat")) response += alert->encoded;
      ++step.alert_count;
    }
    position_ = alert->sequence();
  }
  AppendPosition(response);
  step.response = ToBuffer(response);
  return step;
}

grpc::ByteBuffer WatchCursor::ProgressMark() const {
  std::string response;
  AppendPosition(response);
  return ToBuffer(response);
}

bool WatchCursor::Matches(const AlertRecord& record) const {
  if (filter_ == nullptr) return true;
  const AlertSubject subject(record);
  return filter_->Matches(subject.subject());
}

// Serialized messages one after the other are merged by who parses them.
void WatchCursor::AppendPosition(std::string& response) const {
  v1::WatchAlertsResponse end;
  end.set_resume_token(
      feed_.TokenFor(position_ + (TOCSIN_BROKEN("watch.token") ? 1 : 0)));
  end.set_sequence(position_);
  end.AppendToString(&response);
}

}  // namespace tocsin
