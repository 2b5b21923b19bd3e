#include "rules/rule_set.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "filter/phrase.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Rule MakeRule(std::string name, std::string filter) {
  Rule rule;
  rule.name = std::move(name);
  rule.filter = std::move(filter);
  return rule;
}

// An article that mentions OpenAI (known) and Teuken (new), and USD 500bn
// (new) and a vague sum about OpenAI.
class RuleSetTest : public testing::Test {
 protected:
  RuleSetTest() {
    analysis_.entities = {
        {"openai", "OpenAI", EntityType::kOrganization, true, 1},
        {"teuken", "Teuken", EntityType::kProduct, false, 1}};
    Amount amount;
    amount.kind = AmountKind::kMoney;
    amount.unit = "USD";
    amount.low = amount.high = {"500000000000", 5e11};
    amount.anchor = 0;
    Amount vague = amount;
    vague.vague = true;
    analysis_.amounts = {amount, vague};
    for (const int entity : {0, 1}) {
      Mention mention;
      mention.entity = entity;
      analysis_.mentions.push_back(mention);
    }
    for (const int index : {0, 1}) {
      Mention mention;
      mention.amount = index;
      analysis_.mentions.push_back(mention);
    }
    analysis_.words = FoldedWords("OpenAI and Teuken build a data center");
    facts_.source = "ew";
    facts_.language = "en";
    facts_.revision = 1;
    facts_.event_time = absl::FromUnixSeconds(1'700'000'000);
    facts_.analysis = &analysis_;
    for (const int mention : {0, 1, 2, 3}) {
      Sighting sighting;
      sighting.mention = mention;
      sightings_.push_back(sighting);
    }
    const Evidence known = {facts_.event_time - absl::Hours(48),
                            facts_.event_time - absl::Hours(24), 5, 2};
    sightings_[0].evidence = known;
    sightings_[2].anchor = sightings_[3].anchor = known;
  }

  // "sighting:rule" of each match.
  std::vector<std::string> Match(std::vector<Rule> rules) {
    auto set = RuleSet::Create(std::move(rules));
    EXPECT_TRUE(set.ok()) << set.status();
    if (!set.ok()) return {};
    set_ = *set;
    matches_ = set_->Match(facts_, sightings_);
    std::vector<std::string> shown;
    for (const RuleMatch& match : matches_)
      shown.push_back(absl::StrCat(match.sighting, ":", match.rule->name));
    return shown;
  }

  Analysis analysis_;
  ArticleFacts facts_;
  std::vector<Sighting> sightings_;
  std::shared_ptr<const RuleSet> set_;
  std::vector<RuleMatch> matches_;
};

TEST_F(RuleSetTest, MatchesInOrderOfSightingAndName) {
  EXPECT_THAT(
      Match(
          {MakeRule("z-new", "new(entity)"),
           MakeRule("a-openai", "entity.name = openai"),
           MakeRule("b-new", "new(entity)"),
           MakeRule("sum",
                    "new(amount) AND amount.unit = USD AND amount.high >= 1bn"),
           MakeRule("sum-too-large",
                    "new(amount) AND amount.unit = USD AND amount.high >= 1tn"),
           MakeRule("vague", "amount.vague AND entity.type = ORGANIZATION"),
           MakeRule("text", "article.text:\"data center\""),
           MakeRule("no-text", "article.text:\"center data\""),
           MakeRule("source",
                    "article.source = ew AND NOT article.entities:microsoft")}),
      ElementsAre("-1:source", "-1:text", "0:a-openai", "1:b-new", "1:z-new",
                  "2:sum", "3:vague"));
  EXPECT_EQ(matches_[2].novelty, NoveltyKind::kKnown);
  EXPECT_EQ(matches_[3].novelty, NoveltyKind::kFirstEver);
  EXPECT_EQ(matches_[5].about, FilterAbout::kAmount);
}

TEST_F(RuleSetTest, ADisabledRuleIsHeldButDoesNotMatch) {
  Rule rule = MakeRule("off", "new(entity)");
  rule.disabled = true;
  EXPECT_THAT(Match({rule}), ElementsAre());
  ASSERT_NE(set_->Find("off"), nullptr);
  EXPECT_EQ(*set_->Find("off"), rule);
  EXPECT_EQ(set_->Find("of"), nullptr);
}

TEST_F(RuleSetTest, OncePerIsGivenOrTheWindowOrForEver) {
  Rule given = MakeRule("given", "new(entity, 30d)");
  given.once_per = absl::Hours(1);
  Match({given, MakeRule("window", "new(entity, 30d) OR new(entity, 7d)"),
         MakeRule("ever", "new(entity)"),
         MakeRule("amount", "new(amount) AND new(entity, 30d)")});
  EXPECT_EQ(set_->EffectiveOncePer(*set_->Find("given")), absl::Hours(1));
  EXPECT_EQ(set_->EffectiveOncePer(*set_->Find("window")), absl::Hours(720));
  EXPECT_EQ(set_->EffectiveOncePer(*set_->Find("ever")),
            absl::InfiniteDuration());
  // The window is the entity's, the rule is about the amount.
  EXPECT_EQ(set_->EffectiveOncePer(*set_->Find("amount")),
            absl::InfiniteDuration());
}

TEST_F(RuleSetTest, ErrorsNameTheRuleAndThePlace) {
  const struct {
    std::vector<Rule> rules;
    absl::string_view message;
  } kCases[] = {
      {{MakeRule("a", "new(entity) AND entity.tpye = PERSON")},
       "rule `a`: filter: line 1, column 17: unknown field `entity.tpye`"},
      {{MakeRule("a", "new(entity)"), MakeRule("a", "new(amount)")},
       "there are two rules of this name"},
      {{MakeRule("Bad Name", "new(entity)")},
       "name: `Bad Name` is not 1 to 64 characters"},
      {{MakeRule("a", "")}, "filter: empty"},
  };
  for (const auto& c : kCases) {
    const auto set = RuleSet::Create(c.rules);
    ASSERT_FALSE(set.ok());
    EXPECT_EQ(set.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(set.status().message()),
                HasSubstr(std::string(c.message)));
  }
}

TEST_F(RuleSetTest, ValidatesEveryField) {
  const struct {
    void (*change)(Rule&);
    absl::string_view message;
  } kCases[] = {
      {[](Rule& r) { r.urgency = 0; }, "urgency: 0 is not from 1"},
      {[](Rule& r) { r.urgency = 10; }, "urgency: 10"},
      {[](Rule& r) { r.min_sources = 2; }, "min_sources: within what time?"},
      {[](Rule& r) { r.min_sources = 17; }, "min_sources: from 1 to 16"},
      {[](Rule& r) { r.once_per = -absl::Hours(1); },
       "once_per: less than nothing"},
      {[](Rule& r) {
         r.quiet_hours = QuietHours{"Mars/Base", 0, 60};
       },
       "unknown time zone `Mars/Base`"},
      {[](Rule& r) {
         r.quiet_hours = QuietHours{"Europe/Berlin", 0, 1440};
       },
       "from 0 to 1439"},
      {[](Rule& r) { r.description = std::string(5000, 'x'); },
       "description: at most 4096 bytes"},
      {[](Rule& r) { r.display_name = "\xFF"; }, "display_name: not UTF-8"},
      {[](Rule& r) { r.labels[""] = "x"; }, "labels: a label without a name"},
      {[](Rule& r) {
         for (int i = 0; i < 33; ++i) r.labels[absl::StrCat(i)];
       },
       "labels: at most 32"},
      {[](Rule& r) { r.headline_template = "{x}"; },
       "headline_template: line 1, column 2"},
  };
  for (const auto& c : kCases) {
    Rule rule = MakeRule("a", "new(entity)");
    EXPECT_TRUE(ValidateRule(rule).ok());
    c.change(rule);
    EXPECT_THAT(std::string(ValidateRule(rule).message()),
                HasSubstr(std::string(c.message)));
  }
}

TEST_F(RuleSetTest, BroadFiltersAreBoundedAndEqualOnesCountOnce) {
  std::vector<Rule> rules;
  for (int i = 0; i < kMaxBroadRules; ++i)
    rules.push_back(MakeRule(absl::StrCat("r", i),
                             absl::StrCat("new(entity, ", i + 1, "d)")));
  for (int i = 0; i < 100; ++i) {
    rules.push_back(MakeRule(absl::StrCat("same", i), "new(entity, 1d)"));
    rules.push_back(
        MakeRule(absl::StrCat("narrow", i), absl::StrCat("article.text:w", i)));
  }
  EXPECT_TRUE(RuleSet::Create(rules).ok());
  rules.push_back(MakeRule("one-more", "entity.listed"));
  EXPECT_THAT(std::string(RuleSet::Create(rules).status().message()),
              HasSubstr("more than 1000 different filters name no"));
}

}  // namespace
}  // namespace tocsin
