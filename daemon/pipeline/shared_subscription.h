// One subscription at work: its state, the log it reads, and the consumers that
// share it.
//
// Thread-safe; a call may read the store. The book (subscription_book.h) owns
// it and sees to what it asks for: after a call that says `write`, that its
// state is written; after one that says `wake`, that its waiting consumers are
// woken.
#ifndef TOCSIN_PIPELINE_SHARED_SUBSCRIPTION_H_
#define TOCSIN_PIPELINE_SHARED_SUBSCRIPTION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/mutex.h"
#include "pipeline/alert_feed.h"
#include "pipeline/subscription_state.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

inline constexpr size_t kMaxConsumersPerSubscription = 256;
inline constexpr size_t kMaxDeliveriesPerBatch = 64;

using AlertMatcher = std::function<bool(const AlertRecord&)>;

SubscriptionLimits LimitsOf(const SubscriptionRecord& definition);

// A subscription as its users see it.
struct SubscriptionInfo {
  std::string id;
  SubscriptionRecord definition;
  uint64_t settled_through = 0;
  uint64_t lag = 0;
  size_t outstanding = 0;
  size_t dead_letters = 0;
  size_t consumers = 0;
  uint64_t missed = 0;  // Lost to retention.
};

// What a consumer says about a delivery.
struct PullVerdict {
  enum class Kind : uint8_t { kAck, kNack, kExtend };
  Kind kind = Kind::kAck;
  std::string ack_id;
  // Nack: 0 if unset; extend: the subscription's deadline.
  std::optional<absl::Duration> delay;
};

struct PullDelivery {
  std::string ack_id;
  int attempt = 1;
  std::shared_ptr<const LoggedAlert> alert;
};

// What a consumer is to be sent next.
struct PullBatch {
  std::vector<PullDelivery> deliveries;
  std::vector<std::string> confirmed;  // Ack ids.
  std::vector<std::string> ignored;
  // Nothing was found, but not everything was looked at: take again.
  bool more = false;
  // The consumer's end, after the rest of this batch.
  std::optional<absl::Status> end;
  // Not 0: that is why. So many alerts were lost to retention.
  uint64_t missed = 0;

  bool empty() const {
    return deliveries.empty() && confirmed.empty() && ignored.empty();
  }
};

class SharedSubscription {
 public:
  using ConsumerId = SubscriptionState::ConsumerId;

  struct Signals {
    bool write = false;
    bool wake = false;
  };

  // Store and feed are not owned. A filter that does not compile any more
  // (`matcher` is an error) only keeps consumers away.
  SharedSubscription(const Store& store, const AlertFeed& feed, std::string id,
                     SubscriptionRecord definition,
                     absl::StatusOr<AlertMatcher> matcher,
                     SubscriptionState state);

  const std::string& id() const { return id_; }
  SubscriptionInfo Info() const;
  SubscriptionRecord definition() const;
  void SetDefinition(const SubscriptionRecord& definition);

  // ---- Consumers

  // `max_outstanding` of its own; 0: as many as the subscription has. `wake` is
  // called (by way of TakeWakes) when a Take() may find more than the last one,
  // which found nothing. RESOURCE_EXHAUSTED if there are too many consumers.
  absl::StatusOr<ConsumerId> Join(size_t max_outstanding,
                                  std::function<void()> wake);
  // What it has and did not ack is due for others.
  Signals Leave(ConsumerId consumer);
  // It will say nothing more: its end is OK, after its acks are confirmed.
  Signals Close(ConsumerId consumer, absl::Time now);
  // `ack_through` 0: nothing.
  Signals Apply(ConsumerId consumer, absl::Span<const PullVerdict> verdicts,
                uint64_t ack_through, absl::Time now);
  PullBatch Take(ConsumerId consumer, absl::Time now);
  // Of what was said and not yet taken, for bounds: the ids of both answers.
  size_t AnswersWaiting(ConsumerId consumer) const;

  // The callbacks of those whose last Take() found nothing.
  std::vector<std::function<void()>> TakeWakes();

  // ---- For the book

  Signals Tick(absl::Time now);
  // Delivers nothing more; consumers end when they have acked what they have,
  // or at `until` at the latest.
  void Drain(absl::Time until);
  // Every consumer ends with `why`, now.
  void End(const absl::Status& why);

  // Adds what is to be stored to the batch. Returns the change to give to
  // Durable() when it is.
  absl::StatusOr<uint64_t> AddTo(StoreBatch& batch, absl::Time wall_time);
  void Durable(uint64_t change);
  // Whether attempts or the position have moved since the last AddTo().
  bool HasUnwritten() const;

  void Seek(uint64_t position, uint64_t generation);
  // How many of the dead letters became due. NOT_FOUND names the first that is
  // none; then nothing happens. Empty: all. They must have been written.
  absl::StatusOr<size_t> Replay(const std::vector<uint64_t>& sequences);
  bool IsReplaying(uint64_t sequence) const;

 private:
  struct Pending {
    uint64_t change;
    std::string ack_id;
  };
  struct Consumer {
    size_t max_outstanding = 0;  // 0: as the subscription.
    std::function<void()> wake;
    bool waiting = false;
    bool closed = false;
    std::deque<Pending> pending;  // Acks that are not durable yet.
    std::deque<std::string> confirmed;
    std::deque<std::string> ignored;
  };

  Signals AfterChange() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Judge(Consumer& consumer, const PullVerdict& verdict, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Answer(Consumer& consumer, std::string ack_id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::optional<absl::Status> EndOf(ConsumerId id, const Consumer& consumer,
                                    absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Deliver(ConsumerId id, Consumer& consumer, absl::Time now,
                       PullBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Offers the next alerts of the log; false if it ends there or nothing has
  // room.
  absl::StatusOr<bool> ReadOn(absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<std::shared_ptr<const LoggedAlert>> Load(
      const SubscriptionState::Delivery& delivery) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  uint64_t Missed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Store& store_;
  const AlertFeed& feed_;
  const std::string id_;
  const uint64_t ack_scope_;
  const absl::StatusOr<AlertMatcher> matcher_;

  mutable Mutex mu_;
  SubscriptionRecord definition_ ABSL_GUARDED_BY(mu_);
  SubscriptionState state_ ABSL_GUARDED_BY(mu_);
  std::map<ConsumerId, Consumer> consumers_ ABSL_GUARDED_BY(mu_);
  ConsumerId next_consumer_ ABSL_GUARDED_BY(mu_) = 1;
  absl::Time now_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
  uint64_t written_ ABSL_GUARDED_BY(mu_) = 0;  // Change of the last AddTo().
  uint64_t durable_ ABSL_GUARDED_BY(mu_) = 0;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  absl::Time drain_until_ ABSL_GUARDED_BY(mu_) = absl::InfiniteFuture();
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_SHARED_SUBSCRIPTION_H_
