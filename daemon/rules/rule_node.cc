#include "rules/rule_node.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "filter/literal.h"

namespace tocsin {
namespace {

using Kind = ConfigNode::Kind;

absl::Status At(const ConfigNode& node, absl::string_view what) {
  if (node.column == 0)
    return absl::InvalidArgumentError(absl::StrCat(node.line, ": ", what));
  return absl::InvalidArgumentError(
      absl::StrCat(node.line, ":", node.column, ": ", what));
}

// `oncePer` as `once_per`.
std::string SnakeCase(absl::string_view key) {
  std::string out;
  for (const char c : key) {
    const auto u = static_cast<unsigned char>(c);
    if (absl::ascii_isupper(u)) out.push_back('_');
    out.push_back(static_cast<char>(absl::ascii_tolower(u)));
  }
  return out;
}

// Spans of time as filters write them, `0s` and, as proto JSON has it, `1.5s`.
std::optional<absl::Duration> ParseDuration(absl::string_view text) {
  if (text == "0" || text == "0s") return absl::ZeroDuration();
  if (const auto span = ParseSpanOfTime(text)) return span;
  double seconds = 0;
  if (absl::ConsumeSuffix(&text, "s") && absl::SimpleAtod(text, &seconds) &&
      seconds > 0 && seconds < 3.2e9)
    return absl::Seconds(seconds);
  return std::nullopt;
}

// `22:00` in minutes since midnight.
std::optional<int> ParseTimeOfDay(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  int hour = 0, minute = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &hour) ||
      !absl::SimpleAtoi(parts[1], &minute) || hour < 0 || hour > 23 ||
      minute < 0 || minute > 59)
    return std::nullopt;
  return hour * 60 + minute;
}

class RuleReader {
 public:
  absl::StatusOr<Rule> Read(const ConfigNode& node) {
    if (node.kind != Kind::kMap)
      return At(node, "a rule is a map with `name` and `filter`");
    for (const auto& [key, value] : node.map) {
      TOCSIN_RETURN_IF_ERROR(ReadField(key, SnakeCase(key.scalar), value));
    }
    if (rule_.name.empty()) return At(node, "a rule without a `name`");
    if (rule_.filter.empty())
      return At(node,
                absl::StrCat("rule `", rule_.name, "`: without a `filter`"));
    return std::move(rule_);
  }

 private:
  struct FieldReader {
    absl::string_view key;
    absl::Status (RuleReader::*read)(const ConfigNode& value);
  };
  static absl::Span<const FieldReader> Fields();

  absl::Status ReadField(const ConfigNode& key, const std::string& name,
                         const ConfigNode& value) {
    for (const FieldReader& field : Fields()) {
      if (field.key == name) {
        if (value.kind == Kind::kNull) return absl::OkStatus();
        return (this->*field.read)(value);
      }
    }
    std::vector<absl::string_view> known;
    for (const FieldReader& field : Fields()) known.push_back(field.key);
    return At(key, absl::StrCat(Named(), "unknown key `", key.scalar, "`",
                                DidYouMean(name, known)));
  }

  std::string Named() const {
    return rule_.name.empty() ? "" : absl::StrCat("rule `", rule_.name, "`: ");
  }
  absl::Status Bad(const ConfigNode& value, absl::string_view field,
                   absl::string_view expected) const {
    return At(value, absl::StrCat(Named(), field, ": expected ", expected));
  }
  absl::Status Text(const ConfigNode& value, absl::string_view field,
                    std::string& out) const {
    if (value.kind != Kind::kScalar) return Bad(value, field, "a text");
    out = value.scalar;
    return absl::OkStatus();
  }
  absl::Status Number(const ConfigNode& value, absl::string_view field,
                      int& out) const {
    if (value.kind != Kind::kScalar || !absl::SimpleAtoi(value.scalar, &out))
      return Bad(value, field, "a whole number");
    return absl::OkStatus();
  }
  absl::Status Bool(const ConfigNode& value, absl::string_view field,
                    bool& out) const {
    out = value.scalar == "true";
    if (value.kind != Kind::kScalar || (!out && value.scalar != "false"))
      return Bad(value, field, "true or false");
    return absl::OkStatus();
  }

  absl::Status Name(const ConfigNode& value) {
    TOCSIN_RETURN_IF_ERROR(Text(value, "name", rule_.name));
    rule_.name = std::string(absl::StripPrefix(rule_.name, "rules/"));
    return absl::OkStatus();
  }
  absl::Status DisplayName(const ConfigNode& value) {
    return Text(value, "display_name", rule_.display_name);
  }
  absl::Status Description(const ConfigNode& value) {
    return Text(value, "description", rule_.description);
  }
  absl::Status FilterText(const ConfigNode& value) {
    return Text(value, "filter", rule_.filter);
  }
  absl::Status Template(const ConfigNode& value) {
    return Text(value, "headline_template", rule_.headline_template);
  }
  absl::Status Urgency(const ConfigNode& value) {
    return Number(value, "urgency", rule_.urgency);
  }
  absl::Status Disabled(const ConfigNode& value) {
    return Bool(value, "disabled", rule_.disabled);
  }
  absl::Status Ignored(const ConfigNode&) { return absl::OkStatus(); }

