// The query ExplainArticle of RuleService: a function of a snapshot and a
// request.
#ifndef TOCSIN_SERVICE_EXPLAIN_QUERY_H_
#define TOCSIN_SERVICE_EXPLAIN_QUERY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/explain_article.h"
#include "storage/snapshot.h"
#include "tocsin/v1/rule_service.pb.h"

namespace tocsin {

v1::ExplainedCondition ToProto(const ExplainedPart& part);

// ExplainArticle as rule_service.proto has it.
absl::StatusOr<v1::ExplainArticleResponse> ExplainArticle(
    const Snapshot& snapshot, std::shared_ptr<const Analyzer> analyzer,
    const RuleSet& rules, const v1::ExplainArticleRequest& request);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_EXPLAIN_QUERY_H_
