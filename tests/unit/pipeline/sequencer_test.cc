#include "pipeline/sequencer.h"

#include <cstdlib>
#include <future>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

Newsroom::Options WithRules() {
  Newsroom::Options options;
  options.rules = {RuleOf("new", "new(entity)"), RuleOf("sum", "new(amount)")};
  options.rules[0].labels = {{"desk", "tech"}, {"colour", "red"}, {"a", "b"}};
  return options;
}

TEST(Sequencer, StoresRevisesAndRecognisesDuplicates) {
  Newsroom room(WithRules());
  const ArticleBuilder first = ArticleBuilder("1").Names("acme");
  const ArticleBuilder second = ArticleBuilder("1").Names("acme").Text("more");
  struct Step {
    const ArticleBuilder& article;
    Outcome outcome;
    int revision;
    int alerts;
  };
  for (const Step& step : {Step{first, Outcome::kStored, 1, 1},
                           Step{first, Outcome::kDuplicate, 1, 0},
                           Step{second, Outcome::kRevised, 2, 0},
                           // Known content, though not the latest.
                           Step{first, Outcome::kDuplicate, 1, 0},
                           Step{second, Outcome::kDuplicate, 2, 0}}) {
    const CommandResult result = room.Ingest(step.article);
    ASSERT_TRUE(result.status.ok()) << result.status;
    EXPECT_EQ(result.outcome, step.outcome);
    EXPECT_EQ(result.revision, step.revision);
    EXPECT_EQ(result.alert_count, step.alerts);
  }
  const auto current = room.snapshot().GetArticle("ew", "1", 0);
  EXPECT_EQ((*current)->body, "1 acme more");
  EXPECT_EQ((*current)->revision_count, 2);
  const auto original = room.snapshot().GetArticle("ew", "1", 1);
  EXPECT_EQ((*original)->body, "1 acme");
}

TEST(Sequencer, ADuplicateChangesNoRow) {
  Newsroom room(WithRules());
  room.Ingest(ArticleBuilder("1").Names("acme").Sum("5"));
  const std::vector<std::string> before = room.Dump();
  room.Ingest(ArticleBuilder("1").Names("acme").Sum("5"));
  EXPECT_EQ(room.Dump(), before);
}

TEST(Sequencer, AnOlderUpdateIsStoredButDoesNotBecomeCurrent) {
  Newsroom room(WithRules());
  room.Ingest(ArticleBuilder("1").UpdatedAt(Hour(2)).Text("second"));
  room.Ingest(ArticleBuilder("1").UpdatedAt(Hour(1)).Text("first"));
  const auto current = room.snapshot().GetArticle("ew", "1", 0);
  EXPECT_EQ((*current)->body, "1 second");
  const auto older = room.snapshot().GetArticle("ew", "1", 2);
  EXPECT_EQ((*older)->body, "1 first");
  const auto list = room.snapshot().ListArticles(0, 10);
  ASSERT_EQ(list->articles.size(), 1u);
  EXPECT_EQ(list->articles[0].record.revision(), 1);
}

// A day of commands of every kind.
std::vector<Command> RandomDay(unsigned seed, int count) {
  std::mt19937 random(seed);
  const auto pick = [&](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  std::vector<Command> day;
  for (int i = 0; i < count; ++i) {
    const absl::Time now = Hour(i * 0.01);
    const int kind = pick(40);
    if (kind == 0) {
      day.push_back(TickCommand{now});
    } else if (kind == 1) {
      day.push_back(MergeCommand{absl::StrCat("e", pick(30)),
                                 absl::StrCat("e", pick(30))});
    } else if (kind == 2) {
      const auto set =
          RuleSetOf({RuleOf("new", "new(entity)"), RuleOf("sum", "new(amount)"),
                     RuleOf("more", "amount.high > 20")});
      day.push_back(RuleSetCommand{
          "default", 0, {set->rules().begin(), set->rules().end()}, {}, set});
    } else {
      ArticleBuilder article(absl::StrCat("a", pick(count / 2)),
                             absl::StrCat("lead", pick(count)));
      article.Source(absl::StrCat("s", pick(20))).At(now);
      for (int n = pick(6); n >= 0; --n) {
        article.Names(absl::StrCat("e", pick(1 + pick(200))));
      }
      if (pick(2) == 0)
        article.Sum(absl::StrCat(pick(3) == 0 ? "~" : "", 1 + pick(50)));
      if (pick(4) == 0)
        article.Percent(absl::StrCat(pick(9), ".", 1 + pick(9)));
      if (pick(20) == 0) article.EmbargoUntil(now + absl::Hours(pick(3)));
      if (pick(10) == 0) article.Silent();
      day.push_back(article.Build());
    }
  }
  return day;
}

TEST(Sequencer, TheSameCommandsGiveTheSameStoreHoweverTheyAreBatched) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  const std::vector<Command> day = RandomDay(seed, 600);
  std::vector<std::vector<std::string>> dumps;
  for (const size_t batch : {1, 7, 512}) {
    Newsroom::Options options = WithRules();
    options.sequencer.max_batch_commands = batch;
    // A cache too small to hold anything for long, for one of them.
    if (batch == 7) options.sequencer.cache_bytes = 4096;
    Newsroom room(options);
    std::vector<Sequencer::Submission> submissions;
    for (const Command& command : day) {
      submissions.push_back({command, [](CommandResult result) {
                               EXPECT_NE(result.status.code(),
                                         absl::StatusCode::kDataLoss);
                             }});
    }
    room.sequencer().SubmitAll(std::move(submissions));
    room.sequencer().Drain();
    dumps.push_back(room.Dump());
  }
  EXPECT_GT(dumps[0].size(), 2000u);
  EXPECT_EQ(dumps[0], dumps[1]);
  EXPECT_EQ(dumps[0], dumps[2]);
}

