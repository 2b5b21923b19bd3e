#include "cli/rule_file.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/config_file.h"
#include "cli/status.h"
#include "cli/time_text.h"

namespace tocsin::cli {
namespace {

constexpr absl::string_view kKeys[] = {
    "name",
    "display_name",
    "description",
    "filter",
    "urgency",
    "labels",
    "once_per",
    "min_sources",
    "mute_until",
    "min_sources_within",
    "headline_template",
    "quiet_hours",
    "disabled",
};

// The largest google.protobuf.Duration.
constexpr int64_t kForeverSeconds = 315576000000;

class YamlReader {
 public:
  explicit YamlReader(absl::string_view name) : file_(name) {}

  absl::StatusOr<std::vector<v1::Rule>> Rules(const std::string& text) const {
    std::vector<v1::Rule> rules;
    CLI_RETURN_IF_ERROR(
        file_.ForEach(text, "rules", [&](const YAML::Node& node) {
          CLI_ASSIGN_OR_RETURN(rules.emplace_back(), ReadRule(node));
          return absl::OkStatus();
        }));
    return rules;
  }

  absl::StatusOr<v1::Rule> ReadRule(const YAML::Node& node) const {
    CLI_RETURN_IF_ERROR(file_.CheckMap(node, "a rule is a map, with a name"));
    v1::Rule rule;
    for (const auto& entry : node) {
      CLI_RETURN_IF_ERROR(
          ReadField(entry.first.Scalar(), entry.first, entry.second, rule));
    }
    if (rule.name().empty()) return file_.At(node, "the rule has no name");
    if (rule.filter().empty()) {
      return file_.At(node,
                      absl::StrCat("rule '", rule.name(), "' has no filter"));
    }
    return rule;
  }

 private:
  absl::Status ReadField(const std::string& key, const YAML::Node& key_node,
                         const YAML::Node& value, v1::Rule& rule) const {
    if (key == "labels") return ReadLabels(value, rule);
    if (key == "quiet_hours") return ReadQuietHours(value, rule);
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) {
      return file_.At(
          key_node, absl::StrCat("a rule has no key '", key, "'; its keys are ",
                                 absl::StrJoin(kKeys, ", ")));
    }
    if (!value.IsScalar()) {
      return file_.At(value, absl::StrCat(key, ": expected a single value"));
    }
    absl::Status status = ReadScalar(key, value.Scalar(), rule);
    return status.ok()
               ? status
               : file_.At(value, absl::StrCat(key, ": ", status.message()));
  }

  static absl::Status ReadScalar(const std::string& key,
                                 const std::string& text, v1::Rule& rule) {
    if (key == "name") {
      rule.set_name(text);
    } else if (key == "display_name") {
      rule.set_display_name(text);
    } else if (key == "description") {
      rule.set_description(text);
    } else if (key == "filter") {
      rule.set_filter(text);
    } else if (key == "headline_template") {
      rule.set_headline_template(text);
    } else if (key == "urgency") {
      int32_t urgency = 0;
      if (!absl::SimpleAtoi(text, &urgency)) return NotA(text, "number");
      rule.set_urgency(urgency);
    } else if (key == "disabled") {
      bool disabled = false;
      if (!absl::SimpleAtob(text, &disabled))
        return NotA(text, "true or false");
      rule.set_disabled(disabled);
    } else if (key == "once_per") {
      if (text == "forever") {
        rule.mutable_once_per()->set_seconds(kForeverSeconds);
        return absl::OkStatus();
      }
      CLI_ASSIGN_OR_RETURN(const absl::Duration d, ParseDuration(text));
      *rule.mutable_once_per() = ToDurationProto(d);
    } else if (key == "min_sources") {
      return ReadMinSources(text, rule);
    } else if (key == "min_sources_within") {
      CLI_ASSIGN_OR_RETURN(const absl::Duration d, ParseDuration(text));
      *rule.mutable_min_sources_within() = ToDurationProto(d);
    } else if (key == "mute_until") {
      // The daemon reads the same files, wherever it runs: UTC, and not
      // counted from now.
      if (text.find('-') == std::string::npos) {
        return NotA(text, "a date or a time such as 2026-11-21T08:00:00Z");
      }
      CLI_ASSIGN_OR_RETURN(
          const absl::Time time,
          ParseTime(text, absl::UnixEpoch(), absl::UTCTimeZone()));
      *rule.mutable_mute_until() = ToTimestamp(time);
    }
    return absl::OkStatus();
  }

