#include "rule_maker.h"

#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "filter/phrase.h"

namespace tocsin {
namespace {

constexpr uint64_t kVocabulary = 50'000;
constexpr int kWords = 480;

// First and last name: a pair that no other number has.
std::string First(uint64_t number) {
  return absl::StrCat("given", number % 3000);
}
std::string Last(uint64_t number) { return absl::StrCat("family", number / 3); }
std::string Key(uint64_t number) {
  return absl::StrCat(First(number), "-", Last(number));
}
std::string Word(uint64_t rank) { return absl::StrCat("word", rank); }

// By Zipf's law, inverted approximately.
uint64_t ZipfRank(std::mt19937_64& random) {
  const double uniform = std::uniform_real_distribution<>(0, 1)(random);
  return static_cast<uint64_t>(
             std::pow(static_cast<double>(kVocabulary), uniform)) -
         1;
}

void AppendWords(absl::string_view text, Analysis& analysis) {
  for (const uint64_t word : FoldedWords(text)) analysis.words.push_back(word);
}

}  // namespace

Rule MakeBenchRule(uint64_t number, bool amounts) {
  Rule rule;
  rule.name = absl::StrCat("r", number);
  const std::string entity =
      absl::StrCat("article.entities:\"entities/", Key(number), "\"");
  const std::string phrase =
      absl::StrCat("article.text:\"", First(number), " ", Last(number), "\"");
  const auto word = [&](uint64_t salt) {
    return absl::StrCat("article.text:", Word((number * 7919 + salt) % 2000));
  };
  const uint64_t shape = number % 10;
  if (amounts && number % 4 == 0) {
    rule.filter = absl::StrCat(
        "new(amount) AND entity.name = \"entities/", Key(number),
        "\" AND amount.unit = \"USD\" AND amount.high >= ", 1 + number % 500,
        "m");
  } else if (shape < 4) {
    rule.filter = entity;
  } else if (shape < 7) {
    rule.filter = phrase;
  } else if (shape < 9) {
    rule.filter = absl::StrCat(entity, " AND ", word(1));
  } else {
    rule.filter = absl::StrCat(phrase, " AND (", word(2), " OR ", word(3),
                               ") AND NOT ", word(4));
  }
  return rule;
}

ArticleFacts BenchArticle::Facts() const {
  ArticleFacts facts;
  facts.source = source;
  facts.id = "1";
  facts.language = "en";
  facts.event_time = absl::FromUnixSeconds(1'700'000'000);
  facts.analysis = &analysis;
  return facts;
}

BenchArticle MakeBenchArticle(uint64_t number, uint64_t rule_count) {
  std::mt19937_64 random(number);
  BenchArticle article;
  article.source = absl::StrCat("source", number % 50);
  Analysis& analysis = article.analysis;
  for (int i = 0; i < kWords; ++i) {
    if (i % 20 == 0) analysis.words.push_back(0);
    AppendWords(Word(ZipfRank(random)), analysis);
    if (i % 26 != 0) continue;
    // 3 of these 19 are names that rules know.
    const bool known = i % (26 * 6) == 0 && i < 26 * 18;
    const uint64_t name =
        known ? random() % rule_count : 10'000'000 + random() % 1'000'000;
    AppendWords(absl::StrCat(First(name), " ", Last(name)), analysis);
    Entity entity;
    entity.key = Key(name);
    entity.type = EntityType::kPerson;
    analysis.entities.push_back(std::move(entity));
  }
  for (int i = 0; i < 3; ++i) {
    Amount amount;
    amount.kind = AmountKind::kMoney;
    amount.unit = i == 2 ? "EUR" : "USD";
    amount.low.value = amount.high.value =
        static_cast<double>(random() % 1000) * 1e6;
    amount.anchor = i;
    analysis.amounts.push_back(amount);
  }
  const auto mention = [&](int entity, int amount) {
    Mention made;
    made.entity = entity;
    made.amount = amount;
    Sighting sighting;
    sighting.mention = static_cast<int>(analysis.mentions.size());
    analysis.mentions.push_back(made);
    article.sightings.push_back(sighting);
  };
  for (size_t i = 0; i < analysis.entities.size(); ++i)
    mention(static_cast<int>(i), -1);
  for (int i = 0; i < 3; ++i) mention(-1, i);
  return article;
}

}  // namespace tocsin
