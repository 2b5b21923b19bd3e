#include "rules/explanation.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "filter/phrase.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

// `(all a=yes[actual] (not b=no[actual]))`
std::string Shown(const ExplainedPart& part) {
  const std::string holds = part.holds ? "yes" : "no";
  if (part.kind == ExplainedPart::Kind::kTest) {
    return absl::StrCat(part.text, " -> ", holds, " [", part.actual, "]");
  }
  static constexpr absl::string_view kNames[] = {"", "", "all", "any", "not"};
  return absl::StrCat("(", kNames[static_cast<int>(part.kind)], " ", holds,
                      ": ",
                      absl::StrJoin(part.parts, "; ",
                                    [](std::string* out, const auto& child) {
                                      out->append(Shown(child));
                                    }),
                      ")");
}

// An article about OpenAI, known from 3 others, and 2 billion dollars of its,
// new.
class ExplanationTest : public testing::Test {
 protected:
  ExplanationTest() {
    analysis_.words = FoldedWords("OpenAI raised two billion dollars");
    Entity entity;
    entity.key = "openai";
    entity.display_name = "OpenAI";
    entity.type = EntityType::kOrganization;
    entity.listed = true;
    analysis_.entities = {entity};
    Amount amount;
    amount.kind = AmountKind::kMoney;
    amount.unit = "USD";
    amount.low = amount.high = Decimal{"2000000000", 2e9};
    amount.anchor = 0;
    analysis_.amounts = {amount};
    analysis_.mentions.resize(2);
    analysis_.mentions[0].entity = 0;
    analysis_.mentions[1].amount = 0;
    facts_.source = "ew";
    facts_.language = "en";
    facts_.analysis = &analysis_;
    sightings_.resize(2);
    sightings_[0].mention = 0;
    sightings_[0].evidence = {absl::UnixEpoch(), absl::UnixEpoch(), 3, 2};
    sightings_[1].mention = 1;
    sightings_[1].anchor = sightings_[0].evidence;
  }

  Explanation Explain(const std::string& filter, int sighting) {
    Rule rule;
    rule.name = "r";
    rule.filter = filter;
    return RuleExplainer::Create(rule).value().Explain(
        facts_, ArticleWords(analysis_.words), sightings_, sighting, nullptr);
  }

  Analysis analysis_;
  ArticleFacts facts_;
  std::vector<Sighting> sightings_;
};

TEST_F(ExplanationTest, ShowsEachConditionAsWrittenWithItsValue) {
  EXPECT_EQ(Shown(Explain("article.source = \"ew\"", -1).filter),
            "article.source = \"ew\" -> yes [\"ew\"]");
  EXPECT_EQ(
      Shown(Explain("new(entity) AND entity.type = PERSON", 0).filter),
      "(all no: new(entity) -> no [seen in 3 articles before, last "
      "1970-01-01T00:00:00+00:00]; entity.type = PERSON -> no [ORGANIZATION])");
  EXPECT_EQ(Shown(Explain("new(amount) AND amount.high >= 3bn", 1).filter),
            "(all no: new(amount) -> yes [never seen before]; amount.high >= "
            "3bn -> no [2e+09])");
  EXPECT_EQ(Shown(Explain("NOT article.text:\"lost\" AND "
                          "article.language = (\"sv\" OR \"en\")",
                          -1)
                      .filter),
            "(all yes: (not yes: article.text:\"lost\" -> no [not in the "
            "text]); article.language = (\"sv\" OR \"en\") -> yes [\"en\"])");
}

TEST_F(ExplanationTest, MatchesAsTheFilterDoes) {
  struct Case {
    const char* filter;
    int sighting;
    bool matches;
    NoveltyKind novelty;
  };
  for (const Case& test :
       {Case{"entity.listed", 0, true, NoveltyKind::kKnown},
        Case{"new(entity)", 0, false, NoveltyKind::kUnspecified},
        Case{"new(amount)", 1, true, NoveltyKind::kFirstEver},
        Case{"article.text:\"billion dollars\"", -1, true,
             NoveltyKind::kUnspecified},
        Case{"amount.unit = (EUR OR USD) AND NOT entity.type = PERSON", 1, true,
             NoveltyKind::kFirstEver}}) {
    const Explanation explanation = Explain(test.filter, test.sighting);
    EXPECT_EQ(explanation.matches, test.matches) << test.filter;
    EXPECT_EQ(explanation.novelty, test.novelty) << test.filter;
    EXPECT_EQ(explanation.closeness == 1, test.matches) << test.filter;
  }
}

TEST_F(ExplanationTest, TellsHowCloseItCame) {
  EXPECT_EQ(Explain("new(entity) AND entity.listed", 0).closeness, 0.5);
  EXPECT_EQ(Explain("new(entity) AND entity.type = PERSON", 0).closeness, 0);
  EXPECT_EQ(
      Explain("new(entity) OR (entity.listed AND entity.type = PERSON)", 0)
          .closeness,
      0.5);
}

}  // namespace
}  // namespace tocsin
