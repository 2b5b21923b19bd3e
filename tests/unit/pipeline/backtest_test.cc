#include "pipeline/backtest.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "article_generator.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lexicon/lexicon.h"
#include "newsroom.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::shared_ptr<const Analyzer> SharedAnalyzer() {
  static const auto* const analyzer = [] {
    LexiconOptions options;
    options.data_dir = absl::StrCat(TOCSIN_SOURCE_DIR, "/daemon/data");
    return new std::shared_ptr<const Analyzer>(
        Analyzer::Create(Lexicon::Load(options).value()).value());
  }();
  return *analyzer;
}

// All alerts of a backtest, step by step.
std::vector<Backtest::Ring> RunAll(const Store& store,
                                   Backtest::Options options,
                                   size_t step = 100) {
  auto backtest =
      Backtest::Create(store, SharedAnalyzer(), std::move(options)).value();
  std::vector<Backtest::Ring> all;
  uint64_t done = 0;
  while (!backtest->at_end()) {
    std::vector<Backtest::Ring> some = backtest->Next(step, 10).value();
    EXPECT_GE(backtest->done(), done);
    done = backtest->done();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  EXPECT_EQ(backtest->done(), backtest->total());
  return all;
}

std::vector<std::string> Shown(const std::vector<Backtest::Ring>& rings) {
  static constexpr absl::string_view kMarks[] = {"", " ", "+", "-"};
  std::vector<std::string> shown;
  for (const Backtest::Ring& ring : rings) {
    shown.push_back(absl::StrCat(kMarks[static_cast<int>(ring.change)],
                                 ring.alert.rule(), ": ",
                                 ring.alert.article_id()));
  }
  return shown;
}

Backtest::Options OptionsOf(std::vector<Rule> rules) {
  Backtest::Options options;
  options.rules = RuleSetOf(std::move(rules));
  return options;
}

// ---- Exactness

Rule With(Rule rule, void (*change)(Rule&)) {
  change(rule);
  return rule;
}

// Every way that a rule may ring.
std::vector<Rule> ManyRules() {
  return {
      RuleOf("new-name", "new(entity)"),
      RuleOf("new-unlisted", "new(entity) AND NOT entity.listed"),
      RuleOf("back", "new(entity, 2h) AND entity.type = PERSON"),
      RuleOf("new-amount", "new(amount)"),
      RuleOf("big-money",
             "new(amount) AND amount.kind = MONEY AND "
             "amount.high >= 100m"),
      RuleOf("changed", "changed(amount) AND entity.type = ORGANIZATION"),
      RuleOf("words", "article.text:(\"said\" OR \"sade\" OR \"zei\")"),
      RuleOf("near", "near(\"säger\", \"som\", 8) AND new(entity)"),
      RuleOf("swedish", "article.language = \"sv\" AND new(entity)"),
      RuleOf("heard", "sources(entity, 10min) >= 3 AND entity.type = PERSON"),
      RuleOf("talk", "mentions(entity, 1h) >= 5 AND new(amount)"),
      RuleOf("revised", "article.revision > 1"),
      With(RuleOf("often", "entity.type = PERSON"),
           [](Rule& rule) {
             rule.once_per = absl::Hours(1);
             rule.headline_template = "{entity.display_name} again";
           }),
      With(RuleOf("always",
                  "entity.article_count >= 3 AND "
                  "entity.type = ORGANIZATION"),
           [](Rule& rule) { rule.once_per = absl::ZeroDuration(); }),
      With(RuleOf("two", "new(entity)"),
           [](Rule& rule) {
             rule.min_sources = 2;
             rule.min_sources_within = absl::Hours(1);
           }),
      With(RuleOf("three", "entity.type = PERSON"),
           [](Rule& rule) {
             rule.min_sources = 3;
             rule.min_sources_within = absl::Hours(100);
             rule.once_per = absl::Hours(3);
           }),
      With(RuleOf("muted", "new(entity)"),
           [](Rule& rule) { rule.mute_until = Hour(1.5); }),
      With(RuleOf("quiet", "new(amount, 1h)"),
           [](Rule& rule) {
             rule.quiet_hours = QuietHours{"UTC", 13 * 60, 14 * 60};
             rule.labels = {{"desk", "night"}};
             rule.urgency = 2;
           }),
  };
}

// Commands as a newsroom gives them: articles, revisions, copies under another
// name, silent ones, late ones, embargoes, and time that passes.
class Newswire {
 public:
  Newswire(uint64_t seed, ArticleGenerator generator)
      : random_(seed), generator_(std::move(generator)) {}

  void Feed(Newsroom& room, int count) {
    for (int i = 0; i < count; ++i) {
      now_ += absl::Milliseconds(Below(8000));
      if (Below(4) == 0) room.Tick(now_ + absl::Milliseconds(Below(500)));
      room.Apply(Next());
    }
    room.Tick(now_ + absl::Hours(48));
  }

 private:
  int Below(int n) {
    return std::uniform_int_distribution<>(0, n - 1)(random_);
  }

  ArticleCommand Next() {
    ArticleCommand command;
    command.article = generator_.Make(index_++);
    Article& article = command.article;
    article.source = absl::StrCat("source-", Below(5));
    article.published_at = now_ - absl::Seconds(Below(30));
    const int kind = Below(12);
    if (kind < 4 && !sent_.empty()) {
      const Article& earlier = sent_[static_cast<size_t>(
          std::max(0, static_cast<int>(sent_.size()) - 1 - Below(60)))];
      if (kind < 2) {  // A revision: something more, or something else.
        const std::string more =
            article.body.substr(0, article.body.find('\n'));
        article = earlier;
        article.body =
            kind == 0 ? absl::StrCat(more, "\n", earlier.body) : more;
        if (Below(3) == 0) article.updated_at = now_ - absl::Seconds(Below(60));
      } else {  // Another source's copy, with a word more.
        const std::string source = article.source, id = article.id;
        article = earlier;
        article.source = source;
        article.id = id;
        if (kind == 2) absl::StrAppend(&article.body, " Copied.");
      }
    } else if (kind == 4) {
      article.published_at = now_ - absl::Hours(Below(100));
    } else if (kind == 5) {
      article.embargo_until = now_ + absl::Seconds(Below(600));
    }
    if (kind >= 4) sent_.push_back(article);
    command.suppress_alerts = Below(15) == 0;
    command.received_at = now_ - absl::Milliseconds(Below(300));
    command.analysis = SharedAnalyzer()->Analyze(article);
    return command;
  }

  std::mt19937_64 random_;
  const ArticleGenerator generator_;
  uint64_t index_ = 0;
  absl::Time now_ = Hour(0);
  std::vector<Article> sent_;
};

TEST(Backtest, GivesExactlyTheAlertsThatLiveIngestGave) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Newsroom::Options options;
  options.rules = ManyRules();
  Newsroom room(std::move(options));
  Newswire(seed,
           ArticleGenerator::Create({.seed = seed, .body_bytes = 600}).value())
      .Feed(room, 2500);

  std::vector<std::string> all;
  for (const Rule& rule : ManyRules()) {
    std::vector<std::string> live;
    for (AlertRecord& alert : room.Alerts()) {
      alert.clear_sequence();
      if (alert.rule() == rule.name) live.push_back(alert.DebugString());
    }
    std::vector<std::string> tested;
    for (const Backtest::Ring& ring : RunAll(room.store(), OptionsOf({rule}))) {
      tested.push_back(ring.alert.DebugString());
    }
    EXPECT_FALSE(live.empty()) << rule.name;
    ASSERT_EQ(tested.size(), live.size()) << rule.name;
    for (size_t i = 0; i < live.size(); ++i) {
      ASSERT_EQ(tested[i], live[i]) << rule.name << " " << i;
    }
  }

  // All of them at once, in the order of the log.
  const std::vector<AlertRecord> live = room.Alerts();
  const std::vector<Backtest::Ring> tested =
      RunAll(room.store(), OptionsOf(ManyRules()), /*step=*/7);
  ASSERT_EQ(tested.size(), live.size());
  for (size_t i = 0; i < live.size(); ++i) {
    AlertRecord expected = live[i];
    expected.clear_sequence();
    ASSERT_EQ(tested[i].alert.DebugString(), expected.DebugString()) << i;
  }
}

