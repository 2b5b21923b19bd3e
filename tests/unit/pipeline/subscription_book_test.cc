#include "pipeline/subscription_book.h"

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Newsroom::Options EveryArticleRings() {
  Newsroom::Options options;
  options.rules = {RuleOf("all", "article.source = \"ew\"")};
  return options;
}

// Filters are the text of the language, for want of a compiler down here.
absl::StatusOr<AlertMatcher> Compile(const std::string& filter) {
  if (filter == "bad") return absl::InvalidArgumentError("filter: is bad");
  return AlertMatcher([filter](const AlertRecord& alert) {
    return filter.empty() || alert.language() == filter;
  });
}

// One consumer that a test steps by hand; the time is the test's.
class Hand {
 public:
  Hand(SubscriptionBook& book, const std::string& id, size_t most = 0) {
    auto joined = book.Join(id, most, [this] {
      MutexLock lock(mu_);
      woken_ = true;
      wake_.NotifyAll();
    });
    EXPECT_TRUE(joined.ok()) << joined.status();
    consumer_ = *std::move(joined);
  }

  // Takes what there is now; waits for nothing.
  std::vector<uint64_t> Take(absl::Time now) {
    std::vector<uint64_t> sequences;
    while (true) {
      PullBatch batch = consumer_->Take(now);
      for (PullDelivery& delivery : batch.deliveries) {
        sequences.push_back(delivery.alert->sequence());
        ids_[delivery.alert->sequence()] = delivery.ack_id;
        attempts_[delivery.alert->sequence()] = delivery.attempt;
      }
      confirmed_ += batch.confirmed.size();
      ignored_ += batch.ignored.size();
      end_ = batch.end;
      if (end_.has_value() || (batch.empty() && !batch.more)) return sequences;
    }
  }
  void Say(PullVerdict::Kind kind, const std::vector<uint64_t>& sequences,
           absl::Time now, std::optional<absl::Duration> delay = {}) {
    std::vector<PullVerdict> verdicts;
    for (const uint64_t sequence : sequences) {
      verdicts.push_back({kind, ids_.at(sequence), delay});
    }
    consumer_->Apply(verdicts, 0, now);
  }
  void Ack(const std::vector<uint64_t>& sequences, absl::Time now) {
    Say(PullVerdict::Kind::kAck, sequences, now);
  }
  // Until so many acks are confirmed in all, or the call has ended.
  void AwaitConfirmed(size_t count, absl::Time now) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (Take(now), confirmed_ < count && !end_.has_value()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      MutexLock lock(mu_);
      if (!woken_) wake_.WaitFor(mu_, std::chrono::milliseconds(100));
      woken_ = false;
    }
  }

  std::unique_ptr<PullConsumer> consumer_;
  std::map<uint64_t, std::string> ids_;
  std::map<uint64_t, int> attempts_;
  size_t confirmed_ = 0;
  size_t ignored_ = 0;
  std::optional<absl::Status> end_;

 private:
  Mutex mu_;
  CondVar wake_;
  bool woken_ ABSL_GUARDED_BY(mu_) = false;
};

class SubscriptionBookTest : public testing::Test {
 protected:
  SubscriptionBookTest() : room_(EveryArticleRings()) { Open(); }

  void Open() {
    SubscriptionBook::Options options;
    options.compile = &Compile;
    options.max_subscriptions = 3;
    auto book = SubscriptionBook::Create(options, room_.store(), room_.feed());
    ASSERT_TRUE(book.ok()) << book.status();
    book_ = *std::move(book);
  }
  void Reopen() {
    book_.reset();
    room_.Reopen();
    Open();
  }
  void Ring(int count) {
    for (int i = 0; i < count; ++i) {
      room_.Ingest(ArticleBuilder(absl::StrCat("a", ++articles_)));
    }
  }
  static SubscriptionRecord Definition() {
    SubscriptionRecord record;
    record.set_ack_deadline(10'000'000);
    record.set_max_outstanding(100);
    return record;
  }
  void Add(const std::string& id, const SubscriptionRecord& record) {
    const auto added = book_->Add(id, record, 0);
    ASSERT_TRUE(added.ok()) << added.status();
  }
  static absl::Time At(double seconds) {
    return absl::UnixEpoch() + absl::Seconds(seconds);
  }

