// The query RehearseRules of RuleService.
#ifndef TOCSIN_SERVICE_REHEARSE_QUERY_H_
#define TOCSIN_SERVICE_REHEARSE_QUERY_H_

#include "absl/status/statusor.h"
#include "detect/analyzer.h"
#include "tocsin/v1/rule_service.pb.h"

namespace tocsin {

// Takes the articles out of `request`. Its archive is in a temporary directory,
// which is gone when it returns.
absl::StatusOr<v1::RehearseRulesResponse> RehearseRules(
    const Analyzer& analyzer, v1::RehearseRulesRequest& request);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_REHEARSE_QUERY_H_
