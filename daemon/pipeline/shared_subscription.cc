#include "pipeline/shared_subscription.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/failpoint.h"
#include "base/status_macros.h"
#include "pipeline/ack_id.h"
#include "pipeline/alert_record.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

constexpr size_t kReadBlock = 64;
// Blocks that one Take() reads at most, where the filter matches little.
constexpr int kBlocksPerTake = 16;
// Far below gRPC's usual limit of 4 MiB for a message.
constexpr size_t kMaxBatchBytes = 1 << 20;
constexpr size_t kMaxIdsPerBatch = 4096;

// Moves up to `count` from the front of `from`.
std::vector<std::string> TakeFront(std::deque<std::string>& from,
                                   size_t count) {
  const auto end =
      from.begin() + static_cast<ptrdiff_t>(std::min(count, from.size()));
  std::vector<std::string> taken(std::make_move_iterator(from.begin()),
                                 std::make_move_iterator(end));
  from.erase(from.begin(), end);
  return taken;
}

}  // namespace

SharedSubscription::SharedSubscription(const Store& store,
                                       const AlertFeed& feed, std::string id,
                                       SubscriptionRecord definition,
                                       absl::StatusOr<AlertMatcher> matcher,
                                       SubscriptionState state)
    : store_(store),
      feed_(feed),
      id_(std::move(id)),
      ack_scope_(AckScope(store.epoch(), id_)),
      matcher_(std::move(matcher)),
      definition_(std::move(definition)),
      state_(std::move(state)) {}

// ---- Definition and figures

SubscriptionLimits LimitsOf(const SubscriptionRecord& definition) {
  SubscriptionLimits limits;
  limits.ack_deadline = absl::Microseconds(definition.ack_deadline());
  limits.max_outstanding = static_cast<size_t>(definition.max_outstanding());
  limits.max_attempts = definition.max_attempts();
  limits.ordered = definition.ordered();
  return limits;
}

SubscriptionRecord SharedSubscription::definition() const {
  MutexLock lock(mu_);
  return definition_;
}

void SharedSubscription::SetDefinition(const SubscriptionRecord& definition) {
  MutexLock lock(mu_);
  definition_ = definition;
  state_.SetLimits(LimitsOf(definition));
}

SubscriptionInfo SharedSubscription::Info() const {
  MutexLock lock(mu_);
  SubscriptionInfo info;
  info.id = id_;
  info.definition = definition_;
  info.settled_through = state_.SettledThrough();
  const uint64_t last = feed_.last_sequence();
  info.lag = last - std::min(last, info.settled_through);
  info.outstanding = state_.outstanding();
  info.dead_letters = state_.letters().size();
  info.consumers = consumers_.size();
  info.missed = Missed();
  return info;
}

uint64_t SharedSubscription::Missed() const {
  const uint64_t oldest = feed_.oldest_sequence();
  if (state_.SettledThrough() + 1 >= oldest) return 0;
  return state_.UnsettledThrough(oldest - 1);
}

// ---- Consumers

absl::StatusOr<SharedSubscription::ConsumerId> SharedSubscription::Join(
    size_t max_outstanding, std::function<void()> wake) {
  if (!matcher_.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the filter of subscription `", id_,
                     "` is not right any more: ", matcher_.status().message()));
  }
  MutexLock lock(mu_);
  if (end_.has_value()) return *end_;
  if (draining_) return absl::UnavailableError("the daemon is stopping");
  if (consumers_.size() >= kMaxConsumersPerSubscription) {
    return absl::ResourceExhaustedError(
        absl::StrCat("subscription `", id_, "` has ",
                     kMaxConsumersPerSubscription, " consumers already"));
  }
  Consumer consumer;
  consumer.max_outstanding = max_outstanding;
  consumer.wake = std::move(wake);
  const ConsumerId id = next_consumer_++;
  consumers_.emplace(id, std::move(consumer));
  return id;
}

SharedSubscription::Signals SharedSubscription::AfterChange() {
  return {state_.urgent() > written_,
          std::any_of(consumers_.begin(), consumers_.end(),
                      [](const auto& it) { return it.second.waiting; })};
}