#ifndef NDEBUG  // Failpoints are compiled in.

// Runs in a process of its own, for failpoints are read once: 40 articles in
// batches of four, all queued at once, so that each batch is applied over one
// that is being written. The second batch meets the failpoint. Ends the process
// by how many articles were stored, after printing which were not, and why.
[[noreturn]] void IngestOverAFailure(const char* failpoint) {
  setenv("TOCSIN_FAILPOINTS", failpoint, 1);
  Newsroom::Options options = WithRules();
  options.sequencer.max_batch_commands = 4;
  std::map<std::string, std::vector<int>> failed;  // By status.
  std::vector<Sequencer::Submission> submissions;
  const auto article = [](int i) {
    return ArticleBuilder(absl::StrCat(i)).Names(absl::StrCat("e", i % 7));
  };
  for (int i = 0; i < 40; ++i) {
    submissions.push_back(
        {article(i).Build(), [&failed, i](const CommandResult& result) {
           if (!result.status.ok()) {
             failed[absl::StatusCodeToString(result.status.code())].push_back(
                 i);
           }
         }});
  }
  std::vector<std::string> dump;
  std::vector<std::string> expected;
  size_t stored = 40;
  {
    Newsroom room(options);
    room.sequencer().SubmitAll(std::move(submissions));
    room.sequencer().Drain();
    dump = room.Dump();
  }
  std::set<int> missing;
  for (const auto& [status, articles] : failed) {
    fprintf(stderr, "%s:", status.c_str());
    for (const int i : articles) fprintf(stderr, " %d", i);
    fprintf(stderr, "\n");
    missing.insert(articles.begin(), articles.end());
    stored -= articles.size();
  }
  // As if those that failed had never been sent.
  Newsroom room(options);
  for (int i = 0; i < 40; ++i) {
    if (!missing.contains(i)) room.Ingest(article(i));
  }
  if (room.Dump() != dump) fprintf(stderr, "another store\n");
  std::_Exit(room.Dump() == dump ? static_cast<int>(stored) : 100);
}

TEST(SequencerDeathTest, AFailedWriteFailsAllThatWasAppliedSince) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  // The first write is the store's own.
  EXPECT_EXIT(IngestOverAFailure("store.write.before=error@3"),
              ::testing::ExitedWithCode(4),
              "failpoint store.write.before\nINTERNAL: 4 5 6 .* 39\n");
}

TEST(SequencerDeathTest, AFullDiskFailsTheBatchAndTheOneAppliedOverIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(IngestOverAFailure("store.write.before=full@3"),
              ::testing::ExitedWithCode(32),
              "RESOURCE_EXHAUSTED: 4 5 6 7 8 9 10 11\n");
}

#endif

TEST(Sequencer, SequencesHaveNoHolesAndSurviveReopening) {
  Newsroom room(WithRules());
  const std::vector<Command> day = RandomDay(5, 300);
  for (size_t i = 0; i < day.size(); ++i) {
    room.Apply(day[i]);
    if (i % 60 == 0) room.Reopen();
  }
  const std::vector<AlertRecord> alerts = room.Alerts();
  ASSERT_GT(alerts.size(), 50u);
  for (size_t i = 0; i < alerts.size(); ++i) {
    EXPECT_EQ(alerts[i].sequence(), i + 1);
    if (i == 0) continue;
    EXPECT_GE(alerts[i].create_time(), alerts[i - 1].create_time());
  }
}

