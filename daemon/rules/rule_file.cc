#include "rules/rule_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "rules/config_node.h"
#include "rules/rule_node.h"
#include "rules/rule_set.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

absl::Status InFile(absl::string_view file, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", status.message()));
}

std::string PlaceOf(absl::string_view file, const ConfigNode& node) {
  if (node.column == 0) return absl::StrCat(file, ":", node.line);
  return absl::StrCat(file, ":", node.line, ":", node.column);
}

bool IsYaml(absl::string_view path) {
  return absl::EndsWith(path, ".yaml") || absl::EndsWith(path, ".yml");
}
bool IsJsonLines(absl::string_view path) {
  return absl::EndsWith(path, ".jsonl") || absl::EndsWith(path, ".ndjson");
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error)
    return absl::NotFoundError(absl::StrCat(path, ": ", error.message()));
  if (size > kMaxRuleFileBytes)
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": larger than ", kMaxRuleFileBytes >> 20, " MiB"));
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)),
                   std::istreambuf_iterator<char>());
  if (!in.good() && !in.eof())
    return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  return text;
}

// The files to read, by name.
absl::StatusOr<std::vector<std::string>> FilesOf(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    return absl::NotFoundError(
        absl::StrCat(path, ": no such file or directory"));
  if (!fs::is_directory(status)) {
    if (IsYaml(path) || IsJsonLines(path))
      return std::vector<std::string>{path};
    return absl::InvalidArgumentError(
        absl::StrCat(path,
                     ": expected a file named *.yaml, *.yml or *.jsonl, or a "
                     "directory of such"));
  }
  std::vector<std::string> files;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string file = entry->path().string();
    std::error_code ignored;
    if ((IsYaml(file) || IsJsonLines(file)) && entry->is_regular_file(ignored))
      files.push_back(file);
  }
  if (error)
    return absl::NotFoundError(absl::StrCat(path, ": ", error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

// A status that names where the rule stands.
absl::Status AtPlace(const LocatedRule& located, absl::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat(
      located.place, ": rule `", located.rule.name, "`: ", message));
}

}  // namespace

absl::StatusOr<std::vector<LocatedRule>> ParseRulesYaml(
    absl::string_view text, absl::string_view file) {
  absl::StatusOr<ConfigNode> root = ParseYaml(text);
  if (!root.ok()) return InFile(file, root.status());
  std::vector<LocatedRule> rules;
  if (root->kind == ConfigNode::Kind::kNull) return rules;
  if (root->kind != ConfigNode::Kind::kMap)
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": expected `rules:` with a list below it"));
  for (const auto& [key, value] : root->map) {
    if (key.scalar != "rules") {
      return absl::InvalidArgumentError(
          absl::StrCat(PlaceOf(file, key), ": unknown key `", key.scalar,
                       "`; expected `rules`"));
    }
    if (value.kind == ConfigNode::Kind::kNull) continue;
    if (value.kind != ConfigNode::Kind::kList)
      return absl::InvalidArgumentError(
          absl::StrCat(PlaceOf(file, value),
                       ": `rules` is a list; begin each rule with `- name:`"));
    for (const ConfigNode& node : value.list) {
      absl::StatusOr<Rule> rule = RuleFromNode(node);
      if (!rule.ok()) return InFile(file, rule.status());
      rules.push_back({*std::move(rule), PlaceOf(file, node)});
    }
  }
  return rules;
}

absl::StatusOr<std::vector<LocatedRule>> ParseRulesJsonLines(
    absl::string_view text, absl::string_view file) {
  std::vector<LocatedRule> rules;
  for (int line = 1; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    const absl::string_view json = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (json.find_first_not_of(" \t\r") == absl::string_view::npos) continue;
    absl::StatusOr<ConfigNode> node = ParseJsonLine(json, line);
    if (!node.ok()) return InFile(file, node.status());
    absl::StatusOr<Rule> rule = RuleFromNode(*node);
    if (!rule.ok()) return InFile(file, rule.status());
    if (rules.size() == kMaxRules)
      return absl::InvalidArgumentError(
          absl::StrCat(file, ":", line, ": more than ", kMaxRules, " rules"));
    rules.push_back({*std::move(rule), absl::StrCat(file, ":", line)});
  }
  return rules;
}

absl::StatusOr<std::vector<Rule>> ReadRules(const std::string& path) {
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesOf(path));
  std::vector<Rule> rules;
  absl::flat_hash_map<std::string, std::string> place_of;
  for (const std::string& file : files) {
    TOCSIN_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
    TOCSIN_ASSIGN_OR_RETURN(std::vector<LocatedRule> located,
                            IsYaml(file) ? ParseRulesYaml(text, file)
                                         : ParseRulesJsonLines(text, file));
    for (LocatedRule& entry : located) {
      const auto [at, added] =
          place_of.try_emplace(entry.rule.name, entry.place);
      if (!added)
        return AtPlace(
            entry, absl::StrCat("there is one of this name at ", at->second));
      if (const absl::Status status = ValidateRule(entry.rule); !status.ok())
        return AtPlace(entry, status.message());
      if (rules.size() == kMaxRules)
        return AtPlace(entry, absl::StrCat("more than ", kMaxRules, " rules"));
      rules.push_back(std::move(entry.rule));
    }
  }
  return rules;
}

}  // namespace tocsin