SharedSubscription::Signals SharedSubscription::Leave(ConsumerId consumer) {
  MutexLock lock(mu_);
  state_.Leave(consumer, /*failed=*/!draining_, now_);
  consumers_.erase(consumer);
  return AfterChange();
}

SharedSubscription::Signals SharedSubscription::Close(ConsumerId consumer,
                                                      absl::Time now) {
  MutexLock lock(mu_);
  now_ = std::max(now_, now);
  consumers_.at(consumer).closed = true;
  state_.Leave(consumer, /*failed=*/false, now_);
  return AfterChange();
}

void SharedSubscription::Answer(Consumer& consumer, std::string ack_id) {
  if (state_.urgent() <= durable_) {
    consumer.confirmed.push_back(std::move(ack_id));
  } else {
    consumer.pending.push_back({state_.urgent(), std::move(ack_id)});
  }
}

void SharedSubscription::Judge(Consumer& consumer, const PullVerdict& verdict,
                               absl::Time now) {
  const std::optional<AckId> id = DecodeAckId(ack_scope_, verdict.ack_id);
  bool good = id.has_value() && id->generation == state_.generation();
  if (good) {
    switch (verdict.kind) {
      case PullVerdict::Kind::kAck:
        if (TOCSIN_BROKEN("pull.forget_ack")) {
          consumer.confirmed.push_back(verdict.ack_id);
          break;
        }
        good = state_.Acknowledge(id->sequence);
        if (good) Answer(consumer, verdict.ack_id);
        break;
      case PullVerdict::Kind::kNack:
        good = state_.Nack(id->sequence, id->attempt,
                           verdict.delay.value_or(absl::ZeroDuration()), now);
        break;
      case PullVerdict::Kind::kExtend:
        good = state_.Extend(
            id->sequence, id->attempt,
            verdict.delay.value_or(LimitsOf(definition_).ack_deadline), now);
        break;
    }
  }
  if (!good) consumer.ignored.push_back(verdict.ack_id);
}

SharedSubscription::Signals SharedSubscription::Apply(
    ConsumerId id, absl::Span<const PullVerdict> verdicts, uint64_t ack_through,
    absl::Time now) {
  MutexLock lock(mu_);
  now_ = std::max(now_, now);
  state_.Expire(now_);
  Consumer& consumer = consumers_.at(id);
  for (const PullVerdict& verdict : verdicts) Judge(consumer, verdict, now_);
  if (ack_through > 0) {
    for (const SubscriptionState::Delivery& acked :
         state_.AcknowledgeThrough(id, ack_through)) {
      Answer(consumer,
             EncodeAckId(ack_scope_,
                         {state_.generation(), acked.sequence, acked.attempt}));
    }
  }
  return AfterChange();
}

size_t SharedSubscription::AnswersWaiting(ConsumerId consumer) const {
  MutexLock lock(mu_);
  const Consumer& at = consumers_.at(consumer);
  return at.pending.size() + at.confirmed.size() + at.ignored.size();
}

std::optional<absl::Status> SharedSubscription::EndOf(ConsumerId id,
                                                      const Consumer& consumer,
                                                      absl::Time now) {
  if (end_.has_value()) return *end_;
  if (!consumer.confirmed.empty() || !consumer.ignored.empty()) {
    return std::nullopt;
  }
  const bool late = draining_ && now >= drain_until_;
  if (!consumer.pending.empty() && !late) return std::nullopt;
  if (consumer.closed) return absl::OkStatus();
  if (draining_ && (late || state_.LeasedTo(id) == 0)) {
    return absl::UnavailableError(
        "the daemon is stopping; what was not acked comes again");
  }
  if (const uint64_t missed = Missed(); missed > 0) {
    return absl::OutOfRangeError(absl::StrCat(
        missed, missed == 1 ? " alert" : " alerts", " of subscription `", id_,
        "` are no longer kept: seek to go on"));
  }
  return std::nullopt;
}

