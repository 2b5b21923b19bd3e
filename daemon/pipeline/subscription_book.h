// The subscription book: every durable subscription by name, the consumers that
// pull from them, and what makes their acks durable.
//
// Thread-safe. Acks are gathered by a writer thread of its own into synced
// batches, beside those of the sequencer; a consumer is told of an ack when its
// batch is on disk. Attempts and positions are written along, within about a
// second. Another thread wakes consumers: when the log has grown, when
// something became due, when acks are durable. Changes of definitions and
// cursors are durable when their call returns; they go one after another.
//
// When a write has failed every consumer ends with that error. While the disk
// is full or short of space (Store::CheckSpaceForAcks) acks wait, and are
// confirmed when there is space again; changes are refused. No call waits for
// space for more than a second.
#ifndef TOCSIN_PIPELINE_SUBSCRIPTION_BOOK_H_
#define TOCSIN_PIPELINE_SUBSCRIPTION_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "pipeline/alert_feed.h"
#include "pipeline/shared_subscription.h"
#include "storage/store.h"

namespace tocsin {

class PullConsumer;

// A dead letter with the alert as it rang.
struct StoredLetter {
  DeadLetterRecord record;
  bool replaying = false;
};

class SubscriptionBook {
 public:
  struct Options {
    // Makes a matcher of a filter's text; pure. Errors name the field `filter`.
    std::function<absl::StatusOr<AlertMatcher>(const std::string& filter)>
        compile;
    size_t max_subscriptions = 1'000;
  };

  // Reads what is stored. Store and feed are not owned and must outlive it.
  static absl::StatusOr<std::unique_ptr<SubscriptionBook>> Create(
      Options options, Store& store, AlertFeed& feed);

  // Writes what is left. No consumer may be left.
  ~SubscriptionBook();

  SubscriptionBook(const SubscriptionBook&) = delete;
  SubscriptionBook& operator=(const SubscriptionBook&) = delete;

  // ---- Subscriptions. Ids are without `subscriptions/`; NOT_FOUND names one.
  // RESOURCE_EXHAUSTED from a change: there is no space, and nothing was
  // changed; a seek and a replay may still come to pass when there is.

  // Begins after `position`. ALREADY_EXISTS, or RESOURCE_EXHAUSTED if there are
  // too many. The revision is set here.
  absl::StatusOr<SubscriptionInfo> Add(absl::string_view id,
                                       SubscriptionRecord definition,
                                       uint64_t position);
  absl::StatusOr<SubscriptionInfo> Get(absl::string_view id) const;
  // At most `limit` with an id after `after`, by id.
  std::vector<SubscriptionInfo> List(absl::string_view after,
                                     size_t limit) const;
  // Keeps what `change` makes of the definition; filter, order and times stay.
  // ABORTED if `etag` is not empty and not the subscription's.
  absl::StatusOr<SubscriptionInfo> Update(
      absl::string_view id, absl::string_view etag,
      absl::FunctionRef<absl::Status(SubscriptionRecord&)> change);
  // Its consumers end with NOT_FOUND.
  absl::Status Delete(absl::string_view id, absl::string_view etag);
  absl::StatusOr<SubscriptionInfo> Seek(absl::string_view id,
                                        uint64_t position);

  // Dead letters with a sequence above `after`, ascending, at most `limit`.
  absl::StatusOr<std::vector<StoredLetter>> ListLetters(absl::string_view id,
                                                        uint64_t after,
                                                        size_t limit) const;
  // Makes them (all, if empty) due; returns how many were not yet.
  absl::StatusOr<size_t> ReplayLetters(absl::string_view id,
                                       const std::vector<uint64_t>& sequences);

  // ---- Consumers

  // As SharedSubscription::Join. `wake` runs on the book's thread, must be
  // short, and may still run after the consumer is gone.
  absl::StatusOr<std::unique_ptr<PullConsumer>> Join(
      absl::string_view id, size_t max_outstanding, std::function<void()> wake);

  // The time goes on: `now` by a clock that never goes back, which Take() and
  // Apply() use as well; `wall_time` by the calendar. Several times a second.
  void Tick(absl::Time now, absl::Time wall_time);

