// Rules and articles in which a few of them are named, for rules_bench: pure
// functions of their number.
//
// Rule n is about name n. Of ten rules seven ask for the name (as an entity or
// as a phrase), two for the name and a word, one for the name and (a word or
// another) and not a third; with `amounts`, every fourth asks for a sum beside
// the name instead.
#ifndef TOCSIN_TESTS_BENCH_RULE_MAKER_H_
#define TOCSIN_TESTS_BENCH_RULE_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "detect/mention.h"
#include "filter/sighting.h"
#include "rules/rule.h"

namespace tocsin {

Rule MakeBenchRule(uint64_t number, bool amounts);

// About 3 KB of text: 480 words by Zipf's law from 50,000, three names out of
// the first `rule_count` in it and 15 that no rule knows, three sums.
struct BenchArticle {
  std::string source;
  Analysis analysis;
  std::vector<Sighting> sightings;

  ArticleFacts Facts() const;
};
BenchArticle MakeBenchArticle(uint64_t number, uint64_t rule_count);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_RULE_MAKER_H_
