// Why a rule matches something or does not: its filter, condition by condition,
// with what stands in the article.
#ifndef TOCSIN_RULES_EXPLANATION_H_
#define TOCSIN_RULES_EXPLANATION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "filter/article_words.h"
#include "filter/filter.h"
#include "filter/sighting.h"
#include "filter/subject.h"
#include "rules/rule.h"

namespace tocsin {

// A part of a filter, as it is written.
struct ExplainedPart {
  // Numbers as in tocsin.v1.ExplainedCondition.Kind.
  enum class Kind : uint8_t { kTest = 1, kAnd = 2, kOr = 3, kNot = 4 };
  Kind kind = Kind::kTest;
  bool holds = false;
  // kTest only: the condition, and what there is in its place.
  std::string text;
  std::string actual;
  std::vector<ExplainedPart> parts;
};

struct Explanation {
  bool matches = false;
  NoveltyKind novelty = NoveltyKind::kUnspecified;  // If it matches.
  ExplainedPart filter;
  // How much of the filter holds, from 0 to 1: of an AND the share of its
  // parts, of an OR the best one.
  double closeness = 0;
};

// Immutable; may be shared between threads.
class RuleExplainer {
 public:
  // INVALID_ARGUMENT as RuleSet::Create.
  static absl::StatusOr<RuleExplainer> Create(const Rule& rule);

  FilterAbout about() const { return filter_->about(); }

  // Of a sighting that is of what the rule is about; -1: the article. `words`
  // are the article's; `scans` may be null.
  Explanation Explain(const ArticleFacts& article, const ArticleWords& words,
                      absl::Span<const Sighting> sightings, int sighting,
                      const Scans* scans) const;

 private:
  explicit RuleExplainer(std::shared_ptr<const Filter> filter)
      : filter_(std::move(filter)) {}

  std::shared_ptr<const Filter> filter_;
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_EXPLANATION_H_
