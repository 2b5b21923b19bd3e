#include "service/watch_cursor.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

absl::Status PositionError(const absl::Status& status, const AlertFeed& feed,
                           v1::PositionLost::Reason reason,
                           uint64_t go_on_after, uint64_t missed = 0) {
  v1::PositionLost lost;
  lost.set_reason(reason);
  lost.set_missed(missed);
  lost.set_resume_token(feed.TokenFor(go_on_after));
  absl::Status result = status;
  AddDetail(result, lost);
  return result;
}

absl::StatusOr<uint64_t> FromToken(absl::string_view field,
                                   const std::string& token,
                                   const AlertFeed& feed) {
  const absl::StatusOr<uint64_t> sequence = feed.SequenceOf(token);
  if (sequence.ok()) return sequence;
  if (absl::IsOutOfRange(sequence.status())) {
    return PositionError(sequence.status(), feed,
                         v1::PositionLost::EPOCH_CHANGED, feed.BranchOf(token));
  }
  return InField(field, sequence.status());
}

absl::Status NotKept(uint64_t after, const AlertFeed& feed) {
  const uint64_t first = std::max(feed.oldest_sequence(), after + 2);
  return PositionError(
      absl::OutOfRangeError(absl::StrCat("alerts ", after + 1, " to ",
                                         first - 1, " are no longer kept")),
      feed, v1::PositionLost::NOT_KEPT, first - 1, first - 1 - after);
}

}  // namespace

absl::StatusOr<uint64_t> ResolveStart(absl::string_view field,
                                      const v1::StartPosition& start,
                                      const AlertFeed& feed,
                                      const Store& store) {
  const uint64_t last = feed.last_sequence();
  uint64_t after = last;
  switch (start.start_case()) {
    case v1::StartPosition::START_NOT_SET:
      break;
    case v1::StartPosition::kResumeToken: {
      TOCSIN_ASSIGN_OR_RETURN(after,
                              FromToken(field, start.resume_token(), feed));
      break;
    }
    case v1::StartPosition::kAfterSequence:
      after = start.after_sequence();
      break;
    case v1::StartPosition::kTime: {
      TOCSIN_ASSIGN_OR_RETURN(
          const absl::Time time,
          TimeFromProto(absl::StrCat(field, ".time"), start.time()));
      TOCSIN_ASSIGN_OR_RETURN(const uint64_t first,
                              store.GetSnapshot().FirstAlertAt(time));
      after = first - 1;
      break;
    }
    case v1::StartPosition::kOldest:
      after = feed.oldest_sequence() - 1;
      break;
  }
  if (after > last) {
    return PositionError(absl::OutOfRangeError(absl::StrCat(
                             "position ", after,
                             " is beyond the alert log, which ends at ", last)),
                         feed, v1::PositionLost::REASON_UNSPECIFIED, last);
  }
  if (after + 1 < feed.oldest_sequence()) return NotKept(after, feed);
  return after;
}

WatchCursor::WatchCursor(WatchBatches& batches,
                         std::shared_ptr<const WatchSelection> selection,
                         uint64_t after)
    : batches_(batches), selection_(std::move(selection)), position_(after) {}

absl::StatusOr<std::shared_ptr<const WatchBatch>> WatchCursor::Next() {
  auto batch = batches_.Next(selection_, position_);
  if (absl::IsOutOfRange(batch.status())) {
    return NotKept(position_, batches_.feed());
  }
  TOCSIN_RETURN_IF_ERROR(batch.status());
  position_ = (*batch)->end;
  return batch;
}

std::shared_ptr<const WatchBatch> WatchCursor::ProgressMark() const {
  return batches_.ProgressMark(position_);
}

}  // namespace tocsin