  static absl::Status NotA(const std::string& text, absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not ", what));
  }

  // `2` or `2 within 6h`.
  static absl::Status ReadMinSources(const std::string& text, v1::Rule& rule) {
    const std::vector<std::string> words =
        absl::StrSplit(text, ' ', absl::SkipEmpty());
    int32_t count = 0;
    const bool has_window = words.size() == 3 && words[1] == "within";
    if ((words.size() != 1 && !has_window) ||
        !absl::SimpleAtoi(words[0], &count)) {
      return NotA(text, "a number of sources, such as 2 within 6h");
    }
    rule.set_min_sources(count);
    if (has_window) {
      CLI_ASSIGN_OR_RETURN(const absl::Duration d, ParseDuration(words[2]));
      *rule.mutable_min_sources_within() = ToDurationProto(d);
    }
    return absl::OkStatus();
  }

  absl::Status ReadLabels(const YAML::Node& node, v1::Rule& rule) const {
    CLI_RETURN_IF_ERROR(
        file_.CheckMap(node, "labels: expected `key: text` pairs"));
    for (const auto& entry : node) {
      if (!entry.second.IsScalar()) {
        return file_.At(entry.second, "labels: expected `key: text` pairs");
      }
      (*rule.mutable_labels())[entry.first.Scalar()] = entry.second.Scalar();
    }
    return absl::OkStatus();
  }

  absl::Status ReadQuietHours(const YAML::Node& node, v1::Rule& rule) const {
    constexpr absl::string_view kForm =
        "quiet_hours: expected {time_zone: Europe/Stockholm, start: \"22:00\", "
        "end: \"07:00\"}";
    CLI_RETURN_IF_ERROR(file_.CheckMap(node, kForm));
    v1::QuietHours& hours = *rule.mutable_quiet_hours();
    int given = 0;
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      if (!entry.second.IsScalar()) return file_.At(entry.second, kForm);
      const std::string text = entry.second.Scalar();
      ++given;
      if (key == "time_zone") {
        hours.set_time_zone(text);
        continue;
      }
      const std::vector<std::string> parts = absl::StrSplit(text, ':');
      int32_t hour = 0, minute = 0;
      if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &hour) ||
          !absl::SimpleAtoi(parts[1], &minute) || hour < 0 || hour > 23 ||
          minute < 0 || minute > 59 || (key != "start" && key != "end")) {
        return file_.At(entry.second, kForm);
      }
      if (key == "start") hours.set_start_minute(hour * 60 + minute);
      if (key == "end") hours.set_end_minute(hour * 60 + minute);
    }
    return given == 3 ? absl::OkStatus() : file_.At(node, kForm);
  }

  const YamlFile file_;
};

}  // namespace

absl::StatusOr<std::vector<v1::Rule>> RulesFromYaml(absl::string_view name,
                                                    const std::string& text) {
  return YamlReader(name).Rules(text);
}

absl::StatusOr<v1::Rule> RuleFromYaml(absl::string_view name,
                                      const YAML::Node& node) {
  return YamlReader(name).ReadRule(node);
}

absl::StatusOr<std::vector<v1::Rule>> RulesFromJsonLines(
    absl::string_view name, const std::string& text) {
  std::vector<v1::Rule> rules;
  CLI_RETURN_IF_ERROR(ReadJsonLines(
      name, text, "a rule", v1::Rule::default_instance(),
      [&](const auto& rule) { rules.emplace_back().CopyFrom(rule); }));
  return rules;
}

absl::StatusOr<std::vector<v1::Rule>> ReadRuleFile(const std::string& path) {
  CLI_ASSIGN_OR_RETURN(const std::vector<ConfigFile> files,
                       ReadConfigFiles(path));
  std::vector<v1::Rule> rules;
  for (const ConfigFile& file : files) {
    CLI_ASSIGN_OR_RETURN(std::vector<v1::Rule> some,
                         file.json_lines
                             ? RulesFromJsonLines(file.name, file.text)
                             : RulesFromYaml(file.name, file.text));
    rules.insert(rules.end(), some.begin(), some.end());
  }
  return rules;
}

}  // namespace tocsin::cli