  absl::Status OncePer(const ConfigNode& value) {
    if (value.scalar == "forever") {
      rule_.once_per = absl::InfiniteDuration();
      return absl::OkStatus();
    }
    const auto duration = ParseDuration(value.scalar);
    if (value.kind != Kind::kScalar || !duration.has_value())
      return Bad(
          value, "once_per",
          "a span of time such as 30d or 6h, 0s for every time, or forever");
    rule_.once_per = *duration;
    return absl::OkStatus();
  }

  absl::Status MinSources(const ConfigNode& value) {
    const std::vector<absl::string_view> parts =
        absl::StrSplit(value.scalar, ' ', absl::SkipEmpty());
    const bool within = parts.size() == 3 && parts[1] == "within";
    if (value.kind != Kind::kScalar || (parts.size() != 1 && !within) ||
        !absl::SimpleAtoi(parts[0], &rule_.min_sources))
      return Bad(value, "min_sources",
                 "a number and a span of time, such as `2 within 6h`");
    if (!within) return absl::OkStatus();
    const auto duration = ParseDuration(parts[2]);
    if (!duration.has_value())
      return Bad(value, "min_sources",
                 "a span of time after `within`, such as 6h");
    rule_.min_sources_within = *duration;
    return absl::OkStatus();
  }

  absl::Status MinSourcesWithin(const ConfigNode& value) {
    const auto duration = ParseDuration(value.scalar);
    if (value.kind != Kind::kScalar || !duration.has_value())
      return Bad(value, "min_sources_within", "a span of time such as 6h");
    rule_.min_sources_within = *duration;
    return absl::OkStatus();
  }

  absl::Status MuteUntil(const ConfigNode& value) {
    const auto time = ParseTimeLiteral(value.scalar);
    if (value.kind != Kind::kScalar || !time.has_value())
      return Bad(
          value, "mute_until",
          "a time such as 2026-11-21T08:00:00Z or a date such as 2026-11-21");
    rule_.mute_until = *time;
    return absl::OkStatus();
  }

  absl::Status Labels(const ConfigNode& value) {
    if (value.kind != Kind::kMap)
      return Bad(value, "labels", "a map, such as {desk: economy}");
    for (const auto& [key, text] : value.map) {
      if (text.kind != Kind::kScalar)
        return Bad(text, absl::StrCat("labels.", key.scalar), "a text");
      rule_.labels[key.scalar] = text.scalar;
    }
    return absl::OkStatus();
  }

  absl::Status Quiet(const ConfigNode& value) {
    constexpr absl::string_view kForm =
        "{time_zone: Europe/Stockholm, start: \"22:00\", end: \"06:00\"}";
    if (value.kind != Kind::kMap) return Bad(value, "quiet_hours", kForm);
    QuietHours hours;
    bool start = false, end = false;
    for (const auto& [key, field] : value.map) {
      const std::string name = SnakeCase(key.scalar);
      if (name == "time_zone") {
        TOCSIN_RETURN_IF_ERROR(
            Text(field, "quiet_hours.time_zone", hours.time_zone));
        continue;
      }
      const bool is_start = absl::StartsWith(name, "start");
      int& minute = is_start ? hours.start_minute : hours.end_minute;
      (is_start ? start : end) = true;
      if (name == "start" || name == "end") {
        const auto parsed = ParseTimeOfDay(field.scalar);
        if (!parsed.has_value())
          return Bad(field, absl::StrCat("quiet_hours.", name),
                     "a time of day such as \"22:00\", in quotes");
        minute = *parsed;
      } else if (name == "start_minute" || name == "end_minute") {
        TOCSIN_RETURN_IF_ERROR(
            Number(field, absl::StrCat("quiet_hours.", name), minute));
      } else {
        return Bad(key, absl::StrCat("quiet_hours.", key.scalar), kForm);
      }
    }
    // Proto JSON leaves a zero out.
    if (!start && !end) return Bad(value, "quiet_hours", kForm);
    rule_.quiet_hours = std::move(hours);
    return absl::OkStatus();
  }

  Rule rule_;
};

absl::Span<const RuleReader::FieldReader> RuleReader::Fields() {
  static constexpr FieldReader kFields[] = {
      {"name", &RuleReader::Name},
      {"display_name", &RuleReader::DisplayName},
      {"description", &RuleReader::Description},
      {"filter", &RuleReader::FilterText},
      {"urgency", &RuleReader::Urgency},
      {"labels", &RuleReader::Labels},
      {"once_per", &RuleReader::OncePer},
      {"min_sources", &RuleReader::MinSources},
      {"min_sources_within", &RuleReader::MinSourcesWithin},
      {"mute_until", &RuleReader::MuteUntil},
      {"quiet_hours", &RuleReader::Quiet},
      {"headline_template", &RuleReader::Template},
      {"disabled", &RuleReader::Disabled},
      // Output only: what `tocsin rules get --json` printed can be read back.
      {"rule_set", &RuleReader::Ignored},
      {"revision", &RuleReader::Ignored},
      {"etag", &RuleReader::Ignored},
  };
  return kFields;
}

}  // namespace

absl::StatusOr<Rule> RuleFromNode(const ConfigNode& node) {
  return RuleReader().Read(node);
}

}  // namespace tocsin
