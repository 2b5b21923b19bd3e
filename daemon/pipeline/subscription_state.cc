#include "pipeline/subscription_state.h"

#include <algorithm>

namespace tocsin {
namespace {

absl::Status NoRecord() {
  return absl::DataLossError("the stored cursor of a subscription is damaged");
}

}  // namespace

SubscriptionState::SubscriptionState(const SubscriptionLimits& limits,
                                     uint64_t position, uint64_t generation,
                                     std::set<uint64_t> letters)
    : limits_(limits),
      position_(position),
      generation_(generation),
      letters_(std::move(letters)) {}

// ---- Saving

CursorRecord SubscriptionState::Save() const {
  CursorRecord record;
  record.set_position(position_);
  record.set_generation(generation_);
  for (const bool replayed : {false, true}) {
    uint64_t before = 0;
    for (const auto& [sequence, item] : items_) {
      if (item.replayed != replayed) continue;
      if (replayed) {
        record.add_replayed(sequence - before);
        record.add_replay_attempts(static_cast<uint32_t>(item.attempts));
      } else {
        record.add_unsettled(sequence - before);
        record.add_attempts(static_cast<uint32_t>(item.attempts));
      }
      if (limits_.ordered) record.add_order_keys(item.order_key);
      before = sequence;
    }
  }
  return record;
}

absl::StatusOr<SubscriptionState> SubscriptionState::Restore(
    const SubscriptionLimits& limits, const CursorRecord& record,
    std::set<uint64_t> letters) {
  SubscriptionState state(limits, record.position(), record.generation(),
                          std::move(letters));
  const int unsettled = record.unsettled_size();
  const int replayed = record.replayed_size();
  const int keys = limits.ordered ? unsettled + replayed : 0;
  if (record.attempts_size() != unsettled ||
      record.replay_attempts_size() != replayed ||
      record.order_keys_size() != keys) {
    return NoRecord();
  }
  uint64_t sequence = 0;
  for (int i = 0; i < unsettled + replayed; ++i) {
    if (i == unsettled) sequence = 0;
    const bool replay = i >= unsettled;
    const uint64_t step =
        replay ? record.replayed(i - unsettled) : record.unsettled(i);
    sequence += step;
    if (step == 0 || (!replay && sequence > record.position()) ||
        (replay && state.letters_.count(sequence) == 0) ||
        state.items_.count(sequence) > 0) {
      return NoRecord();
    }
    Item item;
    item.replayed = replay;
    item.attempts = static_cast<int>(std::min<uint32_t>(
        replay ? record.replay_attempts(i - unsettled) : record.attempts(i),
        INT32_MAX - 1));
    if (limits.ordered) item.order_key = record.order_keys(i);
    item.time = absl::InfinitePast();
    state.Add(sequence, item);
  }
  return state;
}

void SubscriptionState::Touch(bool urgent) {
  ++changes_;
  if (urgent) urgent_ = changes_;
}

// ---- Where alerts come from

void SubscriptionState::SetLimits(const SubscriptionLimits& limits) {
  const bool ordered = limits_.ordered;
  limits_ = limits;
  limits_.ordered = ordered;
}

void SubscriptionState::Seek(uint64_t position, uint64_t generation) {
  position_ = position;
  generation_ = generation;
  items_.clear();
  replayed_ = outstanding_ = 0;
  waiting_.clear();
  deadlines_.clear();
  leases_.clear();
  keys_.clear();
  settling_.clear();
  Touch(/*urgent=*/true);
}

bool SubscriptionState::Replay(uint64_t sequence, uint64_t order_key,
                               absl::Time now) {
  if (letters_.count(sequence) == 0 || items_.count(sequence) > 0) return false;
  Item item;
  item.replayed = true;
  item.order_key = order_key;
  item.time = now;
  Add(sequence, item);
  Touch(/*urgent=*/true);
  return true;
}

size_t SubscriptionState::Room() const {
  const size_t most = limits_.max_outstanding;
  return items_.size() >= most ? 0 : most - items_.size();
}

void SubscriptionState::Skip(uint64_t sequence) {
  position_ = sequence;
  Touch(/*urgent=*/false);
}

void SubscriptionState::Offer(uint64_t sequence, uint64_t order_key,
                              absl::Time now) {
  position_ = sequence;
  Touch(/*urgent=*/false);
  // After a seek back: it is due already, as a dead letter being replayed.
  if (items_.count(sequence) > 0) return;
  Item item;
  item.order_key = order_key;
  item.time = now;
  Add(sequence, item);
}

void SubscriptionState::Add(uint64_t sequence, Item item) {
  if (limits_.ordered) {
    Key& key = keys_[item.order_key];
    item.held = key.holding > 0;
    if (item.held) {
      key.held.insert(sequence);
    } else {
      ++key.holding;
    }
  }
  replayed_ += item.replayed;
  outstanding_ += item.attempts > 0;
  if (!item.held) waiting_.emplace(item.time, sequence);
  items_.emplace(sequence, item);
}

// ---- Deliveries

std::optional<SubscriptionState::Delivery> SubscriptionState::Next(
    absl::Time now) const {
  if (waiting_.empty() || waiting_.begin()->first > now) return std::nullopt;
  const uint64_t sequence = waiting_.begin()->second;
  const Item& item = items_.at(sequence);
  return Delivery{sequence, item.attempts + 1, item.replayed};
}

SubscriptionState::Delivery SubscriptionState::Deliver(ConsumerId consumer,
                                                       absl::Time now) {
  const uint64_t sequence = waiting_.begin()->second;
  waiting_.erase(waiting_.begin());
  Item& item = items_.at(sequence);
  outstanding_ += item.attempts == 0;
  ++item.attempts;
  item.leased = true;
  item.consumer = consumer;
  item.time = now + limits_.ack_deadline;
  deadlines_.emplace(item.time, sequence);
  leases_[consumer].insert(sequence);
  Touch(/*urgent=*/false);
  return Delivery{sequence, item.attempts, item.replayed};
}

size_t SubscriptionState::LeasedTo(ConsumerId consumer) const {
  const auto found = leases_.find(consumer);
  return found == leases_.end() ? 0 : found->second.size();
}

// ---- Ends of leases

void SubscriptionState::EndLease(Items::iterator at) {
  Item& item = at->second;
  if (!item.leased) return;
  deadlines_.erase({item.time, at->first});
  const auto leases = leases_.find(item.consumer);
  leases->second.erase(at->first);
  if (leases->second.empty()) leases_.erase(leases);
  item.leased = false;
  item.consumer = 0;
}

void SubscriptionState::Wait(Items::iterator at, absl::Time due) {
  EndLease(at);
  at->second.time = due;
  waiting_.emplace(due, at->first);
}

void SubscriptionState::Fail(Items::iterator at, absl::Time due) {
  const auto [sequence, item] = *at;
  const bool exhausted =
      limits_.max_attempts > 0 && item.attempts >= limits_.max_attempts;
  if (!exhausted ||
      (letters_.size() >= kMaxDeadLetters && letters_.count(sequence) == 0)) {
    return Wait(at, due);
  }
  Touch(/*urgent=*/true);
  Settle(at);
  letters_.insert(sequence);
  letter_changes_[sequence] = item.attempts;
}

void SubscriptionState::Settle(Items::iterator at) {
  EndLease(at);
  const auto [sequence, item] = *at;
  if (!item.held) waiting_.erase({item.time, sequence});
  if (limits_.ordered) {
    Key& key = keys_[item.order_key];
    if (item.held) {
      key.held.erase(sequence);
      ++key.holding;
    }
    settling_.push_back({changes_, item.order_key});
  }
  replayed_ -= item.replayed;
  outstanding_ -= item.attempts > 0;
  items_.erase(at);
}

void SubscriptionState::Durable(uint64_t change) {
  for (; !settling_.empty() && settling_.front().change <= change;
       settling_.pop_front()) {
    const auto found = keys_.find(settling_.front().order_key);
    Key& key = found->second;
    if (--key.holding > 0) continue;
    if (key.held.empty()) {
      keys_.erase(found);
      continue;
    }
    const uint64_t next = *key.held.begin();
    key.held.erase(key.held.begin());
    key.holding = 1;
    Item& item = items_.at(next);
    item.held = false;
    waiting_.emplace(item.time, next);
  }
}

bool SubscriptionState::Acknowledge(uint64_t sequence) {
  const auto at = items_.find(sequence);
  const bool letter = letters_.erase(sequence) > 0;
  if (at == items_.end() && !letter) return sequence <= position_;
  Touch(/*urgent=*/true);
  if (letter) letter_changes_[sequence] = std::nullopt;
  if (at != items_.end()) Settle(at);
  return true;
}

std::vector<SubscriptionState::Delivery> SubscriptionState::AcknowledgeThrough(
    ConsumerId consumer, uint64_t sequence) {
  std::vector<Delivery> acked;
  const auto leases = leases_.find(consumer);
  if (leases == leases_.end()) return acked;
  for (const uint64_t leased : leases->second) {
    if (leased > sequence) break;
    const Item& item = items_.at(leased);
    acked.push_back({leased, item.attempts, item.replayed});
  }
  for (const Delivery& delivery : acked) Acknowledge(delivery.sequence);
  return acked;
}

bool SubscriptionState::Nack(uint64_t sequence, int attempt,
                             absl::Duration delay, absl::Time now) {
  const auto at = items_.find(sequence);
  if (at == items_.end() || !at->second.leased ||
      at->second.attempts != attempt) {
    return false;
  }
  Fail(at, now + delay);
  return true;
}

bool SubscriptionState::Extend(uint64_t sequence, int attempt,
                               absl::Duration delay, absl::Time now) {
  const auto at = items_.find(sequence);
  if (at == items_.end() || !at->second.leased ||
      at->second.attempts != attempt) {
    return false;
  }
  deadlines_.erase({at->second.time, sequence});
  at->second.time = now + delay;
  deadlines_.emplace(at->second.time, sequence);
  return true;
}

void SubscriptionState::Leave(ConsumerId consumer, bool failed,
                              absl::Time now) {
  const auto leases = leases_.find(consumer);
  if (leases == leases_.end()) return;
  const std::set<uint64_t> leased = leases->second;
  for (const uint64_t sequence : leased) {
    const auto at = items_.find(sequence);
    if (failed) {
      Fail(at, now);
    } else {
      Wait(at, absl::InfinitePast());
    }
  }
}

void SubscriptionState::Expire(absl::Time now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    Fail(items_.find(deadlines_.begin()->second), now);
  }
}

// ---- Dead letters and figures

std::map<uint64_t, std::optional<int>> SubscriptionState::TakeLetterChanges() {
  return std::exchange(letter_changes_, {});
}

bool SubscriptionState::IsReplaying(uint64_t sequence) const {
  const auto at = items_.find(sequence);
  return at != items_.end() && at->second.replayed;
}

uint64_t SubscriptionState::SettledThrough() const {
  if (replayed_ == items_.size()) return position_;
  for (const auto& [sequence, item] : items_) {
    if (!item.replayed) return sequence - 1;
  }
  return position_;
}

uint64_t SubscriptionState::UnsettledThrough(uint64_t sequence) const {
  uint64_t count = sequence > position_ ? sequence - position_ : 0;
  for (auto at = items_.begin(); at != items_.end() && at->first <= sequence;
       ++at) {
    count += !at->second.replayed;
  }
  return count;
}

}  // namespace tocsin
