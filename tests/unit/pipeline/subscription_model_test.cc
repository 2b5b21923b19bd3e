// SubscriptionState beside a model that keeps one list and looks through all of
// it: after each of many random operations both must say the same.
#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <random>

#include "gtest/gtest.h"
#include "pipeline/subscription_state.h"

namespace tocsin {
namespace {

struct ModelAlert {
  uint64_t sequence = 0;
  uint64_t key = 0;
  bool live = false;
  bool replayed = false;
  bool letter = false;
  bool held = false;
  bool leased = false;
  uint64_t consumer = 0;
  int attempts = 0;
  absl::Time time;                   // Due, or deadline.
  std::optional<uint64_t> settling;  // Ordered: until that change is durable.
};

class Model {
 public:
  explicit Model(const SubscriptionLimits& limits) : limits_(limits) {}

  void Offer(uint64_t sequence, uint64_t key, absl::Time now) {
    position_ = sequence;
    ModelAlert& alert = At(sequence);
    alert.key = key;
    if (!alert.live) Add(alert, now, false);
  }
  void Skip(uint64_t sequence) { position_ = sequence; }
  void Add(ModelAlert& alert, absl::Time now, bool replayed) {
    alert.held = limits_.ordered && KeyIsTaken(alert.key);
    alert.live = true;
    alert.replayed = replayed;
    alert.attempts = 0;
    alert.leased = false;
    alert.time = now;
  }
  bool Replay(uint64_t sequence, absl::Time now) {
    ModelAlert& alert = At(sequence);
    if (!alert.letter || alert.live) return false;
    Add(alert, now, true);
    return true;
  }
  ModelAlert* Next(absl::Time now) {
    ModelAlert* best = nullptr;
    for (auto& [sequence, alert] : alerts_) {
      if (!alert.live || alert.leased || alert.held || alert.time > now) {
        continue;
      }
      if (best == nullptr || alert.time < best->time) best = &alert;
    }
    return best;
  }
  void Deliver(uint64_t consumer, absl::Time now) {
    ModelAlert& alert = *Next(now);
    alert.leased = true;
    alert.consumer = consumer;
    ++alert.attempts;
    alert.time = now + limits_.ack_deadline;
  }
  void Settle(ModelAlert& alert, uint64_t change) {
    alert.live = false;
    if (limits_.ordered) alert.settling = change;
  }
  bool Ack(uint64_t sequence, uint64_t change) {
    ModelAlert& alert = At(sequence);
    if (!alert.live && !alert.letter) return sequence <= position_;
    alert.letter = false;
    if (alert.live) Settle(alert, change);
    return true;
  }
  void Fail(ModelAlert& alert, absl::Time due, uint64_t change) {
    if (limits_.max_attempts > 0 && alert.attempts >= limits_.max_attempts) {
      alert.letter = true;
      Settle(alert, change);
      return;
    }
    alert.leased = false;
    alert.time = due;
  }
  bool IsLease(uint64_t sequence, int attempt) {
    const ModelAlert& alert = At(sequence);
    return alert.live && alert.leased && alert.attempts == attempt;
  }
  void Durable(uint64_t change) {
    for (auto& [sequence, alert] : alerts_) {
      if (!alert.settling.has_value() || *alert.settling > change) continue;
      alert.settling.reset();
      if (!KeyIsBlocked(alert.key)) Release(alert.key);
    }
  }
  void Seek(uint64_t position) {
    position_ = position;
    for (auto& [sequence, alert] : alerts_) {
      alert.live = false;
      alert.settling.reset();
    }
  }
  // What a restart leaves.
  void Restart() {
    for (auto& [sequence, alert] : alerts_) {
      alert.settling.reset();
      alert.leased = false;
      alert.time = absl::InfinitePast();
    }
    for (const bool replayed : {false, true}) {
      for (auto& [sequence, alert] : alerts_) {
        if (alert.live && alert.replayed == replayed) alert.held = true;
      }
    }
    if (!limits_.ordered) {
      for (auto& [sequence, alert] : alerts_) alert.held = false;
      return;
    }
    // The first of the log leads its key; if there is none, the first letter.
    for (const bool replayed : {false, true}) {
      for (auto& [sequence, alert] : alerts_) {
        if (alert.live && alert.replayed == replayed &&
            !KeyIsBlocked(alert.key)) {
          alert.held = false;
        }
      }
    }
  }