PullBatch SharedSubscription::Take(ConsumerId id, absl::Time now) {
  PullBatch batch;
  MutexLock lock(mu_);
  now_ = std::max(now_, now);
  state_.Expire(now_);
  Consumer& consumer = consumers_.at(id);
  batch.confirmed = TakeFront(consumer.confirmed, kMaxIdsPerBatch);
  batch.ignored = TakeFront(consumer.ignored, kMaxIdsPerBatch);
  batch.end = EndOf(id, consumer, now_);
  if (batch.end.has_value()) {
    if (absl::IsOutOfRange(*batch.end)) batch.missed = Missed();
    return batch;
  }
  if (!draining_ && !consumer.closed && Missed() == 0) {
    const absl::Status status = Deliver(id, consumer, now_, batch);
    if (!status.ok()) batch.end = status;
  }
  consumer.waiting = batch.empty() && !batch.more && !batch.end.has_value();
  return batch;
}

absl::Status SharedSubscription::Deliver(ConsumerId id, Consumer& consumer,
                                         absl::Time now, PullBatch& batch) {
  size_t bytes = 0;
  int blocks = 0;
  bool log_ends = false;
  size_t most = static_cast<size_t>(definition_.max_outstanding());
  if (consumer.max_outstanding > 0) {
    most = std::min(most, consumer.max_outstanding);
  }
  const auto has_room = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return batch.deliveries.size() < kMaxDeliveriesPerBatch &&
           state_.LeasedTo(id) + consumer.pending.size() < most;
  };
  while (has_room()) {
    // Reading on while few wait lets new alerts get in line before one that is
    // nacked again and again.
    if (!log_ends && blocks < kBlocksPerTake &&
        (!state_.Next(now).has_value() ||
         state_.waiting() < kMaxDeliveriesPerBatch)) {
      ++blocks;
      TOCSIN_ASSIGN_OR_RETURN(const bool go_on, ReadOn(now));
      log_ends = !go_on;
      continue;
    }
    const std::optional<SubscriptionState::Delivery> next = state_.Next(now);
    if (!next.has_value()) break;
    TOCSIN_ASSIGN_OR_RETURN(std::shared_ptr<const LoggedAlert> alert,
                            Load(*next));
    if (!batch.deliveries.empty() &&
        bytes + alert->encoded().size() > kMaxBatchBytes) {
      break;
    }
    bytes += alert->encoded().size();
    state_.Deliver(id, now);
    batch.deliveries.push_back(
        {EncodeAckId(ack_scope_,
                     {state_.generation(), next->sequence, next->attempt}),
         next->attempt, std::move(alert)});
  }
  batch.more = has_room() && !log_ends;
  return absl::OkStatus();
}

absl::StatusOr<bool> SharedSubscription::ReadOn(absl::Time now) {
  if (state_.Room() == 0) return false;
  TOCSIN_ASSIGN_OR_RETURN(const auto alerts,
                          feed_.Read(state_.position(), kReadBlock));
  for (const std::shared_ptr<const LoggedAlert>& alert : alerts) {
    if (!(*matcher_)(alert->record) || TOCSIN_BROKEN("pull.skip")) {
      state_.Skip(alert->sequence());
      continue;
    }
    if (state_.Room() == 0) return false;
    state_.Offer(alert->sequence(), OrderKeyOf(alert->record), now);
  }
  return alerts.size() == kReadBlock;
}

absl::StatusOr<std::shared_ptr<const LoggedAlert>> SharedSubscription::Load(
    const SubscriptionState::Delivery& delivery) const {
  if (!delivery.replayed) {
    TOCSIN_ASSIGN_OR_RETURN(auto alerts, feed_.Read(delivery.sequence - 1, 1));
    if (alerts.size() == 1 && alerts[0]->sequence() == delivery.sequence) {
      return std::move(alerts[0]);
    }
  } else {
    TOCSIN_ASSIGN_OR_RETURN(
        const std::optional<std::string> row,
        store_.Get(Family::kLetters, LetterKey(id_, delivery.sequence)));
    DeadLetterRecord letter;
    if (row.has_value() && letter.ParseFromString(*row)) {
      return feed_.Encode(std::move(*letter.mutable_alert()));
    }
  }
  return absl::DataLossError(absl::StrCat("alert ", delivery.sequence,
                                          " of subscription `", id_,
                                          "` cannot be read"));
}

