// What is the same in every language has the same key in every language.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "detect/analyzer.h"
#include "lexicon/lexicon.h"

namespace tocsin {
namespace {

const Analyzer& Shipped() {
  static const std::shared_ptr<const Analyzer>& analyzer =
      *new std::shared_ptr<const Analyzer>([] {
        LexiconOptions options;
        options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
        return Analyzer::Create(Lexicon::Load(options).value()).value();
      }());
  return *analyzer;
}

struct Text {
  std::string language;
  std::string body;
};

Analysis Analyze(const Text& text) {
  Article article;
  article.language = text.language;
  article.body = text.body;
  return Shipped().Analyze(article);
}

// `USD 500e9`-like keys of all amounts.
std::set<std::string> AmountKeys(const Text& text) {
  std::set<std::string> keys;
  for (const Amount& amount : Analyze(text).amounts) {
    keys.insert(amount.unit + " " + std::to_string(amount.low.value));
  }
  return keys;
}

std::set<std::string> EntityKeys(const Text& text) {
  std::set<std::string> keys;
  for (const Entity& entity : Analyze(text).entities) keys.insert(entity.key);
  return keys;
}

TEST(Names, OfOneThingAreOneKeyInEveryLanguage) {
  const std::vector<std::vector<Text>> kGroups = {
      {{"nl", "De Europese Commissie komt met een plan."},
       {"de", "Die EU-Kommission legt einen Plan vor."},
       {"sv", "EU-kommissionen kommer med en plan."},
       {"da", "EU-Kommissionen kommer med en plan."},
       {"en", "The European Commission has a plan."}},
      {{"nl", "Hij reisde naar Keulen."},
       {"de", "Er reiste nach Köln."},
       {"sv", "Han reste till Köln."},
       {"en", "He travelled to Cologne."}},
      {{"nl", "Volgens de Wereldbank groeit de economie."},
       {"de", "Laut Weltbank wächst die Wirtschaft."},
       {"sv", "Enligt Världsbanken växer ekonomin."},
       {"da", "Ifølge Verdensbanken vokser økonomien."},
       {"en", "The World Bank expects growth."}},
  };
  for (const std::vector<Text>& group : kGroups) {
    const std::set<std::string> expected = EntityKeys(group[0]);
    EXPECT_EQ(expected.size(), 1u) << group[0].body;
    for (const Text& text : group) {
      EXPECT_EQ(EntityKeys(text), expected) << text.body;
    }
  }
}

TEST(Names, OfAPersonInOneArticleAreOneEntity) {
  const std::vector<Text> kTexts = {
      {"nl", "Pieter de Groot vertrekt. Volgens De Groot is het genoeg."},
      {"sv", "Malin Hedberg teg. Hedberg ville inte kommentera."},
      {"en", "Malcolm Hadley was silent. Hadley would not comment."},
      {"da", "Mads Hedegaard tav. Hedegaard ville ikke kommentere sagen."},
  };
  for (const Text& text : kTexts) {
    const Analysis analysis = Analyze(text);
    EXPECT_EQ(analysis.entities.size(), 1u) << text.body;
    EXPECT_EQ(analysis.mentions.size(), 2u) << text.body;
  }
}

TEST(Amounts, OfOneValueAreOneKeyInEveryLanguage) {
  EXPECT_EQ(AmountKeys({"de", "Das kostet 8,2 Milliarden Euro."}),
            AmountKeys({"de", "Das kostet 8.200.000.000 Euro."}));
  EXPECT_EQ(AmountKeys({"nl", "Er komen 40.000 banen bij."}),
            AmountKeys({"en", "The plan creates 40,000 jobs."}));
  const auto danish = AmountKeys({"da", "Det koster 5 millioner kroner."});
  const auto swedish = AmountKeys({"sv", "Det kostar 5 miljoner kronor."});
  EXPECT_EQ(danish.size(), 1u);
  EXPECT_EQ(swedish.size(), 1u);
  EXPECT_NE(danish, swedish);
}

}  // namespace
}  // namespace tocsin
