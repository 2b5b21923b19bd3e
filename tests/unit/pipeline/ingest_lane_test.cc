// Streams of articles side by side.
#include "pipeline/ingest_lane.h"

#include <future>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"
#include "pipeline/name_book.h"

namespace tocsin {
namespace {

class IngestLaneTest : public ::testing::Test {
 protected:
  void SetUp() override {
    LexiconOptions lexicon;
    lexicon.data_dir = absl::StrCat(TOCSIN_SOURCE_DIR, "/daemon/data");
    auto names = NameBook::Create(room_.store(), lexicon);
    ASSERT_TRUE(names.ok()) << names.status();
    names_ = *std::move(names);
  }

  static std::vector<LaneArticle> Articles(const std::string& source,
                                           int count) {
    std::vector<LaneArticle> articles;
    for (int i = 0; i < count; ++i) {
      Article article;
      article.source = source;
      article.id = absl::StrCat(i);
      article.body = absl::StrCat("Article ", i, " of ", source, ".");
      articles.push_back({article, /*suppress_alerts=*/false});
    }
    return articles;
  }

  Newsroom room_;
  std::unique_ptr<NameBook> names_;
};

TEST_F(IngestLaneTest, ABadArticleIsRefusedInItsPlace) {
  WorkerPool pool(2);
  auto budget = std::make_shared<IngestBudget>(1 << 20);
  Mutex mu;
  CondVar called;
  bool ready = false;
  const auto lane = IngestLane::Create({}, *names_, room_.sequencer(), pool,
                                       pool, budget, [&] {
                                         MutexLock lock(mu);
                                         ready = true;
                                         called.NotifyOne();
                                       });
  std::vector<LaneArticle> articles = Articles("ew", 40);
  articles[7].article->id = "";
  articles[39].article = absl::InvalidArgumentError("article.body: no");
  lane->Add(std::move(articles), Hour(1));
  std::vector<LaneResult> results;
  while (results.size() < 40) {
    {
      MutexLock lock(mu);
      while (!ready) called.Wait(mu);
      ready = false;
    }
    for (LaneResult& result : lane->Take(100)) {
      results.push_back(std::move(result));
    }
  }
  for (size_t i = 0; i < results.size(); ++i) {
    if (i == 7 || i == 39) {
      EXPECT_TRUE(absl::IsInvalidArgument(results[i].status)) << i;
    } else {
      EXPECT_EQ(results[i].article, absl::StrCat("sources/ew/articles/", i));
      EXPECT_EQ(results[i].outcome, Outcome::kStored) << results[i].status;
    }
  }
  EXPECT_TRUE(lane->Idle());
}

TEST_F(IngestLaneTest, LanesShareABudgetThatUntakenResultsDoNotHold) {
  auto budget = std::make_shared<IngestBudget>(1);
  std::promise<void> go;
  std::promise<void> has_room;
  std::shared_ptr<IngestLane> full;
  std::shared_ptr<IngestLane> other;
  {
    WorkerPool pool(1);
    pool.Add([&] { go.get_future().wait(); });  // Nothing is analyzed yet.
    full = IngestLane::Create({}, *names_, room_.sequencer(), pool, pool,
                              budget, [] {});  // Takes no results.
    other = IngestLane::Create({}, *names_, room_.sequencer(), pool, pool,
                               budget, [&] { has_room.set_value(); });
    EXPECT_TRUE(full->HasRoom());
    EXPECT_TRUE(other->HasRoom());
    full->Add(Articles("ew", 3), Hour(1));
    EXPECT_FALSE(full->HasRoom());
    EXPECT_FALSE(other->HasRoom());
    EXPECT_FALSE(other->HasRoom()) << "and waits but once";
    go.set_value();
    ASSERT_EQ(has_room.get_future().wait_for(std::chrono::seconds(30)),
              std::future_status::ready);
    EXPECT_TRUE(other->HasRoom());
  }
  EXPECT_EQ(full->Take(10).size(), 3u);
}

}  // namespace
}  // namespace tocsin
