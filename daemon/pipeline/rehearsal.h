// Rules on trial: what they ring for when articles come into an empty archive.
#ifndef TOCSIN_PIPELINE_REHEARSAL_H_
#define TOCSIN_PIPELINE_REHEARSAL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "detect/analyzer.h"
#include "rules/rule_set.h"
#include "storage/records.h"
#include "text/article.h"

namespace tocsin {

struct RehearsedArticle {
  Article article;  // Valid.
  absl::Time received_at;
  bool suppress_alerts = false;
};

// Takes the articles in one after the other, as the sequencer does, time
// passing in between, into a store in `directory`, which must not exist yet and
// which the caller removes. Alerts in the order in which they rang.
absl::StatusOr<std::vector<AlertRecord>> RehearseRules(
    const Analyzer& analyzer, std::shared_ptr<const RuleSet> rules,
    absl::Span<const RehearsedArticle> articles, const std::string& directory);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_REHEARSAL_H_
