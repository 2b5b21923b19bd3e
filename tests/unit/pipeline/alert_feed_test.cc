#include "pipeline/alert_feed.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

Newsroom::Options EveryArticleRings(size_t tail_bytes) {
  Newsroom::Options options;
  options.rules = {RuleOf("all", "article.source = \"ew\"")};
  options.feed.tail_bytes = tail_bytes;
  return options;
}

void IngestMany(Newsroom& room, int from, int to) {
  for (int i = from; i < to; ++i) {
    room.Ingest(ArticleBuilder(absl::StrCat(i)));
  }
}

std::vector<uint64_t> Sequences(
    const std::vector<std::shared_ptr<const LoggedAlert>>& alerts) {
  std::vector<uint64_t> sequences;
  for (const auto& alert : alerts) sequences.push_back(alert->sequence());
  return sequences;
}

TEST(AlertFeed, ReadsFromMemoryAndFromTheStoreAlike) {
  for (const size_t tail_bytes : {size_t{1}, size_t{2000}, size_t{1} << 20}) {
    Newsroom room(EveryArticleRings(tail_bytes));
    IngestMany(room, 0, 20);
    for (uint64_t after = 0; after <= 20; ++after) {
      for (const size_t limit : {1, 5, 100}) {
        std::vector<uint64_t> expected;
        for (uint64_t s = after + 1; s <= 20 && expected.size() < limit; ++s) {
          expected.push_back(s);
        }
        const auto alerts = room.feed().Read(after, limit);
        ASSERT_TRUE(alerts.ok());
        EXPECT_EQ(Sequences(*alerts), expected);
        for (const auto& alert : *alerts) {
          EXPECT_EQ(alert->encoded(), alert->record.SerializeAsString());
        }
      }
    }
    EXPECT_EQ(room.feed().Read(21, 1).status().code(),
              absl::StatusCode::kOutOfRange);
  }
}

TEST(AlertFeed, CallsOnceWhenTheLogGrows) {
  Newsroom room(EveryArticleRings(1 << 20));
  int calls = 0;
  room.feed().CallWhenPast(0, [&] { ++calls; });
  room.feed().CallWhenPast(1, [&] { calls += 100; });
  EXPECT_EQ(calls, 0);
  IngestMany(room, 0, 1);
  EXPECT_EQ(calls, 1);
  IngestMany(room, 1, 3);
  EXPECT_EQ(calls, 101);
  // At once, if there is more already.
  room.feed().CallWhenPast(2, [&] { calls += 1000; });
  EXPECT_EQ(calls, 1101);
}

TEST(AlertFeed, ACancelledCallbackIsNotCalled) {
  Newsroom room(EveryArticleRings(1 << 20));
  int calls = 0;
  const auto handle = room.feed().CallWhenPast(0, [&] { ++calls; });
  EXPECT_TRUE(room.feed().Cancel(handle));
  EXPECT_FALSE(room.feed().Cancel(handle));
  IngestMany(room, 0, 1);
  EXPECT_EQ(calls, 0);
}

// A watcher as the service has it: reads until it is at the end, then waits.
class Watcher {
 public:
  Watcher(AlertFeed& feed, uint64_t until) : feed_(feed), until_(until) {
    thread_ = std::thread([this] { Run(); });
  }
  std::vector<uint64_t> Join() {
    thread_.join();
    return seen_;
  }

 private:
  void Run() {
    uint64_t after = 0;
    while (after < until_) {
      const auto alerts = feed_.Read(after, 3);
      ASSERT_TRUE(alerts.ok());
      for (const auto& alert : *alerts) {
        seen_.push_back(alert->sequence());
        after = alert->sequence();
      }
      if (alerts->empty()) WaitPast(after);
    }
  }
  void WaitPast(uint64_t sequence) {
    Mutex mu;
    CondVar woken;
    bool past = false;
    const auto handle = feed_.CallWhenPast(sequence, [&] {
      MutexLock lock(mu);
      past = true;
      woken.NotifyAll();
    });
    {
      MutexLock lock(mu);
      while (!past) woken.Wait(mu);
    }
    feed_.Cancel(handle);  // The callback has left our stack.
  }

  AlertFeed& feed_;
  const uint64_t until_;
  std::vector<uint64_t> seen_;
  std::thread thread_;
};

TEST(AlertFeed, EveryWatcherSeesEachAlertOnceWithoutASeam) {
  constexpr uint64_t kAlerts = 300;
  Newsroom room(EveryArticleRings(/*tail_bytes=*/5000));
  IngestMany(room, 0, 50);
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < 4; ++i) {
    watchers.push_back(std::make_unique<Watcher>(room.feed(), kAlerts));
  }
  IngestMany(room, 50, kAlerts);
  std::vector<uint64_t> all;
  for (uint64_t s = 1; s <= kAlerts; ++s) all.push_back(s);
  for (auto& watcher : watchers) EXPECT_EQ(watcher->Join(), all);
}

TEST(AlertFeed, CancelsWhileTheLogGrows) {
  Newsroom room(EveryArticleRings(1 << 20));
  std::atomic<bool> stop = false;
  std::thread canceller([&] {
    while (!stop) {
      auto alive = std::make_unique<std::atomic<int>>(1);
      const auto handle = room.feed().CallWhenPast(room.feed().last_sequence(),
                                                   [&alive] { ++*alive; });
      room.feed().Cancel(handle);
      alive.reset();  // A late call would be seen by the sanitizers.
    }
  });
  IngestMany(room, 0, 100);
  stop = true;
  canceller.join();
  EXPECT_EQ(room.feed().last_sequence(), 100u);
}

}  // namespace
}  // namespace tocsin