std::vector<std::function<void()>> SharedSubscription::TakeWakes() {
  std::vector<std::function<void()>> wakes;
  MutexLock lock(mu_);
  for (auto& [id, consumer] : consumers_) {
    if (!consumer.waiting) continue;
    consumer.waiting = false;
    wakes.push_back(consumer.wake);
  }
  return wakes;
}

// ---- For the book

SharedSubscription::Signals SharedSubscription::Tick(absl::Time now) {
  MutexLock lock(mu_);
  now_ = std::max(now_, now);
  state_.Expire(now_);
  Signals signals = AfterChange();
  signals.wake &= draining_ || state_.Next(now_).has_value() || Missed() > 0;
  return signals;
}

void SharedSubscription::Drain(absl::Time until) {
  MutexLock lock(mu_);
  draining_ = true;
  drain_until_ = until;
}

void SharedSubscription::End(const absl::Status& why) {
  MutexLock lock(mu_);
  if (!end_.has_value()) end_ = why;
}

absl::StatusOr<uint64_t> SharedSubscription::AddTo(StoreBatch& batch,
                                                   absl::Time wall_time) {
  MutexLock lock(mu_);
  std::string buffer;
  batch.Put(Family::kCursors, id_, Serialize(state_.Save(), buffer));
  for (const auto& [sequence, attempts] : state_.TakeLetterChanges()) {
    const std::string key = LetterKey(id_, sequence);
    if (!attempts.has_value()) {
      batch.Delete(Family::kLetters, key);
      continue;
    }
    DeadLetterRecord letter;
    TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> before,
                            store_.Get(Family::kLetters, key));
    if (!before.has_value() || !letter.ParseFromString(*before)) {
      // Deleted by retention just now: what is known of it.
      letter.mutable_alert()->set_sequence(sequence);
      if (sequence >= feed_.oldest_sequence()) {
        TOCSIN_ASSIGN_OR_RETURN(const auto alerts, feed_.Read(sequence - 1, 1));
        if (!alerts.empty()) *letter.mutable_alert() = alerts[0]->record;
      }
    }
    letter.set_attempts(*attempts);
    letter.set_create_time(ToMicros(wall_time));
    batch.Put(Family::kLetters, key, Serialize(letter, buffer));
  }
  written_ = state_.changes();
  return written_;
}

void SharedSubscription::Durable(uint64_t change) {
  MutexLock lock(mu_);
  durable_ = std::max(durable_, change);
  state_.Durable(change);
  for (auto& [id, consumer] : consumers_) {
    for (;
         !consumer.pending.empty() && consumer.pending.front().change <= change;
         consumer.pending.pop_front()) {
      consumer.confirmed.push_back(std::move(consumer.pending.front().ack_id));
    }
  }
}

bool SharedSubscription::HasUnwritten() const {
  MutexLock lock(mu_);
  return state_.changes() > written_;
}

void SharedSubscription::Seek(uint64_t position, uint64_t generation) {
  MutexLock lock(mu_);
  state_.Seek(position, generation);
}

absl::StatusOr<size_t> SharedSubscription::Replay(
    const std::vector<uint64_t>& sequences) {
  MutexLock lock(mu_);
  std::vector<uint64_t> chosen = sequences;
  if (chosen.empty()) {
    chosen.assign(state_.letters().begin(), state_.letters().end());
  }
  std::map<uint64_t, uint64_t> keys;
  for (const uint64_t sequence : chosen) {
    TOCSIN_ASSIGN_OR_RETURN(
        const std::optional<std::string> row,
        store_.Get(Family::kLetters, LetterKey(id_, sequence)));
    DeadLetterRecord letter;
    if (state_.letters().count(sequence) == 0 || !row.has_value() ||
        !letter.ParseFromString(*row)) {
      return absl::NotFoundError(absl::StrCat(
          "alert ", sequence, " is not a dead letter of `", id_, "`"));
    }
    keys[sequence] = OrderKeyOf(letter.alert());
  }
  size_t count = 0;
  for (const auto& [sequence, key] : keys) {
    count += state_.Replay(sequence, key, now_);
  }
  return count;
}

bool SharedSubscription::IsReplaying(uint64_t sequence) const {
  MutexLock lock(mu_);
  return state_.IsReplaying(sequence);
}

}  // namespace tocsin
