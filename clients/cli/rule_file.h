// Rules as files hold them: YAML, or JSON Lines for large sets.
#ifndef TOCSIN_CLI_RULE_FILE_H_
#define TOCSIN_CLI_RULE_FILE_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tocsin/v1/rule.pb.h"

namespace tocsin::cli {

// YAML, strictly: a key that no rule has, or one given twice, is an error.
//
//   rules:
//     - name: big-money
//       filter: new(amount) AND amount.unit = "USD" AND amount.high >= 1bn
//       urgency: 2
//       once_per: 30d        # or 0s: every time, or forever
//
// INVALID_ARGUMENT names the line. `name` is the file's, for errors. Filters
// are checked by the daemon.
absl::StatusOr<std::vector<v1::Rule>> RulesFromYaml(absl::string_view name,
                                                    const std::string& text);
// One rule of such a list. May throw, as all of yaml-cpp.
absl::StatusOr<v1::Rule> RuleFromYaml(absl::string_view name,
                                      const YAML::Node& node);

// The proto JSON of a tocsin.v1.Rule a line.
absl::StatusOr<std::vector<v1::Rule>> RulesFromJsonLines(
    absl::string_view name, const std::string& text);

// Reads the file, in the form that its extension says, or all such files in a
// folder; `-` is YAML from standard input.
absl::StatusOr<std::vector<v1::Rule>> ReadRuleFile(const std::string& path);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_RULE_FILE_H_
