// Why a stored article rang what it rang, and not what it did not.
#ifndef TOCSIN_PIPELINE_EXPLAIN_ARTICLE_H_
#define TOCSIN_PIPELINE_EXPLAIN_ARTICLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "detect/analyzer.h"
#include "pipeline/stored_judgement.h"
#include "rules/explanation.h"
#include "rules/rule_set.h"
#include "storage/archive_read.h"
#include "storage/snapshot.h"

namespace tocsin {

// What became of one rule and one sighting. Numbers as in
// tocsin.v1.ExplainedSubject.Outcome.
enum class RingOutcome : uint8_t {
  kRang = 1,
  kNoMatch = 2,     // The filter does not match.
  kRepeat = 3,      // It rang for the same before, and is silent about it.
  kWaiting = 4,     // It waits for more sources.
  kMuted = 5,       // By mute_until.
  kDisabled = 6,    // The rule is.
  kSuppressed = 7,  // The article was ingested to ring nothing.
  kCopy = 8,        // A near-copy, whose original rang.
  kNotThen = 9,     // It matches now: the rule was another one then, or not
                    // there, or had rung for the same since, too.
};

struct ExplainedSubject {
  int sighting = -1;  // Of the judgement; -1: the article.
  Explanation explanation;
  RingOutcome outcome = RingOutcome::kNoMatch;
  // kRang: that alert. kRepeat, kCopy: the one that rang instead.
  uint64_t sequence = 0;
  // kWaiting: the articles that have it so far.
  std::vector<std::string> waiting_articles;
};

struct ExplainedRule {
  const Rule* rule = nullptr;  // Of the rule set.
  // In text order.
  std::vector<ExplainedSubject> subjects;
};

struct ExplainedArticle {
  ArchivedArticle article;  // Viewed by the judgement.
  std::unique_ptr<JudgementReader> reader;
  StoredJudgement judgement;
  // Mentions that are no news to the article, for an earlier revision or the
  // original has them: the first of each entity and amount.
  std::vector<int> covered;
  std::vector<ExplainedRule> rules;
  size_t other_rules = 0;  // That are not explained.
};

// Explains `rule`, for everything in the article that it is about; or, if it is
// empty, at most `max_rules` rules: those that match, for what they match, then
// others by name, each for what comes closest. NOT_FOUND if there is no such
// rule. FAILED_PRECONDITION while the article is under embargo. Snapshot and
// rules are viewed by what comes back.
absl::StatusOr<std::unique_ptr<ExplainedArticle>> ExplainArticle(
    const Snapshot& snapshot, std::shared_ptr<const Analyzer> analyzer,
    const RuleSet& rules, uint64_t commit, absl::string_view rule,
    size_t max_rules);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_EXPLAIN_ARTICLE_H_