TEST(Sequencer, GroupsWhatIsQueuedIntoBatches) {
  Newsroom::Options options = WithRules();
  options.sequencer.min_batch_commands = 25;
  Newsroom room(options);
  std::vector<Sequencer::Submission> submissions;
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) {
    submissions.push_back(
        {ArticleBuilder(absl::StrCat(i)).Names("acme").Build(),
         [&order, i](CommandResult result) {
           EXPECT_TRUE(result.status.ok());
           EXPECT_EQ(result.alert_count, i == 0 ? 1 : 0);
           order.push_back(i);
         }});
  }
  room.sequencer().SubmitAll(std::move(submissions));
  room.sequencer().Drain();
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_GE(room.sequencer().stats().batches, 1);
  EXPECT_LE(room.sequencer().stats().batches, 4);
  EXPECT_EQ(room.sequencer().stats().commands, 100);
}

TEST(Sequencer, RefusesAfterDrain) {
  Newsroom room;
  room.sequencer().Drain();
  EXPECT_EQ(room.Ingest(ArticleBuilder("1")).status.code(),
            absl::StatusCode::kUnavailable);
}

TEST(Sequencer, AnArticleUnderEmbargoEntersAtTheFirstTickPastIt) {
  Newsroom room(WithRules());
  const CommandResult held = room.Ingest(
      ArticleBuilder("1").At(Hour(0)).EmbargoUntil(Hour(5)).Names("acme").Sum(
          "7"));
  EXPECT_EQ(held.outcome, Outcome::kStored);
  EXPECT_EQ(held.alert_count, 0);
  EXPECT_FALSE((*room.snapshot().GetEntity("acme")).has_value());
  EXPECT_THAT(room.snapshot().ListArticles(0, 10)->articles, IsEmpty());
  EXPECT_EQ(room.Ingest(ArticleBuilder("1")
                            .At(Hour(1))
                            .EmbargoUntil(Hour(5))
                            .Names("acme")
                            .Sum("7"))
                .outcome,
            Outcome::kDuplicate);
  room.Tick(Hour(4.99));
  room.Reopen();
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  EXPECT_EQ(room.Tick(Hour(5)).alert_count, 2);
  EXPECT_THAT(room.NewlyRung(), ElementsAre("new: acme", "sum: 7 USD @acme"));
  EXPECT_EQ(room.snapshot().ListArticles(0, 10)->articles.size(), 1u);
  EXPECT_EQ(room.Alerts()[0].passage(), "1 acme 7 USD");
  EXPECT_EQ(room.Alerts()[0].create_time(), absl::ToUnixMicros(Hour(5)));
  EXPECT_EQ(room.Tick(Hour(6)).alert_count, 0);
}

TEST(Sequencer, AnEmbargoThatIsOverHoldsNothingBack) {
  Newsroom room(WithRules());
  EXPECT_EQ(
      room.Ingest(ArticleBuilder("1").At(Hour(5)).EmbargoUntil(Hour(4)).Names(
                      "acme"))
          .alert_count,
      1);
}

