// The alert log as watchers read it: the newest part in memory, serialized once
// for everybody (by who reads it first), the rest from the store.
//
// Thread-safe. The writer never waits for a reader, and a reader has no queue:
// it is a cursor that calls Read(), and CallWhenPast() when it has read all.
#ifndef TOCSIN_PIPELINE_ALERT_FEED_H_
#define TOCSIN_PIPELINE_ALERT_FEED_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "pipeline/resume_token.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

// An alert of the log. Immutable and thread-safe.
class LoggedAlert {
 public:
  using Encoder = std::function<std::string(const AlertRecord&)>;

  LoggedAlert(AlertRecord logged, std::shared_ptr<const Encoder> encoder)
      : record(std::move(logged)), encoder_(std::move(encoder)) {}

  const AlertRecord record;
  uint64_t sequence() const { return record.sequence(); }

  // Made when it is first asked for, once for everybody: whoever commits alerts
  // pays nothing for those that nobody watches.
  const std::string& encoded() const {
    std::call_once(encoded_once_, [this] { encoded_ = (*encoder_)(record); });
    return encoded_;
  }

 private:
  const std::shared_ptr<const Encoder> encoder_;
  mutable std::once_flag encoded_once_;
  mutable std::string encoded_;
};

class AlertFeed {
 public:
  // Must be pure and may be called from any thread.
  using Encoder = LoggedAlert::Encoder;

  struct Options {
    // Of the part in memory, about.
    size_t tail_bytes = 64 << 20;
  };

  // `store` is not owned and must outlive the feed.
  static absl::StatusOr<std::unique_ptr<AlertFeed>> Create(Options options,
                                                           const Store& store,
                                                           Encoder encoder);

  // Alerts after `after`, oldest first, at most `limit`; empty if there are
  // none yet. OUT_OF_RANGE if `after` is beyond the log, or if the alert after
  // it is no longer kept: then after + 1 < oldest_sequence().
  absl::StatusOr<std::vector<std::shared_ptr<const LoggedAlert>>> Read(
      uint64_t after, size_t limit) const;

  // Sequence of the latest alert committed; 0 if there is none.
  uint64_t last_sequence() const;

  // Sequence of the oldest alert that is kept; last_sequence() + 1 if none is.
  uint64_t oldest_sequence() const;

  // An alert as Read() gives it, of a record that came from elsewhere.
  std::shared_ptr<const LoggedAlert> Encode(AlertRecord record) const;

  // Calls `callback` once, as soon as last_sequence() > `sequence`: at once and
  // on this thread, or later on the sequencer's, where it must be short and
  // must not call the feed's Cancel(). Returns a handle for Cancel().
  using Handle = uint64_t;
  Handle CallWhenPast(uint64_t sequence, absl::AnyInvocable<void()> callback);
  // After it returns the callback is not running and will not be called. True
  // if it was not called.
  bool Cancel(Handle handle);

  // A token for the position after `sequence` (resume_token.h).
  std::string TokenFor(uint64_t sequence) const;
  // The position that a token stands for. Tokens of an epoch that ended stand
  // for the same position up to where the log branched. INVALID_ARGUMENT if it
  // is not a token; OUT_OF_RANGE if it is one from beyond the branch, or of an
  // epoch that this log does not come from.
  absl::StatusOr<uint64_t> SequenceOf(absl::string_view token) const;
  // Where to go on after such an OUT_OF_RANGE: at the branch, or with what is
  // kept of the log.
  uint64_t BranchOf(absl::string_view token) const;

  // For the sequencer: what retention has left; before Publish().
  void SetOldest(uint64_t sequence);
  // For the sequencer: alerts that are durable now, in order.
  void Publish(std::vector<AlertRecord> alerts);

 private:
  AlertFeed(Options options, const Store& store, Encoder encoder,
            const CommitRecord& state);

  void CallWoken();

  struct Waiter {
    uint64_t sequence;
    absl::AnyInvocable<void()> callback;
  };

  const Options options_;
  const Store& store_;
  const std::shared_ptr<const Encoder> encoder_;
  const std::string epoch_;

  mutable Mutex mu_;
  // Consecutive, up to last_sequence_.
  std::deque<std::shared_ptr<const LoggedAlert>> tail_ ABSL_GUARDED_BY(mu_);
  size_t tail_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t last_sequence_ ABSL_GUARDED_BY(mu_);
  uint64_t oldest_sequence_ ABSL_GUARDED_BY(mu_);
  Handle next_handle_ ABSL_GUARDED_BY(mu_) = 1;
  std::map<Handle, Waiter> waiters_ ABSL_GUARDED_BY(mu_);
  // Those that Publish() is about to call, and the one it is calling (0: none).
  std::map<Handle, Waiter> woken_ ABSL_GUARDED_BY(mu_);
  Handle calling_ ABSL_GUARDED_BY(mu_) = 0;
  CondVar called_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_FEED_H_