  Newsroom room_;
  std::unique_ptr<SubscriptionBook> book_;
  int articles_ = 0;
};

TEST_F(SubscriptionBookTest, WhatIsAckedStaysAckedOverARestart) {
  Ring(5);
  Add("desk", Definition());
  {
    Hand hand(*book_, "desk");
    EXPECT_THAT(hand.Take(At(0)), ElementsAre(1, 2, 3, 4, 5));
    hand.Ack({2, 4}, At(0));
    hand.AwaitConfirmed(2, At(0));
  }
  Reopen();
  Hand hand(*book_, "desk");
  EXPECT_THAT(hand.Take(At(0)), ElementsAre(1, 3, 5));
  EXPECT_EQ(book_->Get("desk")->settled_through, 0u);
  EXPECT_EQ(book_->Get("desk")->lag, 5u);
  EXPECT_EQ(book_->Get("desk")->outstanding, 3u);
}

TEST_F(SubscriptionBookTest, ConsumersShareAndInheritFromEachOther) {
  Ring(10);
  Add("desk", Definition());
  Hand two(*book_, "desk", 2);
  EXPECT_THAT(two.Take(At(0)), ElementsAre(1, 2));
  auto three = std::make_unique<Hand>(*book_, "desk", 3);
  EXPECT_THAT(three->Take(At(0)), ElementsAre(3, 4, 5));
  three.reset();
  two.Ack({1, 2}, At(1));
  two.AwaitConfirmed(2, At(1));
  std::vector<uint64_t> seen;
  for (const auto& [sequence, attempt] : two.attempts_)
    seen.push_back(sequence);
  // Those of the one that left come again; which comes first is not said.
  EXPECT_EQ(seen.size(), 4u);
  EXPECT_EQ(book_->Get("desk")->consumers, 1u);
}

TEST_F(SubscriptionBookTest,
       AnExpiredDeliveryComesAgainAndItsLateNackIsIgnored) {
  Ring(1);
  Add("desk", Definition());
  Hand hand(*book_, "desk");
  hand.Take(At(0));
  const std::string first = hand.ids_.at(1);
  EXPECT_THAT(hand.Take(At(9.9)), IsEmpty());
  EXPECT_THAT(hand.Take(At(10)), ElementsAre(1));
  EXPECT_EQ(hand.attempts_.at(1), 2);
  hand.consumer_->Apply({{PullVerdict::Kind::kNack, first, std::nullopt},
                         {PullVerdict::Kind::kAck, "nonsense", std::nullopt}},
                        0, At(11));
  EXPECT_THAT(hand.Take(At(11)), IsEmpty());
  EXPECT_EQ(hand.ignored_, 2u);
}

