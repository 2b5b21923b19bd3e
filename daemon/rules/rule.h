// A rule: what should ring, and how. A plain value.
#ifndef TOCSIN_RULES_RULE_H_
#define TOCSIN_RULES_RULE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tocsin {

struct QuietHours {
  std::string time_zone;  // IANA name.
  int start_minute = 0;   // Since midnight, 0 to 1,439.
  int end_minute = 0;     // Before the start: on the next day.

  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

struct Rule {
  std::string name;  // Without `rules/`: [a-z][a-z0-9-]{0,63}.
  std::string display_name;
  std::string description;
  std::string filter;
  int urgency = 4;  // 1 (highest) to 9.
  int min_sources = 1;
  std::map<std::string, std::string> labels;
  // Unset: the window of the filter's new(x, window), else for ever.
  std::optional<absl::Duration> once_per;
  absl::Duration min_sources_within;
  std::optional<absl::Time> mute_until;
  std::optional<QuietHours> quiet_hours;
  std::string headline_template;
  std::string rule_set;  // `file`, `default` or as named by ApplyRules.
  int64_t revision = 1;
  bool disabled = false;

  friend bool operator==(const Rule&, const Rule&) = default;
};

// Rules are held by several sets at once, the old and the new, and never
// change.
using RulePtr = std::shared_ptr<const Rule>;

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_H_
