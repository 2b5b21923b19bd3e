#include "filter/evaluator.h"

#include <string>

#include "filter/article_words.h"
#include "filter/filter.h"
#include "filter/phrase.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Evidence Seen(absl::Duration ago, int64_t articles = 3) {
  return {kNow - 2 * ago, kNow - ago, articles, 2};
}

// An article of a wire about a new amount beside OpenAI, seen 40 days ago.
class EvaluatorTest : public testing::Test {
 protected:
  EvaluatorTest() {
    analysis_.words = FoldedWords("Stargate: OpenAI bygger nytt datacenter");
    analysis_.words.push_back(0);
    for (const uint64_t word :
         FoldedWords("A data center of GPT-5 for 500 billion"))
      analysis_.words.push_back(word);
    openai_ = {"openai", "OpenAI", EntityType::kOrganization, true, 2};
    analysis_.entities = {
        openai_, {"stargate", "Stargate", EntityType::kOther, false, 1}};
    subject_.source = "ew";
    subject_.id = "17";
    subject_.uri = "https://example.org/a/17";
    subject_.language = "sv-FI";
    subject_.headline = "Stargate: OpenAI bygger nytt datacenter";
    subject_.article_urgency = 2;
    subject_.revision = 1;
    subject_.event_time = kNow;
    subject_.analysis = &analysis_;
    subject_.entity = ViewOf(openai_, Seen(absl::Hours(24 * 40)));
    AmountView amount;
    amount.kind = AmountKind::kMoney;
    amount.unit = "USD";
    amount.low = 2e9;
    amount.high = 3e9;
    amount.approximate = true;
    subject_.amount = amount;
  }

  bool Matches(absl::string_view text,
               FilterPlace place = FilterPlace::kRule) const {
    const auto filter = Filter::Compile(text, place);
    EXPECT_TRUE(filter.ok()) << filter.status();
    return filter.ok() && (*filter)->Matches(subject_);
  }

  Entity openai_;
  Analysis analysis_;
  Subject subject_;
};

TEST_F(EvaluatorTest, ComparesEveryField) {
  for (const absl::string_view text : {
           "article.source = \"ew\"",
           "article.source:\"E\"",
           "article.source != \"blog\"",
           "article.id = 17",
           "article.uri = \"https://example.org/*\"",
           "article.uri:\"EXAMPLE\"",
           "article.language = \"sv\"",
           "article.language = (\"da\" OR \"SV-fi\")",
           "article.urgency <= 2",
           "article.headline = \"STARGATE: openai bygger nytt datacenter\"",
           "article.headline = \"stargate*\"",
           "article.headline:\"openai bygger\"",
           "article.text:\"data center\"",
           "article.text:datacenter",
           "article.text:(\"no such\" OR stargate)",
           "article.text:\"GPT-5\"",
           "NOT article.text:cent",
           "NOT article.text:\"center data\"",
           "near(\"openai\", \"data center\", 5)",
           "NOT near(\"stargate\", \"billion\", 5)",
           "article.event_time > 2020-01-01",
           "article.revision = 1",
           "article.entities:\"entities/openai\"",
           "article.entities:(\"OpenAI\" AND Stargate)",
           "NOT article.entities:microsoft",
           "entity:* AND amount:*",
           "entity.name = \"entities/openai\"",
           "entity.name = \"open*\"",
           "entity.display_name:openai",
           "entity.type = ORGANIZATION",
           "entity.type = organization",
           "entity.type != PLACE",
           "entity.listed",
           "entity.article_count = 3",
           "entity.source_count < 5",
           "entity.first_seen_at > 2020-01-01 AND entity.last_seen_at < "
           "2024-01-01",
           "amount.kind = MONEY",
           "amount.unit = usd",
           "amount.low = 2bn AND amount.high >= 3e9",
           "amount.value > 2.5bn AND amount.value < 2.5bn AND amount.value = "
           "2.2bn",
           "NOT amount.value = 1.9bn",
           "amount.approximate",
           "NOT amount.vague",
           "NOT amount.bound:*",
           "NOT amount.bound = AT_LEAST",
       })
    EXPECT_TRUE(Matches(text)) << text;
}

TEST_F(EvaluatorTest, WhatIsAbsentHoldsNoComparison) {
  subject_.amount.reset();
  subject_.entity.reset();
  for (const absl::string_view text :
       {"amount.kind = MONEY", "amount.kind != MONEY", "amount.low < 5",
        "amount.value > 0", "NOT entity:*  AND entity.listed = false",
        "new(entity)", "new(amount)", "changed(amount)", "article.byline:x",
        "article.byline != \"x\"", "sources(entity, 1h) >= 0"})
    EXPECT_FALSE(Matches(text)) << text;
  EXPECT_TRUE(Matches("NOT amount.kind = MONEY"));
}

TEST_F(EvaluatorTest, NewIsReadOffTheEvidence) {
  EXPECT_FALSE(Matches("new(entity)"));
  EXPECT_TRUE(Matches("new(entity, 30d)"));
  EXPECT_FALSE(Matches("new(entity, 41d)"));
  EXPECT_TRUE(Matches("new(amount)"));
  subject_.entity->evidence = {};
  EXPECT_TRUE(Matches("new(entity)"));
  // A late article resurfaces nothing.
  subject_.entity->evidence = Seen(-absl::Hours(24 * 365));
  EXPECT_FALSE(Matches("new(entity, 30d)"));
  // Exactly the window is not more than the window.
  subject_.entity->evidence = Seen(absl::Hours(24 * 30));
  EXPECT_FALSE(Matches("new(entity, 30d)"));
}

