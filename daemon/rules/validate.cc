#include "rules/validate.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "filter/program.h"
#include "rules/headline.h"
#include "rules/rule_set.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

absl::Status Bad(absl::string_view field, absl::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", message));
}

absl::Status CheckText(absl::string_view field, absl::string_view text,
                       size_t most) {
  if (text.size() > most)
    return Bad(field, absl::StrCat("at most ", most, " bytes; these are ",
                                   text.size()));
  if (!IsValidUtf8(text)) return Bad(field, "not UTF-8");
  return absl::OkStatus();
}

absl::Status CheckLabels(const Rule& rule) {
  if (rule.labels.size() > kMaxRuleLabels)
    return Bad("labels", absl::StrCat("at most ", kMaxRuleLabels, " of them"));
  for (const auto& [key, value] : rule.labels) {
    if (key.empty()) return Bad("labels", "a label without a name");
    TOCSIN_RETURN_IF_ERROR(CheckText("labels", key, kMaxRuleLabelBytes));
    TOCSIN_RETURN_IF_ERROR(
        CheckText(absl::StrCat("labels.", key), value, kMaxRuleLabelBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckTimes(const Rule& rule) {
  if (rule.once_per.has_value() && *rule.once_per < absl::ZeroDuration())
    return Bad("once_per", "less than nothing; 0s rings every time");
  if (rule.min_sources < 1 || rule.min_sources > kMaxMinSources)
    return Bad("min_sources", absl::StrCat("from 1 to ", kMaxMinSources));
  if (rule.min_sources > 1 && rule.min_sources_within <= absl::ZeroDuration())
    return Bad("min_sources",
               "within what time? Write it as `2 within 6h`, or set "
               "min_sources_within");
  if (rule.min_sources_within < absl::ZeroDuration())
    return Bad("min_sources_within", "less than nothing");
  if (rule.quiet_hours.has_value()) {
    const QuietHours& hours = *rule.quiet_hours;
    absl::TimeZone zone;
    if (hours.time_zone.empty() || !absl::LoadTimeZone(hours.time_zone, &zone))
      return Bad(
          "quiet_hours.time_zone",
          absl::StrCat("unknown time zone `", hours.time_zone,
                       "`; expected an IANA name such as Europe/Stockholm"));
    for (const int minute : {hours.start_minute, hours.end_minute}) {
      if (minute < 0 || minute > 1439)
        return Bad("quiet_hours", "minutes since midnight are from 0 to 1439");
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool IsRuleName(absl::string_view name) {
  if (name.empty() || name.size() > 64 ||
      !absl::ascii_islower(static_cast<unsigned char>(name[0])))
    return false;
  for (const char c : name) {
    const auto u = static_cast<unsigned char>(c);
    if (!absl::ascii_islower(u) && !absl::ascii_isdigit(u) && c != '-')
      return false;
  }
  return true;
}

absl::StatusOr<std::shared_ptr<const Filter>> CompileRule(const Rule& rule) {
  if (!IsRuleName(rule.name))
    return Bad("name", absl::StrCat("`", rule.name.substr(0, 80),
                                    "` is not 1 to 64 characters of a-z, 0-9 "
                                    "and hyphen, beginning with a letter"));
  TOCSIN_RETURN_IF_ERROR(
      CheckText("display_name", rule.display_name, kMaxRuleDisplayNameBytes));
  TOCSIN_RETURN_IF_ERROR(
      CheckText("description", rule.description, kMaxRuleDescriptionBytes));
  if (rule.urgency < 1 || rule.urgency > 9)
    return Bad("urgency",
               absl::StrCat(rule.urgency, " is not from 1 (highest) to 9"));
  TOCSIN_RETURN_IF_ERROR(CheckLabels(rule));
  TOCSIN_RETURN_IF_ERROR(CheckTimes(rule));
  TOCSIN_RETURN_IF_ERROR(CheckText("headline_template", rule.headline_template,
                                   kMaxRuleTemplateBytes));
  absl::StatusOr<std::shared_ptr<const Filter>> filter =
      Filter::Compile(rule.filter, FilterPlace::kRule);
  if (!filter.ok()) {
    absl::Status status(filter.status().code(),
                        absl::StrCat("filter: ", filter.status().message()));
    filter.status().ForEachPayload(
        [&](absl::string_view type, const absl::Cord& payload) {
          status.SetPayload(type, payload);
        });
    return status;
  }
  if ((*filter)->program().always)
    return Bad("filter", "empty; say what should ring, such as new(entity)");
  TOCSIN_RETURN_IF_ERROR(CheckHeadlineTemplate(rule.headline_template));
  return filter;
}

absl::Status ValidateRule(const Rule& rule) {
  return CompileRule(rule).status();
}

}  // namespace tocsin
