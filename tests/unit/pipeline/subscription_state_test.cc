#include "pipeline/subscription_state.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

absl::Time At(double seconds) {
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

SubscriptionState Begin(SubscriptionLimits limits = {}) {
  return SubscriptionState(limits, 0, 1, {});
}

// Everything that is due, leased to `consumer`.
std::vector<uint64_t> TakeAll(SubscriptionState& state, uint64_t consumer,
                              absl::Time now) {
  std::vector<uint64_t> sequences;
  while (state.Next(now).has_value()) {
    sequences.push_back(state.Deliver(consumer, now).sequence);
  }
  return sequences;
}

TEST(SubscriptionState, DeliversInOrderAndForgetsWhatIsAcked) {
  SubscriptionState state = Begin();
  for (uint64_t s = 1; s <= 4; ++s) state.Offer(s, 0, At(0));
  state.Skip(5);
  EXPECT_THAT(TakeAll(state, 7, At(0)), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(state.outstanding(), 4u);
  EXPECT_TRUE(state.Acknowledge(2));
  EXPECT_EQ(state.SettledThrough(), 0u);
  EXPECT_TRUE(state.Acknowledge(1));
  EXPECT_EQ(state.SettledThrough(), 2u);
  EXPECT_TRUE(state.Acknowledge(1));   // Again.
  EXPECT_FALSE(state.Acknowledge(6));  // Never delivered.
  EXPECT_EQ(state.AcknowledgeThrough(7, 3).size(), 1u);
  EXPECT_EQ(state.AcknowledgeThrough(8, 9).size(), 0u);
  EXPECT_EQ(state.AcknowledgeThrough(7, 9).size(), 1u);
  EXPECT_EQ(state.SettledThrough(), 5u);
  EXPECT_EQ(state.outstanding(), 0u);
}

TEST(SubscriptionState, ComesAgainAfterNackDeadlineAndLeave) {
  SubscriptionState state = Begin();
  for (uint64_t s = 1; s <= 3; ++s) state.Offer(s, 0, At(0));
  TakeAll(state, 7, At(0));
  EXPECT_TRUE(state.Nack(1, 1, absl::Seconds(3), At(1)));
  EXPECT_FALSE(state.Nack(1, 1, absl::Seconds(3), At(1)));  // Not leased.
  EXPECT_THAT(TakeAll(state, 8, At(3.9)), IsEmpty());
  EXPECT_THAT(TakeAll(state, 8, At(4)), ElementsAre(1));
  EXPECT_TRUE(state.Extend(2, 1, absl::Seconds(10), At(9)));
  state.Expire(At(10));
  EXPECT_THAT(TakeAll(state, 8, At(10)), ElementsAre(3));
  state.Leave(7, /*failed=*/true, At(11));  // Had the second alert.
  EXPECT_THAT(TakeAll(state, 8, At(11)), ElementsAre(2));
  // A late nack of the first delivery does not touch the second.
  EXPECT_FALSE(state.Nack(3, 1, absl::ZeroDuration(), At(11)));
  EXPECT_FALSE(state.Extend(3, 1, absl::Seconds(1), At(11)));
  // But a late ack is an ack.
  EXPECT_TRUE(state.Acknowledge(3));
  EXPECT_EQ(state.LeasedTo(8), 2u);
}

TEST(SubscriptionState, OneNackedForEverStarvesNobody) {
  SubscriptionState state = Begin();
  for (uint64_t s = 1; s <= 3; ++s) state.Offer(s, 0, At(0));
  std::vector<uint64_t> order;
  for (int i = 0; i < 4; ++i) {
    const auto delivery = state.Deliver(7, At(i));
    order.push_back(delivery.sequence);
    if (delivery.sequence == 1) {
      state.Nack(1, delivery.attempt, absl::ZeroDuration(), At(i + 0.5));
    }
  }
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 1));
}

TEST(SubscriptionState, GivesUpAfterMaxAttemptsAndReplays) {
  SubscriptionLimits limits;
  limits.max_attempts = 2;
  SubscriptionState state = Begin(limits);
  state.Offer(1, 0, At(0));
  for (int attempt = 1; attempt <= 2; ++attempt) {
    EXPECT_EQ(state.Deliver(7, At(0)).attempt, attempt);
    state.Nack(1, attempt, absl::ZeroDuration(), At(0));
  }
  EXPECT_FALSE(state.Next(At(100)).has_value());
  EXPECT_THAT(state.letters(), ElementsAre(1));
  EXPECT_THAT(state.TakeLetterChanges(),
              ElementsAre(testing::Pair(1, testing::Optional(2))));
  EXPECT_EQ(state.SettledThrough(), 1u);
  EXPECT_FALSE(state.Replay(2, 0, At(0)));
  EXPECT_TRUE(state.Replay(1, 0, At(0)));
  EXPECT_FALSE(state.Replay(1, 0, At(0)));
  EXPECT_EQ(state.SettledThrough(), 1u);
  const auto again = state.Deliver(7, At(0));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.attempt, 1);
  EXPECT_THAT(state.letters(), ElementsAre(1));  // Until it is acked.
  EXPECT_TRUE(state.Acknowledge(1));
  EXPECT_THAT(state.letters(), IsEmpty());
  EXPECT_THAT(state.TakeLetterChanges(),
              ElementsAre(testing::Pair(1, std::nullopt)));
}