TEST_F(SubscriptionBookTest, DeadLettersAreKeptReadAndReplayedOverRestarts) {
  Ring(2);
  SubscriptionRecord record = Definition();
  record.set_max_attempts(1);
  Add("desk", record);
  {
    Hand hand(*book_, "desk");
    hand.Take(At(0));
    hand.Say(PullVerdict::Kind::kNack, {1, 2}, At(0));
    EXPECT_EQ(book_->Get("desk")->dead_letters, 2u);
  }
  Reopen();
  EXPECT_EQ(book_->Get("desk")->settled_through, 2u);
  auto letters = book_->ListLetters("desk", 0, 10);
  ASSERT_TRUE(letters.ok());
  ASSERT_EQ(letters->size(), 2u);
  EXPECT_EQ((*letters)[1].record.alert().article_id(), "a2");
  EXPECT_EQ((*letters)[1].record.attempts(), 1);
  EXPECT_EQ(book_->ListLetters("desk", 1, 10)->size(), 1u);
  EXPECT_EQ(book_->ReplayLetters("desk", {3}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(*book_->ReplayLetters("desk", {2}), 1u);
  EXPECT_EQ(*book_->ReplayLetters("desk", {}), 1u);
  EXPECT_TRUE((*book_->ListLetters("desk", 0, 10))[0].replaying);
  Reopen();
  {
    Hand hand(*book_, "desk");
    EXPECT_THAT(hand.Take(At(0)), ElementsAre(1, 2));
    hand.Ack({1}, At(0));
    hand.AwaitConfirmed(1, At(0));
  }
  Reopen();
  EXPECT_EQ(book_->ListLetters("desk", 0, 10)->size(), 1u);
}

TEST_F(SubscriptionBookTest, ASeekForgetsAndItsOldAcksAreIgnored) {
  Ring(3);
  Add("desk", Definition());
  Hand hand(*book_, "desk");
  hand.Take(At(0));
  ASSERT_TRUE(book_->Seek("desk", 1).ok());
  hand.Ack({2}, At(0));
  EXPECT_THAT(hand.Take(At(0)), ElementsAre(2, 3));
  EXPECT_EQ(hand.ignored_, 1u);
  EXPECT_EQ(hand.attempts_.at(2), 1);
  EXPECT_EQ(book_->Get("desk")->settled_through, 1u);
}

TEST_F(SubscriptionBookTest, FiltersAndSaysHowFarItIs) {
  Ring(200);
  SubscriptionRecord record = Definition();
  record.set_filter("xx");
  Add("desk", record);
  Hand hand(*book_, "desk");
  EXPECT_THAT(hand.Take(At(0)), IsEmpty());
  EXPECT_EQ(book_->Get("desk")->settled_through, 200u);
  EXPECT_EQ(book_->Get("desk")->lag, 0u);
}

TEST_F(SubscriptionBookTest, WakesWhoWaitsWhenSomethingRings) {
  Add("desk", Definition());
  std::atomic<int> wakes{0};
  auto consumer = book_->Join("desk", 0, [&] { ++wakes; });
  ASSERT_TRUE(consumer.ok());
  EXPECT_TRUE((*consumer)->Take(At(0)).empty());
  Ring(1);
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (wakes == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ((*consumer)->Take(At(0)).deliveries.size(), 1u);
}

TEST_F(SubscriptionBookTest, ChangesAreCheckedAndKept) {
  Add("a", Definition());
  EXPECT_EQ(book_->Add("a", Definition(), 0).status().code(),
            absl::StatusCode::kAlreadyExists);
  SubscriptionRecord bad = Definition();
  bad.set_filter("bad");
  EXPECT_EQ(book_->Add("b", bad, 0).status().code(),
            absl::StatusCode::kInvalidArgument);
  Add("b", Definition());
  Add("c", Definition());
  EXPECT_EQ(book_->Add("d", Definition(), 0).status().code(),
            absl::StatusCode::kResourceExhausted);
  const std::string etag = SubscriptionEtag("b", book_->Get("b")->definition);
  const auto raise = [](SubscriptionRecord& record) {
    record.set_max_attempts(9);
    record.set_filter("sv");  // Stays as it was.
    return absl::OkStatus();
  };
  ASSERT_TRUE(book_->Update("b", etag, raise).ok());
  EXPECT_EQ(book_->Update("b", etag, raise).status().code(),
            absl::StatusCode::kAborted);
  EXPECT_TRUE(book_->Delete("c", "").ok());
  EXPECT_EQ(book_->Delete("c", "").code(), absl::StatusCode::kNotFound);
  Reopen();
  std::vector<std::string> ids;
  for (const SubscriptionInfo& info : book_->List("", 10)) {
    ids.push_back(info.id);
  }
  EXPECT_THAT(ids, ElementsAre("a", "b"));
  EXPECT_EQ(book_->Get("b")->definition.max_attempts(), 9);
  EXPECT_EQ(book_->Get("b")->definition.filter(), "");
  EXPECT_EQ(book_->List("a", 10).size(), 1u);
}

TEST_F(SubscriptionBookTest,
       ADeletedSubscriptionEndsItsConsumersAndLeavesNothing) {
  Ring(1);
  SubscriptionRecord record = Definition();
  record.set_max_attempts(1);
  Add("desk", record);
  {
    Hand hand(*book_, "desk");
    hand.Take(At(0));
    hand.Say(PullVerdict::Kind::kNack, {1}, At(0));
    ASSERT_TRUE(book_->Delete("desk", "").ok());
    hand.Take(At(0));
    ASSERT_TRUE(hand.end_.has_value());
    EXPECT_EQ(hand.end_->code(), absl::StatusCode::kNotFound);
  }
  Reopen();
  Add("desk", record);
  EXPECT_THAT(*book_->ListLetters("desk", 0, 10), IsEmpty());
}

TEST_F(SubscriptionBookTest, StoppingLetsConsumersAckWhatTheyHave) {
  Ring(2);
  Add("desk", Definition());
  book_->Tick(At(0), At(0));
  Hand hand(*book_, "desk");
  hand.Take(At(0));
  book_->Drain(absl::Seconds(2));
  EXPECT_EQ(book_->Join("desk", 0, [] {}).status().code(),
            absl::StatusCode::kUnavailable);
  hand.Take(At(1));
  EXPECT_FALSE(hand.end_.has_value());
  hand.Ack({1, 2}, At(1));
  hand.AwaitConfirmed(2, At(1));
  hand.Take(At(1));
  ASSERT_TRUE(hand.end_.has_value());
  EXPECT_EQ(hand.end_->code(), absl::StatusCode::kUnavailable);
}

TEST_F(SubscriptionBookTest, AConsumerThatClosesEndsWellWhenItsAcksAreDurable) {
  Ring(2);
  Add("desk", Definition());
  Hand hand(*book_, "desk");
  hand.Take(At(0));
  hand.Ack({1}, At(0));
  hand.consumer_->Close(At(0));
  hand.AwaitConfirmed(1, At(0));
  hand.Take(At(0));
  ASSERT_TRUE(hand.end_.has_value());
  EXPECT_TRUE(hand.end_->ok()) << *hand.end_;
  Hand next(*book_, "desk");
  EXPECT_THAT(next.Take(At(0)), ElementsAre(2));
}

// Several consumers on threads of their own ack, nack, come and go while alerts
// ring; in the end everything is acked, and nothing came after its ack was
// confirmed.
TEST_F(SubscriptionBookTest, ManyConsumersAtOnce) {
  const uint32_t seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  constexpr int kAlerts = 400;
  SubscriptionRecord record = Definition();
  record.set_max_outstanding(40);
  record.set_ordered(true);
  Add("desk", record);
  Mutex mu;
  std::set<std::string> confirmed;
  std::map<std::string, uint64_t> sequence_of;
  std::set<uint64_t> done;
  std::atomic<int> late{0};
  std::vector<std::thread> threads;
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (uint32_t c = 0; c < 4; ++c) {
    threads.emplace_back([&, c] {
      std::mt19937 random(seed + c);
      while (std::chrono::steady_clock::now() < deadline) {
        auto joined = book_->Join("desk", 1 + random() % 20, [] {});
        if (!joined.ok() ||
            book_->Get("desk")->settled_through == uint64_t{kAlerts}) {
          return;
        }
        for (int turn = 0; turn < 50; ++turn) {
          PullBatch batch = (*joined)->Take(At(turn));
          std::vector<PullVerdict> verdicts;
          MutexLock lock(mu);
          for (const std::string& id : batch.confirmed) {
            done.insert(sequence_of.at(id));
          }
          for (const PullDelivery& delivery : batch.deliveries) {
            const uint64_t sequence = delivery.alert->sequence();
            sequence_of[delivery.ack_id] = sequence;
            late += static_cast<int>(done.count(sequence));
            verdicts.push_back({random() % 5 == 0 ? PullVerdict::Kind::kNack
                                                  : PullVerdict::Kind::kAck,
                                delivery.ack_id, std::nullopt});
          }
          (*joined)->Apply(verdicts, 0, At(turn));
        }
      }
    });
  }
  Ring(kAlerts);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(late, 0);
  EXPECT_EQ(book_->Get("desk")->settled_through, uint64_t{kAlerts});
}

}  // namespace
}  // namespace tocsin