  ModelAlert& At(uint64_t sequence) {
    ModelAlert& alert = alerts_[sequence];
    alert.sequence = sequence;
    return alert;
  }
  uint64_t SettledThrough() const {
    for (const auto& [sequence, alert] : alerts_) {
      if (alert.live && !alert.replayed) return sequence - 1;
    }
    return position_;
  }
  size_t Count(bool (*what)(const ModelAlert&)) const {
    size_t count = 0;
    for (const auto& [sequence, alert] : alerts_) count += what(alert);
    return count;
  }
  std::set<uint64_t> Letters() const {
    std::set<uint64_t> letters;
    for (const auto& [sequence, alert] : alerts_) {
      if (alert.letter) letters.insert(sequence);
    }
    return letters;
  }

  uint64_t position_ = 0;
  std::map<uint64_t, ModelAlert> alerts_;

 private:
  bool KeyIsTaken(uint64_t key) const {
    for (const auto& [sequence, alert] : alerts_) {
      if (alert.key == key && (alert.live || alert.settling.has_value())) {
        return true;
      }
    }
    return false;
  }
  bool KeyIsBlocked(uint64_t key) const {
    for (const auto& [sequence, alert] : alerts_) {
      if (alert.key == key &&
          ((alert.live && !alert.held) || alert.settling.has_value())) {
        return true;
      }
    }
    return false;
  }
  void Release(uint64_t key) {
    for (auto& [sequence, alert] : alerts_) {
      if (alert.live && alert.held && alert.key == key) {
        alert.held = false;
        return;
      }
    }
  }

  const SubscriptionLimits limits_;
};

class RandomRun {
 public:
  RandomRun(const SubscriptionLimits& limits, uint32_t seed)
      : limits_(limits),
        random_(seed),
        state_(limits, 0, 1, {}),
        model_(limits) {}

  void Run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      now_ += absl::Milliseconds(random_() % 1500);
      Step();
      Compare();
    }
  }

 private:
  uint64_t AnySequence() { return 1 + random_() % (model_.position_ + 2); }
  int AnyAttempt(uint64_t sequence) {
    return random_() % 4 == 0 ? static_cast<int>(random_() % 4)
                              : model_.At(sequence).attempts;
  }
  // The change that a settling op of now will have.
  uint64_t Change() const { return state_.changes(); }

  void Step() {
    const uint64_t sequence = AnySequence();
    switch (random_() % 16) {
      case 0:
      case 1:
      case 2: {
        const uint64_t next = model_.position_ + 1;
        if (state_.Room() == 0) break;
        if (random_() % 4 == 0) {
          state_.Skip(next);
          model_.Skip(next);
        } else {
          const uint64_t key = next % 3;
          state_.Offer(next, key, now_);
          model_.Offer(next, key, now_);
        }
        break;
      }
      case 3:
      case 4:
      case 5:
        Deliver();
        break;
      case 6:
      case 7: {
        const bool good = state_.Acknowledge(sequence);
        EXPECT_EQ(model_.Ack(sequence, Change()), good) << sequence;
        break;
      }
      case 8:
        AckThrough(sequence);
        break;
      case 9:
      case 10: {
        const int attempt = AnyAttempt(sequence);
        const auto delay = absl::Milliseconds(random_() % 4000);
        const bool lease = model_.IsLease(sequence, attempt);
        EXPECT_EQ(state_.Nack(sequence, attempt, delay, now_), lease);
        if (lease) model_.Fail(model_.At(sequence), now_ + delay, Change());
        break;
      }
      case 11: {
        const int attempt = AnyAttempt(sequence);
        const auto delay = absl::Milliseconds(random_() % 9000);
        const bool lease = model_.IsLease(sequence, attempt);
        EXPECT_EQ(state_.Extend(sequence, attempt, delay, now_), lease);
        if (lease) model_.At(sequence).time = now_ + delay;
        break;
      }
      case 12:
        Leave();
        break;
      case 13:
        state_.Durable(state_.changes());
        model_.Durable(state_.changes());
        break;
      case 14:
        EXPECT_EQ(state_.Replay(sequence, sequence % 3, now_),
                  model_.Replay(sequence, now_));
        break;
      case 15:
        Rarely();
        break;
    }
    Expire();
  }
  void Deliver() {
    if (!state_.Next(now_).has_value()) return;
    const uint64_t consumer = 1 + random_() % 3;
    const ModelAlert* next = model_.Next(now_);
    ASSERT_NE(next, nullptr);
    const uint64_t sequence = next->sequence;
    model_.Deliver(consumer, now_);
    const auto delivery = state_.Deliver(consumer, now_);
    EXPECT_EQ(delivery.sequence, sequence);
    EXPECT_EQ(delivery.attempt, model_.At(sequence).attempts);
    EXPECT_EQ(delivery.replayed, model_.At(sequence).replayed);
  }
  void AckThrough(uint64_t through) {
    const uint64_t consumer = 1 + random_() % 3;
    const auto acked = state_.AcknowledgeThrough(consumer, through);
    std::vector<uint64_t> expected;
    for (auto& [sequence, alert] : model_.alerts_) {
      if (alert.live && alert.leased && alert.consumer == consumer &&
          sequence <= through) {
        expected.push_back(sequence);
      }
    }
    ASSERT_EQ(acked.size(), expected.size());
    for (size_t i = 0; i < acked.size(); ++i) {
      EXPECT_EQ(acked[i].sequence, expected[i]);
      model_.Ack(expected[i], Change());
    }
  }
  void Leave() {
    const uint64_t consumer = 1 + random_() % 3;
    const bool failed = random_() % 2 == 0;
    state_.Leave(consumer, failed, now_);
    for (auto& [sequence, alert] : model_.alerts_) {
      if (!alert.live || !alert.leased || alert.consumer != consumer) continue;
      if (failed) {
        model_.Fail(alert, now_, Change());
      } else {
        alert.leased = false;
        alert.time = absl::InfinitePast();
      }
    }
  }
  void Expire() {
    state_.Expire(now_);
    for (auto& [sequence, alert] : model_.alerts_) {
      if (alert.live && alert.leased && alert.time <= now_) {
        model_.Fail(alert, now_, Change());
      }
    }
  }
  void Rarely() {
    if (random_() % 4 == 0) {
      const uint64_t position = random_() % (model_.position_ + 1);
      state_.Seek(position, state_.generation() + 1);
      model_.Seek(position);
    } else if (random_() % 3 == 0) {
      auto restored =
          SubscriptionState::Restore(limits_, state_.Save(), state_.letters());
      ASSERT_TRUE(restored.ok()) << restored.status();
      state_ = *std::move(restored);
      model_.Restart();
    }
  }

