// One durable subscription as a machine: which alerts are settled, which are
// due, which consumer has which and until when.
//
// Every alert up to position() was looked at. Of these, the *unsettled* are
// kept here, at most max_outstanding of them; all others are settled: acked,
// given up (dead letters) or not matched by the filter. An unsettled alert is
// one of
//   waiting  due at a time, mostly in the past
//   leased   delivered to a consumer, which has until a deadline to ack
//   held     ordered subscriptions: behind an earlier alert of its key
// A nack, a deadline that passes and a consumer that leaves make a leased alert
// wait again, or, after max_attempts, a dead letter. A dead letter that is
// replayed is unsettled again, beside those of the log, until it is acked.
//
// Deterministic, no I/O, and not thread-safe. Times are of any clock that does
// not go back; they only say how long deadlines and delays are and are not
// saved: what is restored is due at once. changes() numbers the states: a state
// is durable when Durable() was told its number.
#ifndef TOCSIN_PIPELINE_SUBSCRIPTION_STATE_H_
#define TOCSIN_PIPELINE_SUBSCRIPTION_STATE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/records.h"

namespace tocsin {

inline constexpr size_t kMaxDeadLetters = 10'000;

struct SubscriptionLimits {
  absl::Duration ack_deadline = absl::Seconds(10);
  size_t max_outstanding = 1'000;
  int max_attempts = 0;  // 0: never gives up.
  bool ordered = false;
};

class SubscriptionState {
 public:
  using ConsumerId = uint64_t;

  struct Delivery {
    uint64_t sequence = 0;
    int attempt = 0;        // From 1.
    bool replayed = false;  // To be read from the dead letters, not the log.
  };

  // Begins after `position`. Dead letters there are already: `letters`.
  SubscriptionState(const SubscriptionLimits& limits, uint64_t position,
                    uint64_t generation, std::set<uint64_t> letters);
  // As Save() left it; everything unsettled is due. DATA_LOSS if the record is
  // not one of Save().
  static absl::StatusOr<SubscriptionState> Restore(
      const SubscriptionLimits& limits, const CursorRecord& record,
      std::set<uint64_t> letters);
  CursorRecord Save() const;

  // Holds for what is delivered from now on. `ordered` does not change.
  void SetLimits(const SubscriptionLimits& limits);
  // Forgets everything unsettled and goes on after `position`.
  void Seek(uint64_t position, uint64_t generation);
  // Makes a dead letter due, with attempts from 1. False if it is none or is
  // unsettled already.
  bool Replay(uint64_t sequence, uint64_t order_key, absl::Time now);

  // ---- The log

  // Every alert up to here was looked at.
  uint64_t position() const { return position_; }
  // How many more may be offered.
  size_t Room() const;
  // The next alert of the log, which does not match the filter.
  void Skip(uint64_t sequence);
  // The next alert of the log, which does; there must be room. The key counts
  // in ordered subscriptions only.
  void Offer(uint64_t sequence, uint64_t order_key, absl::Time now);

  // ---- Consumers

  // What Deliver() would deliver now; nullopt if nothing is due.
  std::optional<Delivery> Next(absl::Time now) const;
  // How many wait, due or not.
  size_t waiting() const { return waiting_.size(); }
  // Leases Next(), which must be there, to the consumer.
  Delivery Deliver(ConsumerId consumer, absl::Time now);

  // Settles the alert, whoever has it now, and be it a dead letter; nothing if
  // it is settled: either is durable with changes() as it is after. False if it
  // was never delivered.
  bool Acknowledge(uint64_t sequence);
  // Acks everything leased to the consumer up to `sequence`; returns it.
  std::vector<Delivery> AcknowledgeThrough(ConsumerId consumer,
                                           uint64_t sequence);
  // False, and nothing changes, if that delivery's lease is over.
  bool Nack(uint64_t sequence, int attempt, absl::Duration delay,
            absl::Time now);
  bool Extend(uint64_t sequence, int attempt, absl::Duration delay,
              absl::Time now);
  // The consumer's leases end. Unless `failed`, for it said so or the daemon is
  // stopping, they are due before all others and none becomes a dead letter.
  void Leave(ConsumerId consumer, bool failed, absl::Time now);
  // Ends the leases whose deadline has passed.
  void Expire(absl::Time now);

  // ---- What is to be stored

  // Grows with everything that Save() shows.
  uint64_t changes() const { return changes_; }
  // changes() after the last ack, dead letter, replay or seek: what has to be
  // durable soon. The rest, attempts and position, may be lost.
  uint64_t urgent() const { return urgent_; }
  // The state numbered `change` is durable: ordered alerts behind what it
  // settled become due.
  void Durable(uint64_t change);

  // Dead letters made since the last call (with their attempts) and ended
  // (nullopt), to be stored together with Save().
  std::map<uint64_t, std::optional<int>> TakeLetterChanges();
  const std::set<uint64_t>& letters() const { return letters_; }
  bool IsReplaying(uint64_t sequence) const;

  // ---- Figures

  // Every alert of the log up to here is settled.
  uint64_t SettledThrough() const;
  // Unsettled alerts of the log up to `sequence`, and those after position().
  uint64_t UnsettledThrough(uint64_t sequence) const;
  // Delivered and not acked, by all consumers and by one.
  size_t outstanding() const { return outstanding_; }
  size_t LeasedTo(ConsumerId consumer) const;
  uint64_t generation() const { return generation_; }

 private:
  struct Item {
    int attempts = 0;
    bool replayed = false;
    bool held = false;
    bool leased = false;
    ConsumerId consumer = 0;
    absl::Time time;  // Waiting or held: when it is due; leased: the deadline.
    uint64_t order_key = 0;
  };
  using Items = std::map<uint64_t, Item>;

  void Add(uint64_t sequence, Item item);
  void Wait(Items::iterator at, absl::Time due);
  void EndLease(Items::iterator at);
  // A lease ended without an ack.
  void Fail(Items::iterator at, absl::Time due);
  // Takes it out, wherever it is; its key goes on with the change of now.
  void Settle(Items::iterator at);
  void Touch(bool urgent);

  SubscriptionLimits limits_;
  uint64_t position_;
  uint64_t generation_;
  std::set<uint64_t> letters_;

  Items items_;             // Unsettled, by sequence.
  size_t replayed_ = 0;     // Of items_.
  size_t outstanding_ = 0;  // Of items_, with attempts.
  // Sequences of items_ by their time.
  std::set<std::pair<absl::Time, uint64_t>> waiting_;
  std::set<std::pair<absl::Time, uint64_t>> deadlines_;
  absl::flat_hash_map<ConsumerId, std::set<uint64_t>> leases_;
  // Ordered: of each key, the alerts that are held, and how many hold them: one
  // that is not held, and those that are settled until that is durable.
  struct Key {
    std::set<uint64_t> held;
    int holding = 0;
  };
  absl::flat_hash_map<uint64_t, Key> keys_;
  struct Settling {
    uint64_t change;
    uint64_t order_key;
  };
  std::deque<Settling> settling_;

  uint64_t changes_ = 0;
  uint64_t urgent_ = 0;
  std::map<uint64_t, std::optional<int>> letter_changes_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_SUBSCRIPTION_STATE_H_
