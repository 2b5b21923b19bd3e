#include "cli/rule_diff.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/time_text.h"

namespace tocsin::cli {
namespace {

constexpr int kDefaultUrgency = 4;
// As a rule file writes `forever`.
constexpr int64_t kForeverSeconds = 315576000000;

std::string UrgencyText(const v1::Rule& rule) {
  // A rule without a name is none: it has no urgency either.
  if (rule.name().empty()) return "";
  return absl::StrCat(rule.urgency() == 0 ? kDefaultUrgency : rule.urgency());
}

std::string OncePerText(const v1::Rule& rule) {
  if (!rule.has_once_per()) return "";
  if (rule.once_per().seconds() >= kForeverSeconds) return "forever";
  return DurationText(ToDuration(rule.once_per()));
}

std::string SourcesText(const v1::Rule& rule) {
  if (rule.min_sources() <= 1) return "";
  return absl::StrCat(rule.min_sources(), " within ",
                      DurationText(ToDuration(rule.min_sources_within())));
}

std::string LabelsText(const v1::Rule& rule) {
  const std::map<std::string, std::string> labels(rule.labels().begin(),
                                                  rule.labels().end());
  return absl::StrJoin(labels, ", ", absl::PairFormatter(": "));
}

std::string MinuteText(int minute) {
  return absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
}

std::string QuietText(const v1::Rule& rule) {
  if (!rule.has_quiet_hours()) return "";
  const v1::QuietHours& hours = rule.quiet_hours();
  return absl::StrCat(MinuteText(hours.start_minute()), " to ",
                      MinuteText(hours.end_minute()), " ", hours.time_zone());
}

}  // namespace

std::vector<FieldChange> RuleChanges(const v1::Rule& before,
                                     const v1::Rule& after) {
  std::vector<FieldChange> changes;
  const auto compare = [&](const char* field, std::string old_text,
                           std::string new_text) {
    if (old_text == new_text) return;
    changes.push_back({field, std::move(old_text), std::move(new_text)});
  };
  compare("display_name", before.display_name(), after.display_name());
  compare("description", before.description(), after.description());
  compare("filter", before.filter(), after.filter());
  compare("urgency", UrgencyText(before), UrgencyText(after));
  compare("labels", LabelsText(before), LabelsText(after));
  compare("once_per", OncePerText(before), OncePerText(after));
  compare("min_sources", SourcesText(before), SourcesText(after));
  compare("mute_until", TimeText(before.mute_until()),
          TimeText(after.mute_until()));
  compare("quiet_hours", QuietText(before), QuietText(after));
  compare("headline_template", before.headline_template(),
          after.headline_template());
  compare("disabled", before.disabled() ? "true" : "",
          after.disabled() ? "true" : "");
  return changes;
}

}  // namespace tocsin::cli
