// Any bytes as a filter: compiling never crashes and says where an error is;
// what compiles is evaluated, and found through a rule set's index exactly when
// it matches by itself.
//
// Bytes from 0x80 up stand for tokens of the language, so that most inputs get
// past the lexer.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>

#include "filter/evaluator.h"
#include "filter/filter.h"
#include "filter/phrase.h"
#include "filter/program.h"
#include "rules/rule_set.h"

namespace tocsin {
namespace {

constexpr const char* kTokens[] = {" AND ",
                                   " OR ",
                                   " NOT ",
                                   "(",
                                   ")",
                                   ",",
                                   ":",
                                   "=",
                                   "!=",
                                   "<",
                                   "<=",
                                   ">",
                                   ">=",
                                   "-",
                                   "*",
                                   "\"",
                                   "'",
                                   "\\",
                                   ".",
                                   " ",
                                   "new(entity)",
                                   "new(amount)",
                                   "new(entity, 30d)",
                                   "changed(amount)",
                                   "near(\"a\", \"b c\", 3)",
                                   "sources(entity, 24h)",
                                   "mentions(entity, 1h)",
                                   "article.text:a",
                                   "article.text:\"b c\"",
                                   "article.headline:a",
                                   "article.headline=\"a*\"",
                                   "article.source",
                                   "article.language",
                                   "article.urgency",
                                   "article.uri",
                                   "article.event_time",
                                   "article.entities:openai",
                                   "article.revision",
                                   "entity",
                                   "entity.name",
                                   "entity.type",
                                   "entity.listed",
                                   "entity.display_name",
                                   "entity.article_count",
                                   "entity.last_seen_at",
                                   "amount",
                                   "amount.kind",
                                   "amount.unit",
                                   "amount.low",
                                   "amount.high",
                                   "amount.value",
                                   "amount.vague",
                                   "amount.bound",
                                   "amount.approximate",
                                   "rule",
                                   "urgency",
                                   "novelty",
                                   "labels.x",
                                   "PERSON",
                                   "MONEY",
                                   "AT_LEAST",
                                   "USD",
                                   "usd",
                                   "1bn",
                                   "2.5m",
                                   "500k",
                                   "-3",
                                   "1e9",
                                   "1e999",
                                   "30d",
                                   "6h",
                                   "2026-11-21",
                                   "\"2026-11-21T08:00:00Z\"",
                                   "openai",
                                   "\"entities/openai\"",
                                   "sv",
                                   "ew",
                                   "true",
                                   "false"};

void Require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s: %s\n", what, text.c_str());
  std::abort();
}

std::string TextOf(const uint8_t* data, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    const size_t token = data[i] - 0x80u;
    if (data[i] >= 0x80 && token < std::size(kTokens)) {
      text += kTokens[token];
    } else {
      text.push_back(static_cast<char>(data[i]));
    }
  }
  return text;
}

// An article with an entity and an amount about it.
struct Sample {
  Analysis analysis;
  ArticleFacts facts;
  std::vector<Sighting> sightings;

  Sample() {
    analysis.words = FoldedWords("a b c a");
    analysis.entities = {{"openai", "OpenAI", EntityType::kPerson, true, 1}};
    Amount amount;
    amount.kind = AmountKind::kMoney;
    amount.unit = "USD";
    amount.low.value = 1e9;
    amount.high.value = 2e9;
    amount.anchor = 0;
    analysis.amounts = {amount};
    analysis.mentions.resize(2);
    analysis.mentions[0].entity = 0;
    analysis.mentions[1].amount = 0;
    facts.source = "ew";
    facts.language = "sv-FI";
    facts.headline = "a b";
    facts.urgency = 3;
    facts.event_time = absl::FromUnixSeconds(1'700'000'000);
    facts.analysis = &analysis;
    sightings.resize(2);
    sightings[1].mention = 1;
    sightings[0].mention = 0;
    sightings[0].evidence.article_count = 2;
    sightings[0].evidence.last_seen = facts.event_time - absl::Hours(24 * 60);
  }

  Subject About(FilterAbout about) const {
    Subject subject;
    subject.source = facts.source;
    subject.language = facts.language;
    subject.headline = facts.headline;
    subject.article_urgency = facts.urgency;
    subject.revision = facts.revision;
    subject.event_time = facts.event_time;
    subject.analysis = &analysis;
    if (about == FilterAbout::kEntity)
      subject.entity = ViewOf(analysis.entities[0], sightings[0].evidence);
    if (about == FilterAbout::kAmount) {
      subject.amount = ViewOf(analysis.amounts[0], sightings[1].evidence);
      subject.entity = ViewOf(analysis.entities[0], sightings[1].anchor);
    }
    return subject;
  }
};

}  // namespace
}  // namespace tocsin

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  static const Sample& sample = *new Sample();
  const std::string text = TextOf(data, size);
  for (const FilterPlace place :
       {FilterPlace::kRule, FilterPlace::kAlert, FilterPlace::kArticle,
        FilterPlace::kEntity, FilterPlace::kMention}) {
    const auto filter = Filter::Compile(text, place);
    if (!filter.ok()) {
      const auto position = FilterErrorPosition(filter.status());
      Require(
          position.has_value() && position->line >= 1 && position->column >= 1,
          "an error has a position", text);
      continue;
    }
    const Subject subject = sample.About((*filter)->about());
    const bool matches = (*filter)->Matches(subject);
    for (const Condition& condition : (*filter)->program().conditions)
      ValueShown(condition, subject);
    if (place != FilterPlace::kRule) continue;
    Rule rule;
    rule.name = "r";
    rule.filter = text;
    const auto set = RuleSet::Create({rule});
    if (!set.ok()) continue;
    const bool found = !(*set)->Match(sample.facts, sample.sightings).empty();
    Require(found == matches, "the index agrees", text);
  }
  return 0;
}
