// What two rules say differently.
#ifndef TOCSIN_CLI_RULE_DIFF_H_
#define TOCSIN_CLI_RULE_DIFF_H_

#include <string>
#include <vector>

#include "tocsin/v1/rule.pb.h"

namespace tocsin::cli {

struct FieldChange {
  std::string field;
  std::string before;  // Empty: not set.
  std::string after;
};

// In the order of the fields. Only what a rule file says: not the set, the
// revision and the etag. A field that is not set is the same as its default.
std::vector<FieldChange> RuleChanges(const v1::Rule& before,
                                     const v1::Rule& after);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_RULE_DIFF_H_