TEST(SubscriptionState, ADaemonThatStopsMakesNoDeadLetters) {
  SubscriptionLimits limits;
  limits.max_attempts = 1;
  SubscriptionState state = Begin(limits);
  state.Offer(1, 0, At(0));
  state.Deliver(7, At(0));
  state.Leave(7, /*failed=*/false, At(0));
  EXPECT_THAT(state.letters(), IsEmpty());
  EXPECT_EQ(state.Deliver(7, At(0)).attempt, 2);
  state.Leave(7, /*failed=*/true, At(0));
  EXPECT_THAT(state.letters(), ElementsAre(1));
}

TEST(SubscriptionState, FullOfDeadLettersItLosesNothing) {
  SubscriptionLimits limits;
  limits.max_attempts = 1;
  std::set<uint64_t> letters;
  for (uint64_t s = 1; s <= kMaxDeadLetters; ++s) letters.insert(s);
  SubscriptionState state(limits, kMaxDeadLetters, 1, letters);
  const uint64_t next = kMaxDeadLetters + 1;
  state.Offer(next, 0, At(0));
  state.Nack(next, state.Deliver(7, At(0)).attempt, absl::ZeroDuration(),
             At(0));
  EXPECT_EQ(state.letters().size(), kMaxDeadLetters);
  EXPECT_EQ(state.Next(At(0))->sequence, next);
}

TEST(SubscriptionState, OrderedHoldsBackUntilTheAckIsDurable) {
  SubscriptionLimits limits;
  limits.ordered = true;
  SubscriptionState state = Begin(limits);
  state.Offer(1, /*order_key=*/5, At(0));
  state.Offer(2, 6, At(0));
  state.Offer(3, 5, At(0));
  state.Offer(4, 5, At(0));
  EXPECT_THAT(TakeAll(state, 7, At(0)), ElementsAre(1, 2));
  state.Acknowledge(1);
  EXPECT_THAT(TakeAll(state, 7, At(0)), IsEmpty());
  state.Durable(state.changes());
  EXPECT_THAT(TakeAll(state, 7, At(0)), ElementsAre(3));
  // A nack keeps the place.
  state.Nack(3, 1, absl::Seconds(5), At(1));
  EXPECT_THAT(TakeAll(state, 7, At(5)), IsEmpty());
  EXPECT_THAT(TakeAll(state, 7, At(6)), ElementsAre(3));
}

TEST(SubscriptionState, ARestartMakesEverythingUnackedDue) {
  SubscriptionLimits limits;
  limits.ordered = true;
  limits.max_attempts = 1;
  SubscriptionState state(limits, 40, 9, {3});
  state.Offer(41, 1, At(0));
  state.Offer(42, 1, At(0));
  state.Offer(43, 2, At(0));
  state.Offer(44, 3, At(0));
  state.Replay(3, 4, At(0));
  TakeAll(state, 7, At(0));
  state.Acknowledge(44);
  auto restored = SubscriptionState::Restore(limits, state.Save(), {3});
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->generation(), 9u);
  EXPECT_EQ(restored->position(), 44u);
  EXPECT_EQ(restored->outstanding(), 3u);
  EXPECT_THAT(TakeAll(*restored, 8, At(-1e9)), ElementsAre(3, 41, 43));
  EXPECT_TRUE(restored->Nack(43, 2, absl::ZeroDuration(), At(0)));
  EXPECT_THAT(restored->letters(), ElementsAre(3, 43));
}

TEST(SubscriptionState, RefusesADamagedRecord) {
  SubscriptionState state = Begin();
  state.Offer(1, 0, At(0));
  const CursorRecord good = state.Save();
  CursorRecord beyond = good;
  beyond.set_position(0);
  CursorRecord uneven = good;
  uneven.add_attempts(1);
  CursorRecord twice = good;
  twice.add_unsettled(0);
  twice.add_attempts(0);
  CursorRecord no_letter = good;
  no_letter.add_replayed(1);
  no_letter.add_replay_attempts(0);
  for (const CursorRecord& bad : {beyond, uneven, twice, no_letter}) {
    EXPECT_EQ(SubscriptionState::Restore({}, bad, {}).status().code(),
              absl::StatusCode::kDataLoss)
        << bad.ShortDebugString();
  }
}

}  // namespace
}  // namespace tocsin
