// Rules and articles in which a few of them are named, for rules_bench: pure
// functions of their number.
//
// Rule n is about name n, which nobody has. Of ten rules seven ask for the name
// (as an entity or as a phrase), two for the name and a word, one for the name
// and (a word or another) and not a third; with `amounts`, every fourth asks
// for a sum beside the name instead.
#ifndef TOCSIN_TESTS_BENCH_RULE_MAKER_H_
#define TOCSIN_TESTS_BENCH_RULE_MAKER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "article_generator.h"
#include "detect/mention.h"
#include "filter/sighting.h"
#include "rules/rule.h"
#include "text/article.h"

namespace tocsin {

class RuleMaker {
 public:
  static absl::StatusOr<RuleMaker> Create();

  Rule Make(uint64_t number, bool amounts) const;

  // An article of ArticleGenerator, 3 KB, with three names out of those of the
  // first `rule_count` rules in its body.
  Article MakeArticle(uint64_t number, uint64_t rule_count) const;

 private:
  RuleMaker(ArticleGenerator generator, std::vector<std::string> words)
      : generator_(std::move(generator)), words_(std::move(words)) {}

  ArticleGenerator generator_;
  std::vector<std::string>
      words_;  // That articles have, the most common first.
};

// An article as rules are asked about it: each mention is a first one.
struct AnalyzedArticle {
  Article article;
  Analysis analysis;
  std::vector<Sighting> sightings;

  AnalyzedArticle(Article made, Analysis its);
  ArticleFacts Facts() const;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_RULE_MAKER_H_
