#include "pipeline/retention.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"
#include "storage/check.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Newsroom::Options Rules() {
  Newsroom::Options options;
  options.rules = {RuleOf("new", "new(entity)"), RuleOf("sum", "new(amount)")};
  return options;
}

RetentionLimits ArticlesFor(double hours) {
  RetentionLimits limits;
  limits.articles.age = absl::Hours(hours);
  return limits;
}

RetentionLimits AlertsFor(double hours) {
  RetentionLimits limits;
  limits.alerts.age = absl::Hours(hours);
  return limits;
}

void ExpectWhole(Newsroom& room) {
  const auto report =
      CheckStore(room.store(), [](absl::string_view, int64_t, int64_t) {});
  ASSERT_TRUE(report.ok()) << report.status();
  for (const CheckFinding& finding : report->findings) {
    ADD_FAILURE() << finding.where << ": " << finding.what;
  }
}

bool Has(Newsroom& room, const std::string& id, int revision = 0) {
  return room.snapshot().GetArticle("ew", id, revision)->has_value();
}

TEST(Retention, ArticlesGoByAgeAndWhatTheySaidStaysKnown) {
  Newsroom room(Rules());
  room.Ingest(ArticleBuilder("old").At(Hour(0)).Names("acme").Sum("7"));
  room.Ingest(ArticleBuilder("new").At(Hour(10)).Names("zeta"));
  room.NewlyRung();
  room.Apply(TickCommand{Hour(20), ArticlesFor(15)});
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(Has(room, "old"));
    EXPECT_TRUE(Has(room, "new"));
    EXPECT_EQ(room.snapshot().ListArticles(0, 10)->articles.size(), 1u);
    EXPECT_EQ((*room.snapshot().GetEntity("acme"))->counters.article_count(),
              1);
    EXPECT_THAT(*room.snapshot().MentionsOfEntity(1, 0, 0, 10), IsEmpty());
    EXPECT_EQ(room.Alerts().size(), 3u) << "alerts are kept on their own";
    ExpectWhole(room);
    room.Reopen();
  }
  room.Ingest(ArticleBuilder("again").At(Hour(21)).Names("acme").Sum("7"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  // It is gone, so it can come again; but it is news no more.
  EXPECT_EQ(
      room.Ingest(ArticleBuilder("old").At(Hour(0)).Names("acme").Sum("7"))
          .outcome,
      Outcome::kStored);
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
}

TEST(Retention, OldRevisionsGoAndTheArticleStays) {
  Newsroom room(Rules());
  room.Ingest(ArticleBuilder("1").At(Hour(0)).Names("acme"));
  room.Ingest(ArticleBuilder("1").At(Hour(10)).Names("acme").Names("zeta"));
  room.Apply(TickCommand{Hour(20), ArticlesFor(15)});
  EXPECT_FALSE(Has(room, "1", 1));
  EXPECT_TRUE(Has(room, "1", 2));
  ExpectWhole(room);
  // What the first revision mentioned is still covered.
  room.NewlyRung();
  EXPECT_EQ(
      room.Ingest(ArticleBuilder("1").At(Hour(21)).Names("acme").Text("3"))
          .outcome,
      Outcome::kRevised);
  room.Apply(TickCommand{Hour(60), ArticlesFor(15)});
  EXPECT_FALSE(Has(room, "1"));
  EXPECT_FALSE(
      room.store().Get(Family::kHeads, HeadKey("ew", "1"))->has_value());
  EXPECT_FALSE(room.store().Get(Family::kCoverage, NumberKey(1))->has_value());
  ExpectWhole(room);
}

TEST(Retention, AnEmbargoOutlastsIt) {
  Newsroom room(Rules());
  room.Ingest(
      ArticleBuilder("1").At(Hour(0)).EmbargoUntil(Hour(50)).Names("acme"));
  room.Ingest(ArticleBuilder("2").At(Hour(0)).Names("zeta"));
  room.Apply(TickCommand{Hour(40), ArticlesFor(15)});
  EXPECT_TRUE(Has(room, "1"));
  EXPECT_FALSE(Has(room, "2"));
  ExpectWhole(room);
  room.NewlyRung();
  EXPECT_EQ(room.Apply(TickCommand{Hour(50), ArticlesFor(15)}).alert_count, 1);
  EXPECT_THAT(room.NewlyRung(), ElementsAre("new: acme"));
  EXPECT_FALSE(Has(room, "1"));
  ExpectWhole(room);
}

TEST(Retention, AlertsGoByAgeAndPositionsGoOn) {
  Newsroom room(Rules());
  for (int i = 0; i < 10; ++i) {
    room.Ingest(ArticleBuilder(absl::StrCat(i))
                    .At(Hour(i))
                    .Names(absl::StrCat("e", i)));
  }
  EXPECT_EQ(room.feed().oldest_sequence(), 1u);
  room.Apply(TickCommand{Hour(10), AlertsFor(6.5)});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(room.feed().oldest_sequence(), 5u);
    EXPECT_EQ(room.feed().last_sequence(), 10u);
    EXPECT_EQ(room.Alerts()[0].sequence(), 5u);
    EXPECT_EQ(room.feed().Read(4, 100)->size(), 6u);
    EXPECT_EQ(room.feed().Read(3, 100).status().code(),
              absl::StatusCode::kOutOfRange);
    EXPECT_EQ(*room.snapshot().FirstAlertAt(Hour(0)), 5u);
    EXPECT_EQ(*room.snapshot().FirstAlertAt(Hour(7.5)), 9u);
    ExpectWhole(room);
    room.Reopen();
  }
  // All of them may go; the numbers go on.
  room.Apply(TickCommand{Hour(100), AlertsFor(1)});
  EXPECT_THAT(room.Alerts(), IsEmpty());
  EXPECT_EQ(room.feed().oldest_sequence(), 11u);
  EXPECT_THAT(*room.feed().Read(10, 10), IsEmpty());
  ExpectWhole(room);
  room.Ingest(ArticleBuilder("x").At(Hour(101)).Names("x"));
  EXPECT_EQ(room.Alerts()[0].sequence(), 11u);
  EXPECT_EQ(room.feed().Read(10, 10)->size(), 1u);
}