  // Nothing more is delivered; consumers that have acked what they have end
  // with UNAVAILABLE, the others so long after.
  void Drain(absl::Duration grace);

 private:
  friend class PullConsumer;
  using Entry = std::shared_ptr<SharedSubscription>;

  SubscriptionBook(Options options, Store& store, AlertFeed& feed,
                   uint64_t generation);
  absl::Status Load();

  absl::StatusOr<Entry> Find(absl::string_view id) const;
  // With the etag compared.
  absl::StatusOr<Entry> FindForChange(absl::string_view id,
                                      absl::string_view etag) const;
  std::vector<Entry> All() const;
  // Sees to what a call of `entry` asked for.
  void Follow(const Entry& entry, SharedSubscription::Signals signals);
  void Wake(const Entry& entry);

  // Rows, and the changes of states that are durable with them.
  struct StateWrite {
    StoreBatch batch;
    std::vector<Entry> entries;
    std::vector<uint64_t> changes;
  };
  // What becomes of a write that there is no space for.
  enum class IfFull { kForget, kKeep };

  // RESOURCE_EXHAUSTED if a write waits for space: no other may overtake it.
  absl::Status CheckNothingWaits() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mu_);
  // Writes `batch` and the states of `entries`, synced. RESOURCE_EXHAUSTED if
  // there is no space: then it is kept, to be written when there is, or
  // forgotten, which a state that is known must never be.
  absl::Status WriteStates(StoreBatch batch, const std::vector<Entry>& entries,
                           IfFull if_full)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mu_);
  absl::Status TryToWrite(StateWrite& write)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mu_);
  void Fail(const absl::Status& why);

  void RunWriter();
  // False if there is no space.
  bool WriteWaiting();
  bool WriteUnwritten();
  void RunWaker();

  const Options options_;
  Store& store_;
  AlertFeed& feed_;

  // Held over every write, so that states reach the disk in their order; taken
  // before mu_, which is taken before the locks of entries.
  Mutex write_mu_;
  uint64_t generation_ ABSL_GUARDED_BY(write_mu_);
  std::optional<StateWrite> waiting_ ABSL_GUARDED_BY(write_mu_);

  mutable Mutex mu_;
  CondVar to_write_;
  CondVar to_wake_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mu_);
  std::set<Entry> unwritten_ ABSL_GUARDED_BY(mu_);
  bool has_waiting_ ABSL_GUARDED_BY(mu_) = false;  // Whether waiting_ is set.
  std::set<Entry> stirred_ ABSL_GUARDED_BY(mu_);
  bool grown_ ABSL_GUARDED_BY(mu_) = false;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status failure_ ABSL_GUARDED_BY(mu_);
  absl::Time now_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
  absl::Time wall_time_ ABSL_GUARDED_BY(mu_) = absl::UnixEpoch();
  absl::Time last_sweep_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();

  std::thread writer_;  // Last: they use all of the above.
  std::thread waker_;
};

// One consumer of a subscription. Thread-safe. Leaves when it is destroyed:
// what it did not ack is due for others.
class PullConsumer {
 public:
  ~PullConsumer();
  PullConsumer(const PullConsumer&) = delete;
  PullConsumer& operator=(const PullConsumer&) = delete;

  void Apply(absl::Span<const PullVerdict> verdicts, uint64_t ack_through,
             absl::Time now);
  PullBatch Take(absl::Time now);
  // It has said all; Take() brings the end when that is durable.
  void Close(absl::Time now);
  size_t AnswersWaiting() const;

 private:
  friend class SubscriptionBook;
  PullConsumer(SubscriptionBook& book, SubscriptionBook::Entry entry,
               SharedSubscription::ConsumerId id);

  SubscriptionBook& book_;
  const SubscriptionBook::Entry entry_;
  const SharedSubscription::ConsumerId id_;
};

// Changes with every update, and only then. Stable over restarts.
std::string SubscriptionEtag(absl::string_view id,
                             const SubscriptionRecord& definition);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_SUBSCRIPTION_BOOK_H_
