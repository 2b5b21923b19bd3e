// The index against its slow twin: every rule asked about every article.
//
// TOCSIN_PAIRS=9000000 rules_test --gtest_filter='BruteForce*' tries that many
// (rule, article) pairs instead of a million; TOCSIN_SEED repeats a run.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "filter/article_words.h"
#include "filter/filter.h"
#include "filter/phrase.h"
#include "gtest/gtest.h"
#include "rules/rule_set.h"

namespace tocsin {
namespace {

int64_t FromEnvironment(const char* name, int64_t fallback) {
  const char* const value = std::getenv(name);
  return value == nullptr ? fallback : std::atoll(value);
}

// Few different values of everything, so that rules and articles meet.
class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  std::string MakeFilter() { return Expression(0); }

  struct MadeArticle {
    std::string headline;
    std::string source;
    std::string language;
    Analysis analysis;
    std::vector<Sighting> sightings;
    ArticleFacts facts;
  };

  void MakeArticle(MadeArticle& made) {
    made.source = Source();
    made.language = Language();
    std::vector<std::string> headline;
    for (int i = 0; i < 5; ++i) headline.push_back(Word());
    made.headline = absl::StrJoin(headline, " ");
    Analysis& analysis = made.analysis;
    analysis.words = FoldedWords(made.headline);
    for (unsigned i = 0; i < Below(30); ++i)
      analysis.words.push_back(Below(8) == 0 ? 0 : FoldedWords(Word())[0]);
    for (unsigned i = 0; i < 12; ++i) {
      if (Below(3) == 0)
        analysis.entities.push_back({EntityKey(i), absl::StrCat("Name ", i),
                                     static_cast<EntityType>(Below(8)),
                                     Below(2) == 0, 1});
    }
    for (unsigned i = 0; i < Below(4); ++i)
      analysis.amounts.push_back(MakeAmount(analysis));
    MakeSightings(made);
    made.facts.source = made.source;
    made.facts.id = "1";
    made.facts.language = made.language;
    made.facts.headline = made.headline;
    made.facts.urgency = static_cast<int>(Below(10));
    made.facts.event_time = kTime;
    made.facts.analysis = &analysis;
  }