// ---- What it is asked

class BacktestOptions : public ::testing::Test {
 protected:
  BacktestOptions() {
    for (int day = 0; day < 10; ++day) {
      room_.Ingest(ArticleBuilder(absl::StrCat(day))
                       .At(Hour(24.0 * day))
                       .Names(absl::StrCat("name", day / 2))
                       .Names("acme")
                       .Sum(absl::StrCat(day)));
    }
  }
  Newsroom room_;
};

TEST_F(BacktestOptions, LooksAtEventTimesFromStartToEnd) {
  Backtest::Options options = OptionsOf({RuleOf("any", "article.source:*")});
  options.start = Hour(24 * 3);
  options.end = Hour(24 * 5);
  EXPECT_THAT(Shown(RunAll(room_.store(), options)),
              ElementsAre("+any: 3", "+any: 4"));
  // What is new is so over all of the archive, not just the span.
  options.rules = RuleSetOf({RuleOf("new", "new(entity)")});
  EXPECT_THAT(Shown(RunAll(room_.store(), options)), ElementsAre("+new: 4"));
}

TEST_F(BacktestOptions, SkipsWhatWasReceivedLongBefore) {
  Backtest::Options options = OptionsOf({RuleOf("any", "article.source:*")});
  options.start = Hour(24 * 8);
  const auto backtest =
      Backtest::Create(room_.store(), SharedAnalyzer(), options).value();
  EXPECT_LE(backtest->total(), 3u);
  EXPECT_GE(backtest->total(), 2u);
}

