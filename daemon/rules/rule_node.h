// A rule as a file writes it, to its value.
#ifndef TOCSIN_RULES_RULE_NODE_H_
#define TOCSIN_RULES_RULE_NODE_H_

#include "absl/status/statusor.h"
#include "rules/config_node.h"
#include "rules/rule.h"

namespace tocsin {

// INVALID_ARGUMENT begins with `line:column: ` (or `line: `) and names the
// field. Unknown keys are refused.
absl::StatusOr<Rule> RuleFromNode(const ConfigNode& node);

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_NODE_H_
