#include "cli/rule_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "cli/article_file.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "google/protobuf/util/json_util.h"

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

// yaml-cpp throws; RulesFromYaml catches.
class YamlReader {
 public:
  explicit YamlReader(absl::string_view name) : name_(name) {}

  absl::StatusOr<std::vector<v1::Rule>> Rules(const YAML::Node& root) const {
    if (!root.IsMap()) return At(root, "expected `rules:` with a list");
    CLI_RETURN_IF_ERROR(CheckOnce(root));
    for (const auto& entry : root) {
      if (entry.first.Scalar() != "rules") {
        return At(entry.first,
                  absl::StrCat("a rule file has no key '", entry.first.Scalar(),
                               "', only `rules`"));
      }
    }
    const YAML::Node list = root["rules"];
    std::vector<v1::Rule> rules;
    if (list.IsNull()) return rules;
    if (!list.IsSequence()) return At(list, "`rules` must be a list");
    for (const YAML::Node& node : list) {
      CLI_ASSIGN_OR_RETURN(v1::Rule rule, ReadRule(node));
      rules.push_back(std::move(rule));
    }
    return rules;
  }

  absl::Status At(const YAML::Mark& mark, absl::string_view what) const {
    if (mark.is_null()) {
      return absl::InvalidArgumentError(absl::StrCat(name_, ": ", what));
    }
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ":", mark.line + 1, ": ", what));
  }
  absl::Status At(const YAML::Node& node, absl::string_view what) const {
    return At(node.Mark(), what);
  }

 private:
  absl::Status CheckOnce(const YAML::Node& map) const {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      if (!entry.first.IsScalar()) return At(entry.first, "a key must be text");
      if (!seen.insert(entry.first.Scalar()).second) {
        return At(entry.first,
                  absl::StrCat("'", entry.first.Scalar(), "' is given twice"));
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<v1::Rule> ReadRule(const YAML::Node& node) const {
    if (!node.IsMap()) return At(node, "a rule is a map, with a name");
    CLI_RETURN_IF_ERROR(CheckOnce(node));
    v1::Rule rule;
    for (const auto& entry : node) {
      CLI_RETURN_IF_ERROR(
          ReadField(entry.first.Scalar(), entry.first, entry.second, rule));
    }
    if (rule.name().empty()) return At(node, "the rule has no name");
    if (rule.filter().empty()) {
      return At(node, absl::StrCat("rule '", rule.name(), "' has no filter"));
    }
    return rule;
  }

  absl::Status ReadField(const std::string& key, const YAML::Node& key_node,
                         const YAML::Node& value, v1::Rule& rule) const {
    if (key == "labels") return ReadLabels(value, rule);
    if (key == "quiet_hours") return ReadQuietHours(value, rule);
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) {
      return At(key_node,
                absl::StrCat("a rule has no key '", key, "'; its keys are ",
                             absl::StrJoin(kKeys, ", ")));
    }
    if (!value.IsScalar()) {
      return At(value, absl::StrCat(key, ": expected a single value"));
    }
    absl::Status status = ReadScalar(key, value.Scalar(), rule);
    return status.ok() ? status
                       : At(value, absl::StrCat(key, ": ", status.message()));
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
    if (!node.IsMap()) return At(node, "labels: expected `key: text` pairs");
    CLI_RETURN_IF_ERROR(CheckOnce(node));
    for (const auto& entry : node) {
      if (!entry.second.IsScalar()) {
        return At(entry.second, "labels: expected `key: text` pairs");
      }
      (*rule.mutable_labels())[entry.first.Scalar()] = entry.second.Scalar();
    }
    return absl::OkStatus();
  }

  absl::Status ReadQuietHours(const YAML::Node& node, v1::Rule& rule) const {
    constexpr absl::string_view kForm =
        "quiet_hours: expected {time_zone: Europe/Stockholm, start: \"22:00\", "
        "end: \"07:00\"}";
    if (!node.IsMap()) return At(node, kForm);
    CLI_RETURN_IF_ERROR(CheckOnce(node));
    v1::QuietHours& hours = *rule.mutable_quiet_hours();
    int given = 0;
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      if (!entry.second.IsScalar()) return At(entry.second, kForm);
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
        return At(entry.second, kForm);
      }
      if (key == "start") hours.set_start_minute(hour * 60 + minute);
      if (key == "end") hours.set_end_minute(hour * 60 + minute);
    }
    return given == 3 ? absl::OkStatus() : At(node, kForm);
  }

  const absl::string_view name_;
};

}  // namespace

absl::StatusOr<std::vector<v1::Rule>> RulesFromYaml(absl::string_view name,
                                                    const std::string& text) {
  if (absl::Status status = CheckUtf8(text); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": ", status.message()));
  }
  const YamlReader reader(name);
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    std::vector<v1::Rule> rules;
    for (const YAML::Node& document : documents) {
      CLI_ASSIGN_OR_RETURN(std::vector<v1::Rule> some, reader.Rules(document));
      rules.insert(rules.end(), some.begin(), some.end());
    }
    return rules;
  } catch (const YAML::Exception& e) {
    return reader.At(e.mark, e.msg);
  }
}

absl::StatusOr<std::vector<v1::Rule>> RulesFromJsonLines(
    absl::string_view name, const std::string& text) {
  std::vector<v1::Rule> rules;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    v1::Rule rule;
    const auto status =
        google::protobuf::util::JsonStringToMessage(std::string(line), &rule);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, ":", number,
          ": not the JSON of a rule: ", Printable(status.ToString())));
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

namespace {

// Directly in the folder, by name.
absl::StatusOr<std::vector<v1::Rule>> ReadFolder(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path, error), end;
       !error && it != end; it.increment(error)) {
    const std::string file = it->path().string();
    for (const char* extension : {".yaml", ".yml", ".jsonl"}) {
      if (absl::EndsWith(file, extension)) files.push_back(file);
    }
  }
  if (error || files.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": has no .yaml, .yml or .jsonl file"));
  }
  std::sort(files.begin(), files.end());
  std::vector<v1::Rule> rules;
  for (const std::string& file : files) {
    CLI_ASSIGN_OR_RETURN(std::vector<v1::Rule> some, ReadRuleFile(file));
    rules.insert(rules.end(), some.begin(), some.end());
  }
  return rules;
}

}  // namespace

absl::StatusOr<std::vector<v1::Rule>> ReadRuleFile(const std::string& path) {
  std::string text;
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return ReadFolder(path);
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    return RulesFromYaml("<stdin>", text);
  }
  std::ifstream file(path, std::ios::binary);
  if (file.is_open()) text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  }
  if (absl::EndsWith(path, ".jsonl") || absl::EndsWith(path, ".ndjson")) {
    return RulesFromJsonLines(path, text);
  }
  return RulesFromYaml(path, text);
}

}  // namespace tocsin::cli