TEST_F(BacktestOptions, ComparesWithABaseline) {
  Backtest::Options options =
      OptionsOf({RuleOf("sum",
                        "new(amount) AND amount.high >= 2 AND "
                        "amount.high < 5")});
  options.baseline = RuleSetOf({RuleOf("sum",
                                       "new(amount) AND amount.high >= 3 AND "
                                       "amount.high < 7")});
  EXPECT_THAT(
      Shown(RunAll(room_.store(), options)),
      ElementsAre("+sum: 2", " sum: 3", " sum: 4", "-sum: 5", "-sum: 6"));
}

TEST_F(BacktestOptions, SeesOneMomentOfTheArchive) {
  auto backtest =
      Backtest::Create(room_.store(), SharedAnalyzer(),
                       OptionsOf({RuleOf("any", "article.source:*")}))
          .value();
  room_.Ingest(ArticleBuilder("later").At(Hour(1000)));
  size_t rung = 0;
  while (!backtest->at_end()) rung += backtest->Next(3, 2).value().size();
  EXPECT_EQ(rung, 10u);
}

TEST_F(BacktestOptions, WritesNothing) {
  const std::vector<std::string> before = room_.Dump();
  RunAll(room_.store(), OptionsOf(ManyRules()));
  EXPECT_THAT(room_.Dump(), ElementsAreArray(before));
}

TEST(BacktestOfAnEmptyArchive, RingsNothing) {
  Newsroom room;
  EXPECT_THAT(RunAll(room.store(), OptionsOf(ManyRules())), IsEmpty());
}

TEST(BacktestOfADamagedArchive, NamesTheRow) {
  Newsroom room;
  room.Ingest(ArticleBuilder("1").Names("acme"));
  StoreBatch batch(room.store());
  batch.Put(Family::kMentions, NumberKey(1), "\xff\xff");
  ASSERT_TRUE(room.store().Write(batch, true).ok());
  const auto rings = Backtest::Create(room.store(), SharedAnalyzer(),
                                      OptionsOf({RuleOf("new", "new(entity)")}))
                         .value()
                         ->Next(10, 10);
  EXPECT_EQ(rings.status().message(), "the row 1 of `mentions` is damaged");
}

}  // namespace
}  // namespace tocsin