TEST_F(EvaluatorTest, AVagueAmountIsNewOnlyIfTheRuleNamesVague) {
  subject_.amount->vague = true;
  EXPECT_FALSE(Matches("new(amount)"));
  EXPECT_TRUE(Matches("new(amount) AND amount.vague"));
  EXPECT_TRUE(Matches("new(amount) AND amount.vague = (true OR false)"));
}

TEST_F(EvaluatorTest, NoveltySaysWhatIsNew) {
  const auto novelty = [&](absl::string_view text) {
    return (*Filter::Compile(text, FilterPlace::kRule))->NoveltyOf(subject_);
  };
  EXPECT_EQ(novelty("new(entity, 30d)"), NoveltyKind::kResurfaced);
  EXPECT_EQ(novelty("new(entity, 50d)"), NoveltyKind::kKnown);
  EXPECT_EQ(novelty("entity.listed"), NoveltyKind::kKnown);
  EXPECT_EQ(novelty("new(amount)"), NoveltyKind::kFirstEver);
  EXPECT_EQ(novelty("article.source = ew"), NoveltyKind::kUnspecified);
  subject_.amount->evidence = Seen(absl::Hours(1));
  subject_.amount->changed = true;
  EXPECT_EQ(novelty("changed(amount)"), NoveltyKind::kChanged);
}

TEST_F(EvaluatorTest, ScansCountOverTheWindow) {
  Scans scans;
  scans.sources = [](absl::string_view key, absl::Time end,
                     absl::Duration window) -> int64_t {
    return key == "openai" && end == kNow && window == absl::Hours(24) ? 3 : 0;
  };
  EXPECT_FALSE(Matches("sources(entity, 24h) >= 3"));
  subject_.scans = &scans;
  EXPECT_TRUE(Matches("sources(entity, 24h) >= 3"));
  EXPECT_TRUE(Matches("sources(entity, 24h) != 2"));
  EXPECT_FALSE(Matches("sources(entity, 25h) >= 3"));
  EXPECT_FALSE(Matches("mentions(entity, 24h) > 0"));
}

TEST_F(EvaluatorTest, WhatAFilterIsAboutFollowsFromWhatItNames) {
  const auto about = [](absl::string_view text) {
    return (*Filter::Compile(text, FilterPlace::kRule))->about();
  };
  EXPECT_EQ(about("article.entities:openai"), FilterAbout::kArticle);
  EXPECT_EQ(about("article.source = x AND new(entity)"), FilterAbout::kEntity);
  EXPECT_EQ(about("sources(entity, 1h) > 2"), FilterAbout::kEntity);
  EXPECT_EQ(about("entity.listed AND new(amount)"), FilterAbout::kAmount);
  EXPECT_EQ(about("entity.listed AND NOT amount.vague"), FilterAbout::kAmount);
}

TEST_F(EvaluatorTest, AlertFiltersSeeWhatAnAlertCarries) {
  subject_.analysis = nullptr;
  subject_.rule = "rules/new-amount";
  subject_.urgency = 4;
  subject_.novelty = NoveltyKind::kFirstEver;
  const std::pair<absl::string_view, absl::string_view> labels[] = {
      {"desk", "economy"}};
  subject_.labels = labels;
  for (const absl::string_view text :
       {"rule = \"rules/new-amount\"", "rule = new-amount", "rule = \"new-*\"",
        "rule != (a AND b)", "urgency <= 4", "source = ew", "language = sv",
        "headline:stargate", "novelty = FIRST_EVER", "labels.desk = economy",
        "labels:desk", "NOT labels:topic", "labels.desk != sports",
        "new(amount)", "entity.type = ORGANIZATION", "amount.value > 1bn",
        "article.source = ew AND event_time > 2020-01-01", ""})
    EXPECT_TRUE(Matches(text, FilterPlace::kAlert)) << text;
  EXPECT_FALSE(Matches("labels.topic != sports", FilterPlace::kAlert));
}

TEST_F(EvaluatorTest, ValuesAreShownToPeople) {
  const auto shown = [&](absl::string_view text) {
    const auto filter = Filter::Compile(text, FilterPlace::kRule);
    return ValueShown((*filter)->program().conditions[0], subject_);
  };
  EXPECT_EQ(shown("entity.type = PERSON"), "ORGANIZATION");
  EXPECT_EQ(shown("entity.listed"), "true");
  EXPECT_EQ(shown("amount.value > 1"), "2e+09 to 3e+09");
  EXPECT_EQ(shown("article.source = x"), "\"ew\"");
  EXPECT_EQ(shown("amount.bound = AT_MOST"), "absent");
  EXPECT_EQ(shown("article.entities:x"), "openai, stargate");
  EXPECT_EQ(shown("new(amount)"), "never seen before");
}

}  // namespace
}  // namespace tocsin