  void Compare() {
    const ModelAlert* next = model_.Next(now_);
    const auto mine = state_.Next(now_);
    ASSERT_EQ(mine.has_value(), next != nullptr);
    if (next != nullptr) {
      EXPECT_EQ(mine->sequence, next->sequence);
      EXPECT_EQ(mine->attempt, next->attempts + 1);
    }
    EXPECT_EQ(state_.position(), model_.position_);
    EXPECT_EQ(state_.SettledThrough(), model_.SettledThrough());
    EXPECT_EQ(state_.letters(), model_.Letters());
    const size_t live =
        model_.Count([](const ModelAlert& a) { return a.live; });
    EXPECT_EQ(state_.Room(), limits_.max_outstanding -
                                 std::min(limits_.max_outstanding, live));
    EXPECT_EQ(state_.outstanding(), model_.Count([](const ModelAlert& a) {
      return a.live && a.attempts > 0;
    }));
    for (uint64_t consumer = 1; consumer <= 3; ++consumer) {
      size_t leased = 0;
      for (const auto& [sequence, alert] : model_.alerts_) {
        leased += alert.live && alert.leased && alert.consumer == consumer;
      }
      EXPECT_EQ(state_.LeasedTo(consumer), leased);
    }
    const uint64_t through = AnySequence();
    uint64_t unsettled = 0;
    for (uint64_t s = 1; s <= through; ++s) {
      const auto found = model_.alerts_.find(s);
      unsettled += s > model_.position_ ||
                   (found != model_.alerts_.end() && found->second.live &&
                    !found->second.replayed);
    }
    EXPECT_EQ(state_.UnsettledThrough(through), unsettled);
  }

  const SubscriptionLimits limits_;
  std::mt19937 random_;
  absl::Time now_ = absl::UnixEpoch();
  SubscriptionState state_;
  Model model_;
};

TEST(SubscriptionState, RandomOperationsAgreeWithAModel) {
  const uint32_t first = std::random_device()();
  std::cout << "seed " << first << "\n";
  for (uint32_t run = 0; run < 200; ++run) {
    SubscriptionLimits limits;
    limits.ack_deadline = absl::Seconds(5);
    limits.max_outstanding = 1 + run % 12;
    limits.max_attempts = static_cast<int>(run / 2 % 4);
    limits.ordered = run % 2 == 0;
    SCOPED_TRACE(testing::Message()
                 << "seed " << first + run << ", run " << run);
    RandomRun(limits, first + run).Run(400);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace tocsin
