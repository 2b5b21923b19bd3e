#include "rule_maker.h"

#include <algorithm>
#include <map>
#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"

namespace tocsin {
namespace {

constexpr uint64_t kGivenNames = 3000;
constexpr size_t kWords = 2000;

std::string Syllables(uint64_t number, int count) {
  constexpr absl::string_view kConsonants = "bdfgklmnprstvz";
  constexpr absl::string_view kVowels = "aeiou";
  std::string name;
  for (int i = 0; i < count; ++i) {
    name.push_back(kConsonants[number % kConsonants.size()]);
    number /= kConsonants.size();
    name.push_back(kVowels[number % kVowels.size()]);
    number /= kVowels.size();
  }
  return name;
}

// A given and a family name: a pair that no other number has.
std::string NameOf(uint64_t number) {
  std::string given = Syllables(number % kGivenNames, 2) + "x";
  std::string family = Syllables(number / 3, 4) + "q";
  given[0] = absl::ascii_toupper(given[0]);
  family[0] = absl::ascii_toupper(family[0]);
  return absl::StrCat(given, " ", family);
}

// Lower-case ASCII words of some articles, the most common first.
std::vector<std::string> CommonWords(const ArticleGenerator& generator) {
  std::map<std::string, int> counts;
  for (uint64_t i = 0; i < 200; ++i) {
    for (absl::string_view word :
         absl::StrSplit(generator.Make(i).body, absl::ByAnyChar(" .,\n"))) {
      if (word.size() > 2 &&
          std::all_of(word.begin(), word.end(), absl::ascii_islower))
        ++counts[std::string(word)];
    }
  }
  std::vector<std::pair<int, std::string>> by_count;
  for (const auto& [word, count] : counts) by_count.emplace_back(-count, word);
  std::sort(by_count.begin(), by_count.end());
  std::vector<std::string> words;
  for (size_t i = 0; i < by_count.size() && i < kWords; ++i)
    words.push_back(by_count[i].second);
  return words;
}

}  // namespace

absl::StatusOr<RuleMaker> RuleMaker::Create() {
  TOCSIN_ASSIGN_OR_RETURN(ArticleGenerator generator,
                          ArticleGenerator::Create({.seed = 7}));
  std::vector<std::string> words = CommonWords(generator);
  return RuleMaker(std::move(generator), std::move(words));
}

Rule RuleMaker::Make(uint64_t number, bool amounts) const {
  Rule rule;
  rule.name = absl::StrCat("r", number);
  const std::string name = NameOf(number);
  std::string key = absl::AsciiStrToLower(name);
  std::replace(key.begin(), key.end(), ' ', '-');
  const std::string entity =
      absl::StrCat("article.entities:\"entities/", key, "\"");
  const std::string phrase = absl::StrCat("article.text:\"", name, "\"");
  const auto word = [&](uint64_t salt) {
    return absl::StrCat("article.text:\"",
                        words_[(number * 7919 + salt) % words_.size()], "\"");
  };
  const uint64_t shape = number % 10;
  if (amounts && number % 4 == 0) {
    rule.filter = absl::StrCat(
        "new(amount) AND entity.name = \"entities/", key,
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

Article RuleMaker::MakeArticle(uint64_t number, uint64_t rule_count) const {
  std::mt19937_64 random(number);
  Article article = generator_.Make(number);
  // Between two words that are no names, a third of the text apart.
  for (size_t third = 1; third <= 3; ++third) {
    std::string& body = article.body;
    size_t at = body.size() * (4 - third) / 4;
    while (at + 1 < body.size() &&
           !(body[at] == ' ' && absl::ascii_islower(body[at - 1]) &&
             absl::ascii_islower(body[at + 1])))
      ++at;
    body.insert(at, absl::StrCat(" ", NameOf(random() % rule_count)));
  }
  return article;
}

AnalyzedArticle::AnalyzedArticle(Article made, Analysis its)
    : article(std::move(made)), analysis(std::move(its)) {
  std::vector<bool> entities(analysis.entities.size());
  for (size_t i = 0; i < analysis.mentions.size(); ++i) {
    const Mention& mention = analysis.mentions[i];
    if (mention.entity >= 0) {
      if (entities[static_cast<size_t>(mention.entity)]) continue;
      entities[static_cast<size_t>(mention.entity)] = true;
    }
    Sighting sighting;
    sighting.mention = static_cast<int>(i);
    sightings.push_back(sighting);
  }
}

ArticleFacts AnalyzedArticle::Facts() const {
  ArticleFacts facts;
  facts.source = article.source;
  facts.id = article.id;
  facts.language = analysis.language;
  facts.headline = article.headline;
  facts.event_time = absl::FromUnixSeconds(1'700'000'000);
  facts.analysis = &analysis;
  return facts;
}

}  // namespace tocsin