 private:
  static constexpr absl::Time kTime = absl::FromUnixSeconds(1'700'000'000);

  unsigned Below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string Pick(std::initializer_list<const char*> of) {
    return *(of.begin() + Below(static_cast<unsigned>(of.size())));
  }
  std::string Word() {
    return absl::StrCat("w", Below(Below(2) == 0 ? 8 : 40));
  }
  std::string Source() { return absl::StrCat("s", Below(4)); }
  std::string Language() { return Pick({"sv", "sv-FI", "da", "en"}); }
  static std::string EntityKey(unsigned i) { return absl::StrCat("e", i); }
  std::string Number() {
    return Pick({"0", "1", "5", "10", "1k", "2.5m", "1bn", "-3"});
  }
  std::string Op() { return Pick({"=", "!=", "<", "<=", ">", ">="}); }

  std::string Expression(int depth) {
    const unsigned shape = Below(depth > 3 ? 2 : 8);
    if (shape < 3) return Condition();
    if (shape == 3) return absl::StrCat("NOT (", Expression(depth + 1), ")");
    std::vector<std::string> parts;
    for (unsigned i = 0; i < 2 + Below(2); ++i)
      parts.push_back(Expression(depth + 1));
    return absl::StrCat("(", absl::StrJoin(parts, shape < 6 ? " AND " : " OR "),
                        ")");
  }

  std::string Condition() {
    switch (Below(20)) {
      case 0:
      case 1:
        return absl::StrCat("article.text:", Word());
      case 2:
        return absl::StrCat("article.text:\"", Word(), " ", Word(), "\"");
      case 3:
        return absl::StrCat("article.text:(", Word(), " OR ", Word(), ")");
      case 4:
        return absl::StrCat("near(", Word(), ", \"", Word(), " ", Word(),
                            "\", ", 1 + Below(9), ")");
      case 5:
        return absl::StrCat("article.headline:\"", Word(), " ", Word(), "\"");
      case 6:
      case 7:
        return absl::StrCat("article.entities:", EntityKey(Below(12)));
      case 8:
      case 9:
        return absl::StrCat("entity.name = ", EntityKey(Below(12)));
      case 10:
        return absl::StrCat("entity.type = (PERSON OR ",
                            Pick({"PLACE", "WORK"}), ")");
      case 11:
        return absl::StrCat("article.source = ", Source());
      case 12:
        return absl::StrCat("article.language = ", Language());
      case 13:
        return Pick({"new(entity)", "new(entity, 30d)", "new(amount)",
                     "changed(amount)", "entity.listed", "amount.vague",
                     "entity:*", "amount:*"});
      case 14:
        return absl::StrCat("amount.unit = ", Pick({"USD", "sek", "EUR"}));
      case 15:
        return absl::StrCat("amount.low ", Op(), " ", Number());
      case 16:
        return absl::StrCat("amount.high ", Op(), " ", Number());
      case 17:
      case 18:
        return absl::StrCat("amount.value ", Op(), " ", Number());
      default:
        return absl::StrCat("article.urgency <= ", 1 + Below(9));
    }
  }

  Amount MakeAmount(const Analysis& analysis) {
    static constexpr double kValues[] = {-3, 0, 1, 3, 5, 10, 1e3, 2.5e6, 1e9};
    Amount amount;
    amount.kind = AmountKind::kMoney;
    amount.unit = Pick({"USD", "SEK", "EUR", ""});
    amount.low.value = amount.high.value = kValues[Below(9)];
    if (Below(3) == 0)
      amount.high.value = std::max(amount.low.value, kValues[Below(9)]);
    amount.vague = Below(5) == 0;
    if (!analysis.entities.empty() && Below(3) != 0)
      amount.anchor = static_cast<int>(
          Below(static_cast<unsigned>(analysis.entities.size())));
    return amount;
  }

  Evidence MakeEvidence() {
    if (Below(2) == 0) return {};
    return {kTime - absl::Hours(24 * 90), kTime - absl::Hours(24 * Below(60)),
            1 + Below(5), 1};
  }

  void MakeSightings(MadeArticle& made) {
    const auto add = [&](Mention mention) {
      Sighting sighting;
      sighting.mention = static_cast<int>(made.analysis.mentions.size());
      sighting.evidence = MakeEvidence();
      sighting.anchor = MakeEvidence();
      if (mention.amount >= 0 && Below(3) == 0) sighting.previous = Amount{};
      made.analysis.mentions.push_back(mention);
      if (Below(4) != 0) made.sightings.push_back(sighting);
    };
    for (size_t i = 0; i < made.analysis.entities.size(); ++i) {
      Mention mention;
      mention.entity = static_cast<int>(i);
      add(mention);
    }
    for (size_t i = 0; i < made.analysis.amounts.size(); ++i) {
      Mention mention;
      mention.amount = static_cast<int>(i);
      add(mention);
    }
  }

  std::mt19937_64 random_;
};

using Rung = std::set<std::pair<int, std::string>>;  // (sighting, rule)

// The contract of RuleSet::Match, without an index.
Rung AskEvery(
    const std::vector<std::pair<Rule, std::shared_ptr<const Filter>>>& rules,
    const Generator::MadeArticle& made) {
  Rung rung;
  const Analysis& analysis = made.analysis;
  for (const auto& [rule, filter] : rules) {
    for (int i = -1; i < static_cast<int>(made.sightings.size()); ++i) {
      Subject subject;
      subject.source = made.facts.source;
      subject.id = made.facts.id;
      subject.language = made.facts.language;
      subject.headline = made.facts.headline;
      subject.article_urgency = made.facts.urgency;
      subject.revision = made.facts.revision;
      subject.event_time = made.facts.event_time;
      subject.analysis = &analysis;
      FilterAbout about = FilterAbout::kArticle;
      if (i >= 0) {
        const Sighting& sighting = made.sightings[static_cast<size_t>(i)];
        const Mention& mention =
            analysis.mentions[static_cast<size_t>(sighting.mention)];
        if (mention.entity >= 0) {
          about = FilterAbout::kEntity;
          subject.entity =
              ViewOf(analysis.entities[static_cast<size_t>(mention.entity)],
                     sighting.evidence);
        } else {
          about = FilterAbout::kAmount;
          const Amount& amount =
              analysis.amounts[static_cast<size_t>(mention.amount)];
          subject.amount =
              ViewOf(amount, sighting.evidence, sighting.previous.has_value());
          if (amount.anchor >= 0)
            subject.entity =
                ViewOf(analysis.entities[static_cast<size_t>(amount.anchor)],
                       sighting.anchor);
        }
      }
      if (filter->about() == about && filter->Matches(subject))
        rung.emplace(i, rule.name);
    }
  }
  return rung;
}

TEST(BruteForceTest, IndexAndTwinAgree) {
  const auto seed = static_cast<uint64_t>(
      FromEnvironment("TOCSIN_SEED", std::random_device{}()));
  const int64_t pairs = FromEnvironment("TOCSIN_PAIRS", 1'000'000);
  constexpr int64_t kRules = 200, kArticles = 50;
  std::cout << "seed " << seed << ", " << pairs << " pairs\n";
  Generator generator(seed);
  int64_t rung_count = 0, done = 0;
  while (done < pairs) {
    std::vector<std::pair<Rule, std::shared_ptr<const Filter>>> compiled;
    std::vector<Rule> rules;
    while (static_cast<int64_t>(rules.size()) < kRules) {
      Rule rule;
      rule.name = absl::StrCat("r", rules.size());
      rule.filter = generator.MakeFilter();
      auto filter = Filter::Compile(rule.filter, FilterPlace::kRule);
      // Random filters may contradict themselves.
      if (!filter.ok()) continue;
      compiled.emplace_back(rule, *filter);
      rules.push_back(std::move(rule));
    }
    const auto set = RuleSet::Create(rules);
    ASSERT_TRUE(set.ok()) << set.status();
    for (int64_t i = 0; i < kArticles; ++i, done += kRules) {
      Generator::MadeArticle made;
      generator.MakeArticle(made);
      Rung by_index;
      for (const RuleMatch& match : (*set)->Match(made.facts, made.sightings))
        EXPECT_TRUE(by_index.emplace(match.sighting, match.rule->name).second);
      const Rung by_twin = AskEvery(compiled, made);
      rung_count += static_cast<int64_t>(by_twin.size());
      if (by_index == by_twin) continue;
      for (const auto& [rule, filter] : compiled) {
        for (int s = -1; s < static_cast<int>(made.sightings.size()); ++s) {
          EXPECT_EQ(by_index.contains({s, rule.name}),
                    by_twin.contains({s, rule.name}))
              << "seed " << seed << ", sighting " << s << ": " << rule.filter;
        }
      }
      return;
    }
  }
  std::cout << rung_count << " matches\n";
  EXPECT_GT(rung_count, done / 100);
}

// A filter refused as never matching matches nothing.
TEST(BruteForceTest, WhatIsRefusedAsContradictoryMatchesNothing) {
  const auto seed = static_cast<uint64_t>(
      FromEnvironment("TOCSIN_SEED", std::random_device{}()));
  std::cout << "seed " << seed << "\n";
  Generator generator(seed);
  std::vector<Generator::MadeArticle> articles(50);
  for (auto& made : articles) generator.MakeArticle(made);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = generator.MakeFilter();
    if (Filter::Compile(text, FilterPlace::kRule).ok()) continue;
    ++refused;
    // Beside a way that could match but does not, it is let pass.
    const auto filter = Filter::Compile(
        absl::StrCat("article.revision = 2 OR ", text), FilterPlace::kRule);
    ASSERT_TRUE(filter.ok()) << text << filter.status();
    Rule rule;
    rule.name = "r";
    for (const auto& made : articles) {
      EXPECT_TRUE(AskEvery({{rule, *filter}}, made).empty())
          << "seed " << seed << ": " << text;
    }
  }
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace tocsin
