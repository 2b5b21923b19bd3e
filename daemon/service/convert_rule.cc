#include "service/convert_rule.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "pipeline/rule_book.h"
#include "rules/rule_set.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"

namespace tocsin {
namespace {

// Copies one field from `from`, which FromProto made.
struct RuleField {
  absl::string_view path;
  void (*copy)(const Rule& from, Rule& to);
};
const RuleField kFields[] = {
    {"display_name",
     [](const Rule& from, Rule& to) { to.display_name = from.display_name; }},
    {"description",
     [](const Rule& from, Rule& to) { to.description = from.description; }},
    {"filter", [](const Rule& from, Rule& to) { to.filter = from.filter; }},
    {"urgency", [](const Rule& from, Rule& to) { to.urgency = from.urgency; }},
    {"labels", [](const Rule& from, Rule& to) { to.labels = from.labels; }},
    {"once_per",
     [](const Rule& from, Rule& to) { to.once_per = from.once_per; }},
    {"min_sources",
     [](const Rule& from, Rule& to) { to.min_sources = from.min_sources; }},
    {"min_sources_within",
     [](const Rule& from, Rule& to) {
       to.min_sources_within = from.min_sources_within;
     }},
    {"mute_until",
     [](const Rule& from, Rule& to) { to.mute_until = from.mute_until; }},
    {"quiet_hours",
     [](const Rule& from, Rule& to) { to.quiet_hours = from.quiet_hours; }},
    {"headline_template",
     [](const Rule& from, Rule& to) {
       to.headline_template = from.headline_template;
     }},
    {"disabled",
     [](const Rule& from, Rule& to) { to.disabled = from.disabled; }},
    {"name", [](const Rule&, Rule&) {}},
    {"rule_set", [](const Rule&, Rule&) {}},
    {"revision", [](const Rule&, Rule&) {}},
    {"etag", [](const Rule&, Rule&) {}},
};

}  // namespace

v1::Rule ToProto(const Rule& rule) {
  v1::Rule proto;
  proto.set_name(absl::StrCat("rules/", rule.name));
  proto.set_display_name(rule.display_name);
  proto.set_description(rule.description);
  proto.set_filter(rule.filter);
  proto.set_urgency(rule.urgency);
  proto.mutable_labels()->insert(rule.labels.begin(), rule.labels.end());
  if (rule.once_per.has_value())
    SetDuration(*rule.once_per, proto.mutable_once_per());
  if (rule.min_sources > 1) {
    proto.set_min_sources(rule.min_sources);
    SetDuration(rule.min_sources_within, proto.mutable_min_sources_within());
  }
  if (rule.mute_until.has_value())
    SetTime(*rule.mute_until, proto.mutable_mute_until());
  if (rule.quiet_hours.has_value()) {
    v1::QuietHours& hours = *proto.mutable_quiet_hours();
    hours.set_time_zone(rule.quiet_hours->time_zone);
    hours.set_start_minute(rule.quiet_hours->start_minute);
    hours.set_end_minute(rule.quiet_hours->end_minute);
  }
  proto.set_headline_template(rule.headline_template);
  proto.set_disabled(rule.disabled);
  proto.set_rule_set(rule.rule_set);
  proto.set_revision(rule.revision);
  proto.set_etag(RuleEtag(rule));
  return proto;
}

absl::StatusOr<Rule> FromProto(const v1::Rule& proto) {
  Rule rule;
  rule.name = std::string(absl::StripPrefix(proto.name(), "rules/"));
  rule.display_name = proto.display_name();
  rule.description = proto.description();
  rule.filter = proto.filter();
  if (proto.urgency() != 0) rule.urgency = proto.urgency();
  rule.labels.insert(proto.labels().begin(), proto.labels().end());
  if (proto.has_once_per()) {
    TOCSIN_ASSIGN_OR_RETURN(rule.once_per,
                            DurationFromProto("once_per", proto.once_per()));
  }
  if (proto.min_sources() != 0) rule.min_sources = proto.min_sources();
  if (proto.has_min_sources_within()) {
    TOCSIN_ASSIGN_OR_RETURN(
        rule.min_sources_within,
        DurationFromProto("min_sources_within", proto.min_sources_within()));
  }
  if (proto.has_mute_until()) {
    TOCSIN_ASSIGN_OR_RETURN(rule.mute_until,
                            TimeFromProto("mute_until", proto.mute_until()));
  }
  if (proto.has_quiet_hours()) {
    rule.quiet_hours = QuietHours{proto.quiet_hours().time_zone(),
                                  proto.quiet_hours().start_minute(),
                                  proto.quiet_hours().end_minute()};
  }
  rule.headline_template = proto.headline_template();
  rule.disabled = proto.disabled();
  return rule;
}

absl::Status MergeRule(const v1::Rule& proto,
                       const google::protobuf::FieldMask& mask, Rule& rule) {
  absl::StatusOr<Rule> from = FromProto(proto);
  if (!from.ok()) return InField("rule", from.status());
  const bool all = mask.paths_size() == 0 ||
                   (mask.paths_size() == 1 && mask.paths(0) == "*");
  if (all) {
    for (const RuleField& field : kFields) field.copy(*from, rule);
    return absl::OkStatus();
  }
  for (const std::string& path : mask.paths()) {
    const RuleField* found = nullptr;
    std::vector<absl::string_view> known;
    for (const RuleField& field : kFields) {
      known.push_back(field.path);
      if (field.path == path) found = &field;
    }
    if (found == nullptr)
      return FieldError("update_mask",
                        absl::StrCat("a rule has no field `", path, "`",
                                     DidYouMean(path, known)));
    found->copy(*from, rule);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> RuleIdOf(absl::string_view field,
                                     absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, "rules/") || !IsRuleName(id))
    return FieldError(
        field,
        absl::StrCat(
            "`", name.substr(0, 80),
            "` is not of the form rules/{rule}, where {rule} is 1 to 64 "
            "characters of a-z, 0-9 and hyphen, beginning with a letter"));
  return std::string(id);
}

}  // namespace tocsin
