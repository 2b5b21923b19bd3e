// Rules in files: YAML, or JSON Lines for large sets, or a directory of both.
//
//   rules:
//     - name: big-money
//       filter: new(amount) AND amount.unit = "USD" AND amount.high >= 1bn
//       urgency: 2                 # 1 highest .. 9; 4 if it is not given
//       once_per: 30d              # or 0s: every time, or forever
//       min_sources: 2 within 6h
//       quiet_hours: {time_zone: Europe/Stockholm, start: "22:00", end:
//       "06:00"} mute_until: 2026-12-01 labels: {desk: economy}
//
// A line of JSON Lines is one such rule; keys in camelCase are read too, as the
// proto JSON of tocsin.v1.Rule has them.
#ifndef TOCSIN_RULES_RULE_FILE_H_
#define TOCSIN_RULES_RULE_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rules/rule.h"

namespace tocsin {

inline constexpr size_t kMaxRuleFileBytes = size_t{1} << 30;
// Rules are read into memory; this many are a full day's work for it.
inline constexpr size_t kMaxRules = 2'000'000;

// A rule and where it stands: `rules.yaml:12:5`.
struct LocatedRule {
  Rule rule;
  std::string place;
};

// Reads *.yaml, *.yml and *.jsonl, as the extension says. Of a directory, all
// such files in it, by name, not those in folders within. NOT_FOUND if the path
// is not there; INVALID_ARGUMENT names file, line, field and what was expected,
// a name that stands twice included. Filters and values are checked.
absl::StatusOr<std::vector<Rule>> ReadRules(const std::string& path);

// The rules in `text`; `file` is for errors. What a rule says is not checked.
absl::StatusOr<std::vector<LocatedRule>> ParseRulesYaml(absl::string_view text,
                                                        absl::string_view file);
absl::StatusOr<std::vector<LocatedRule>> ParseRulesJsonLines(
    absl::string_view text, absl::string_view file);

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_FILE_H_
