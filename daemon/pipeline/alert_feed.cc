#include "pipeline/alert_feed.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

// What a logged alert costs in memory, about: the encoding, if somebody has
// asked for it, has the same texts as the record.
size_t MemoryOf(const LoggedAlert& alert) {
  return 2 * alert.record.ByteSizeLong() + sizeof(LoggedAlert);
}

absl::Status NotKept(uint64_t sequence) {
  return absl::OutOfRangeError(
      absl::StrCat("alert ", sequence, " is no longer kept"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<AlertFeed>> AlertFeed::Create(Options options,
                                                             const Store& store,
                                                             Encoder encoder) {
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord commit,
                          store.GetSnapshot().LatestCommit());
  return std::unique_ptr<AlertFeed>(
      new AlertFeed(options, store, std::move(encoder), commit));
}

AlertFeed::AlertFeed(Options options, const Store& store, Encoder encoder,
                     const CommitRecord& state)
    : options_(options),
      store_(store),
      encoder_(std::make_shared<const Encoder>(std::move(encoder))),
      epoch_(store.epoch()),
      last_sequence_(state.last_sequence()),
      oldest_sequence_(std::max<uint64_t>(1, state.oldest_sequence())) {}

absl::StatusOr<std::vector<std::shared_ptr<const LoggedAlert>>> AlertFeed::Read(
    uint64_t after, size_t limit) const {
  std::vector<std::shared_ptr<const LoggedAlert>> alerts;
  uint64_t last = 0;
  {
    MutexLock lock(mu_);
    last = last_sequence_;
    if (after > last) {
      return absl::OutOfRangeError(
          absl::StrCat("the alert log ends at ", last, ", before ", after));
    }
    if (after + 1 < oldest_sequence_) return NotKept(after + 1);
    const uint64_t tail_begin = last - tail_.size() + 1;
    if (after + 1 >= tail_begin) {
      const auto begin =
          tail_.begin() + static_cast<ptrdiff_t>(after + 1 - tail_begin);
      const size_t count = std::min<size_t>(limit, last - after);
      alerts.assign(begin, begin + static_cast<ptrdiff_t>(count));
      return alerts;
    }
  }
  // Older than the tail: every reader of old alerts reads for itself. Not past
  // `last`, which is as far as Publish() has told anybody.
  TOCSIN_ASSIGN_OR_RETURN(std::vector<AlertRecord> records,
                          store_.GetSnapshot().ReadAlerts(
                              after, std::min<size_t>(limit, last - after)));
  // Retention may have passed by since.
  if (records.empty() || records[0].sequence() != after + 1) {
    return NotKept(after + 1);
  }
  alerts.reserve(records.size());
  for (AlertRecord& record : records) {
    alerts.push_back(Encode(std::move(record)));
  }
  return alerts;
}

std::shared_ptr<const LoggedAlert> AlertFeed::Encode(AlertRecord record) const {
  return std::make_shared<const LoggedAlert>(std::move(record), encoder_);
}

uint64_t AlertFeed::last_sequence() const {
  MutexLock lock(mu_);
  return last_sequence_;
}

AlertFeed::Handle AlertFeed::CallWhenPast(uint64_t sequence,
                                          absl::AnyInvocable<void()> callback) {
  Handle handle = 0;
  {
    MutexLock lock(mu_);
    handle = next_handle_++;
    if (last_sequence_ <= sequence) {
      waiters_.emplace(handle, Waiter{sequence, std::move(callback)});
      return handle;
    }
  }
  callback();
  return handle;
}

bool AlertFeed::Cancel(Handle handle) {
  MutexLock lock(mu_);
  if (waiters_.erase(handle) + woken_.erase(handle) > 0) return true;
  while (calling_ == handle) called_.Wait(mu_);
  return false;
}

std::string AlertFeed::TokenFor(uint64_t sequence) const {
  return EncodeResumeToken(epoch_, sequence);
}

absl::StatusOr<uint64_t> AlertFeed::SequenceOf(absl::string_view token) const {
  TOCSIN_ASSIGN_OR_RETURN(const ResumeToken position, DecodeResumeToken(token));
  if (position.epoch == epoch_) return position.sequence;
  for (const EndedEpoch& ended : store_.ended_epochs().ended()) {
    if (ended.id() != position.epoch) continue;
    if (position.sequence <= ended.last_sequence()) return position.sequence;
    return absl::OutOfRangeError(absl::StrCat(
        "resume_token: its epoch `", position.epoch,
        "` ended when a backup was restored, and the log branched at ",
        ended.last_sequence(), ", before ", position.sequence));
  }
  return absl::OutOfRangeError(absl::StrCat(
      "resume_token: it is of the epoch `", position.epoch,
      "`, from which this log does not come; the epoch is `", epoch_, "` now"));
}

uint64_t AlertFeed::BranchOf(absl::string_view token) const {
  const uint64_t oldest = oldest_sequence() - 1;
  const absl::StatusOr<ResumeToken> position = DecodeResumeToken(token);
  if (!position.ok()) return oldest;
  for (const EndedEpoch& ended : store_.ended_epochs().ended()) {
    if (ended.id() == position->epoch) {
      return std::max(oldest, ended.last_sequence());
    }
  }
  return oldest;
}

uint64_t AlertFeed::oldest_sequence() const {
  MutexLock lock(mu_);
  return oldest_sequence_;
}

void AlertFeed::SetOldest(uint64_t sequence) {
  MutexLock lock(mu_);
  oldest_sequence_ = sequence;
}

void AlertFeed::Publish(std::vector<AlertRecord> alerts) {
  if (alerts.empty()) return;
  std::vector<std::shared_ptr<const LoggedAlert>> logged;
  logged.reserve(alerts.size());
  size_t bytes = 0;
  for (AlertRecord& record : alerts) {
    logged.push_back(Encode(std::move(record)));
    bytes += MemoryOf(*logged.back());
  }

  std::vector<std::shared_ptr<const LoggedAlert>> dropped;
  {
    MutexLock lock(mu_);
    last_sequence_ = logged.back()->sequence();
    tail_.insert(tail_.end(), std::make_move_iterator(logged.begin()),
                 std::make_move_iterator(logged.end()));
    tail_bytes_ += bytes;
    while (tail_bytes_ > options_.tail_bytes && tail_.size() > 1) {
      tail_bytes_ -= MemoryOf(*tail_.front());
      dropped.push_back(std::move(tail_.front()));  // Freed outside the lock.
      tail_.pop_front();
    }
    // Nearly every waiter waits for the end of the log.
    for (auto it = waiters_.begin(); it != waiters_.end();) {
      const auto waiter = it++;
      if (waiter->second.sequence < last_sequence_) {
        woken_.insert(waiters_.extract(waiter));
      }
    }
  }
  CallWoken();
}

void AlertFeed::CallWoken() {
  while (true) {
    absl::AnyInvocable<void()> callback;
    {
      MutexLock lock(mu_);
      if (calling_ != 0) called_.NotifyAll();
      calling_ = 0;
      if (woken_.empty()) return;
      calling_ = woken_.begin()->first;
      callback = std::move(woken_.begin()->second.callback);
      woken_.erase(woken_.begin());
    }
    callback();
  }
}

}  // namespace tocsin