TEST(Retention, BySizeTheOldestGo) {
  Newsroom room(Rules());
  for (int i = 0; i < 50; ++i) {
    room.Ingest(
        ArticleBuilder(absl::StrCat(i))
            .At(Hour(i))
            .Names(absl::StrCat("e", i))
            .Text(std::string(10'000, static_cast<char>('a' + i % 26))));
  }
  RetentionLimits limits;
  limits.articles.bytes = 200'000;
  limits.alerts.bytes = 5'000;
  room.Apply(TickCommand{Hour(51), limits});
  const auto state = room.snapshot().LatestCommit();
  EXPECT_LE(state->article_bytes(), 200'000);
  EXPECT_GT(state->article_bytes(), 180'000);
  EXPECT_LE(state->alert_bytes(), 5'000);
  EXPECT_GT(state->alert_bytes(), 2'000);
  EXPECT_TRUE(Has(room, "49"));
  EXPECT_FALSE(Has(room, "0"));
  ExpectWhole(room);
}

TEST(Retention, WhatJustCameIsKeptWhateverTheLimits) {
  Newsroom room(Rules());
  room.Ingest(ArticleBuilder("1").At(Hour(0)).Names("acme"));
  RetentionLimits limits;
  limits.articles = {absl::ZeroDuration(), 1};
  limits.alerts = {absl::ZeroDuration(), 1};
  room.Apply(TickCommand{Hour(0) + absl::Seconds(30), limits});
  EXPECT_TRUE(Has(room, "1"));
  EXPECT_EQ(room.Alerts().size(), 1u);
}

TEST(Retention, ALittleAtATime) {
  Newsroom room;
  const int count = kMaxDeletedPerTick + 200;
  for (int i = 0; i < count; ++i) {
    room.sequencer().Submit(ArticleBuilder(absl::StrCat(i)).At(Hour(0)).Build(),
                            [](const CommandResult&) {});
  }
  room.Apply(TickCommand{Hour(40), ArticlesFor(15)});
  EXPECT_EQ(room.snapshot().LatestCommit()->oldest_commit(),
            uint64_t{kMaxDeletedPerTick} + 1);
  room.Apply(TickCommand{Hour(40), ArticlesFor(15)});
  EXPECT_THAT(room.snapshot().ListArticles(0, 10)->articles, IsEmpty());
  EXPECT_EQ(room.snapshot().LatestCommit()->article_bytes(), 0);
}

TEST(Retention, NearCopiesOfMoreThanAWeekAgoGo) {
  Newsroom room;
  room.Ingest(ArticleBuilder("1").At(Hour(0)));
  room.Ingest(ArticleBuilder("2").At(Hour(100)));
  room.Tick(Hour(7 * 24 + 1));
  EXPECT_FALSE(room.store().Get(Family::kNear, NumberKey(1))->has_value());
  EXPECT_TRUE(room.store().Get(Family::kNear, NumberKey(2))->has_value());
  EXPECT_TRUE(Has(room, "1"));
  ExpectWhole(room);
}

TEST(Retention, SpaceComesBack) {
  Newsroom room;
  for (int i = 0; i < 1500; ++i) {
    // Nothing that could be compressed away.
    std::string noise(4000, 'x');
    uint64_t state = static_cast<uint64_t>(i) + 1;
    for (char& c : noise) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      c = static_cast<char>('!' + (state >> 33) % 90);
    }
    room.sequencer().Submit(
        ArticleBuilder(absl::StrCat(i)).At(Hour(i * 0.01)).Text(noise).Build(),
        [](const CommandResult&) {});
  }
  room.Apply(TickCommand{Hour(16)});
  ASSERT_TRUE(room.store().Flush().ok());
  const uint64_t before = room.store().DiskBytes();
  for (int i = 0; i < 3; ++i) {
    room.Apply(TickCommand{Hour(40), ArticlesFor(15)});
  }
  ASSERT_TRUE(room.store().Reclaim().ok());
  room.Reopen();  // Files that nothing holds any more are gone.
  EXPECT_GT(before, 5'000'000u);
  EXPECT_LT(room.store().DiskBytes(), before / 3);
  ExpectWhole(room);
}

}  // namespace
}  // namespace tocsin
