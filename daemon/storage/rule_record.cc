#include "storage/rule_record.h"

namespace tocsin {
namespace {

// RuleRecord::once_per where it is not a number of microseconds. kAlways: the
// rule rings every time.
constexpr int64_t kUnset = -1;
constexpr int64_t kForEver = 0;
constexpr int64_t kAlways = -2;

int64_t OncePerToStored(const std::optional<absl::Duration>& once_per) {
  if (!once_per.has_value()) return kUnset;
  if (*once_per == absl::InfiniteDuration()) return kForEver;
  const int64_t micros = absl::ToInt64Microseconds(*once_per);
  return micros <= 0 ? kAlways : micros;
}

std::optional<absl::Duration> OncePerFromStored(int64_t stored) {
  if (stored == kUnset) return std::nullopt;
  if (stored == kForEver) return absl::InfiniteDuration();
  if (stored == kAlways) return absl::ZeroDuration();
  return absl::Microseconds(stored);
}

}  // namespace

RuleRecord ToRecord(const Rule& rule) {
  RuleRecord record;
  record.set_name(rule.name);
  record.set_display_name(rule.display_name);
  record.set_description(rule.description);
  record.set_filter(rule.filter);
  record.set_urgency(rule.urgency);
  record.mutable_labels()->insert(rule.labels.begin(), rule.labels.end());
  record.set_once_per(OncePerToStored(rule.once_per));
  record.set_min_sources(rule.min_sources);
  record.set_min_sources_within(
      absl::ToInt64Microseconds(rule.min_sources_within));
  record.set_mute_until(ToMicros(rule.mute_until));
  if (rule.quiet_hours.has_value()) {
    record.set_quiet_time_zone(rule.quiet_hours->time_zone);
    record.set_quiet_start_minute(rule.quiet_hours->start_minute);
    record.set_quiet_end_minute(rule.quiet_hours->end_minute);
  }
  record.set_headline_template(rule.headline_template);
  record.set_disabled(rule.disabled);
  record.set_rule_set(rule.rule_set);
  record.set_revision(rule.revision);
  return record;
}

Rule FromRecord(const RuleRecord& record) {
  Rule rule;
  rule.name = record.name();
  rule.display_name = record.display_name();
  rule.description = record.description();
  rule.filter = record.filter();
  rule.urgency = record.urgency();
  rule.labels.insert(record.labels().begin(), record.labels().end());
  rule.once_per = OncePerFromStored(record.once_per());
  rule.min_sources = record.min_sources();
  rule.min_sources_within = absl::Microseconds(record.min_sources_within());
  rule.mute_until = FromMicros(record.mute_until());
  if (!record.quiet_time_zone().empty()) {
    rule.quiet_hours =
        QuietHours{record.quiet_time_zone(), record.quiet_start_minute(),
                   record.quiet_end_minute()};
  }
  rule.headline_template = record.headline_template();
  rule.disabled = record.disabled();
  rule.rule_set = record.rule_set();
  rule.revision = record.revision();
  return rule;
}

}  // namespace tocsin