TEST(Sequencer, ARuleSetHoldsForWhatComesAfterItAndIsStored) {
  Newsroom room;
  room.Ingest(ArticleBuilder("1").Names("acme"));
  const auto set = RuleSetOf({RuleOf("new", "new(entity)")});
  room.Apply(RuleSetCommand{"mine", 0, {set->rules()[0]}, {}, set});
  EXPECT_EQ(room.sequencer().rules(), set);
  room.Ingest(ArticleBuilder("2").Names("acme").Names("zeta"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("new: zeta"));
  const auto stored = room.snapshot().LoadRules();
  ASSERT_EQ(stored->rules.size(), 1u);
  EXPECT_EQ(stored->rules[0]->rule_set, "mine");
  EXPECT_EQ(stored->rules[0]->filter, "new(entity)");
  room.Apply(RuleSetCommand{"mine", 0, {}, {"new"}, RuleSet::Empty()});
  EXPECT_THAT(room.snapshot().LoadRules()->rules, IsEmpty());
}

TEST(Sequencer, AStagedSetIsNotInForceBeforeTheSwitch) {
  Newsroom room;
  const auto names = [&] {
    const auto stored = room.snapshot().LoadRules();
    std::vector<std::string> named;
    for (const RulePtr& rule : stored->rules)
      named.push_back(absl::StrCat(rule->rule_set, "/", rule->name));
    return named;
  };
  const auto old_set = RuleSetOf({RuleOf("old", "new(entity)")});
  const auto new_set =
      RuleSetOf({RuleOf("a", "new(entity)"), RuleOf("b", "new(amount)")});
  room.Apply(RuleSetCommand{"other", 7, {old_set->rules()[0]}, {}, old_set});
  room.Apply(RuleSetCommand{"mine", 0, {old_set->rules()[0]}, {}, old_set});
  room.Apply(StageRulesCommand{"mine", 1, {new_set->rules()[0]}});
  room.Apply(StageRulesCommand{"mine", 1, {new_set->rules()[1]}});
  EXPECT_THAT(names(), ElementsAre("mine/old", "other/old"));
  EXPECT_THAT(room.snapshot().LoadRules()->leftovers,
              ElementsAre(std::pair("mine", 1)));
  EXPECT_EQ(room.sequencer().rules(), old_set);

  room.Apply(RuleSetCommand{"mine", 1, {}, {}, new_set});
  EXPECT_THAT(names(), ElementsAre("mine/a", "mine/b", "other/old"));
  EXPECT_THAT(room.snapshot().LoadRules()->leftovers, IsEmpty());
  EXPECT_EQ(room.sequencer().rules(), new_set);

  room.Apply(StageRulesCommand{"mine", 2, {old_set->rules()[0]}});
  room.Apply(DropRulesCommand{"mine", 2});
  EXPECT_THAT(room.snapshot().LoadRules()->leftovers, IsEmpty());
  EXPECT_THAT(names(), ElementsAre("mine/a", "mine/b", "other/old"));
}

TEST(Sequencer, AMergedNameLeadsToItsHeir) {
  Newsroom room(WithRules());
  room.Ingest(
      ArticleBuilder("1").At(Hour(1)).Names("eu-kommissionen").Sum("7"));
  room.Ingest(ArticleBuilder("2").At(Hour(2)).Names("eu-commission"));
  room.NewlyRung();
  EXPECT_EQ(room.Apply(MergeCommand{"eu-commission", "nobody"}).status.code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE(
      room.Apply(MergeCommand{"eu-commission", "eu-kommissionen"}).status.ok());
  EXPECT_EQ(room.Apply(MergeCommand{"eu-commission", "eu-kommissionen"})
                .status.code(),
            absl::StatusCode::kInvalidArgument);
  for (int round = 0; round < 2; ++round) {
    const auto heir = room.snapshot().GetEntity("eu-kommissionen");
    EXPECT_EQ((*heir)->record.key(), "eu-commission");
    EXPECT_EQ((*heir)->counters.article_count(), 2);
    EXPECT_EQ((*heir)->counters.first_seen_at(), absl::ToUnixMicros(Hour(1)));
    EXPECT_EQ(room.snapshot().AmountsOf((*heir)->record.number(), 9)->size(),
              1u);
    const auto mentions =
        room.snapshot().MentionsOfEntity((*heir)->record.number(), 0, 0, 10);
    ASSERT_EQ(mentions->size(), 2u);
    EXPECT_EQ((*mentions)[1].mention.surface(), "eu-kommissionen");
    EXPECT_EQ((*mentions)[1].mention.entity().key(), "eu-commission");
    room.Reopen();
  }
  // The sum of the one is known of the other; neither name is new.
  room.Ingest(ArticleBuilder("3").Names("eu-commission").Sum("7"));
  room.Ingest(ArticleBuilder("4").Names("eu-kommissionen").Sum("7"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  EXPECT_EQ(room.snapshot().ListEntities(0, 10)->size(), 1u);
}

TEST(Sequencer, AnAlertIsCompleteInItself) {
  Newsroom room(WithRules());
  room.Ingest(ArticleBuilder("x y")
                  .Source("ew")
                  .Headline("Stargate")
                  .Text("Last week")
                  .Names("openai", "OpenAI")
                  .Text("said")
                  .Sum("500000000000"));
  const AlertRecord alert = room.Alerts().back();
  EXPECT_EQ(alert.sequence(), 2u);
  EXPECT_EQ(alert.rule(), "sum");
  EXPECT_EQ(alert.article_id(), "x y");
  EXPECT_EQ(alert.headline(), "Stargate");
  EXPECT_EQ(alert.mention().surface(), "500000000000 USD");
  EXPECT_EQ(alert.anchor().display_name(), "OpenAI");
  EXPECT_EQ(alert.passage().substr(alert.passage_begin(),
                                   alert.passage_end() - alert.passage_begin()),
            "500000000000 USD");
  EXPECT_EQ(alert.novelty(), 1);  // FIRST_EVER
  EXPECT_EQ(room.Alerts()[0].labels().at("desk"), "tech");
}

}  // namespace
}  // namespace tocsin
