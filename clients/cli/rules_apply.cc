// tocsin rules apply, check, diff
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/json.h"
#include "cli/resource_name.h"
#include "cli/rpc_error.h"
#include "cli/rule_diff.h"
#include "cli/rule_file.h"
#include "cli/rules_commands.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/upload.h"
#include "nlohmann/json.hpp"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

struct ApplyOptions {
  std::vector<std::string> files;
  std::string set;
  bool check_only = false;
};

// The filter of the rule that an error speaks of.
std::string FilterAtFault(const grpc::Status& status,
                          const std::vector<v1::Rule>& rules) {
  const auto index = IndexAtFault(status);
  if (!index.has_value() || *index >= rules.size() ||
      !absl::EndsWith(ViolationOf(status)->field(), ".filter")) {
    return "";
  }
  return rules[*index].filter();
}

absl::StatusOr<v1::ApplyRulesResponse> Send(
    const Connection& connection, const ApplyOptions& options,
    const std::vector<v1::Rule>& rules) {
  v1::ApplyRulesRequest head;
  head.set_rule_set(options.set);
  head.set_validate_only(options.check_only);
  head.set_rule_count(static_cast<int64_t>(rules.size()));
  v1::ApplyRulesResponse response;
  const grpc::Status status = Upload(
      connection, &v1::RuleService::Stub::ApplyRules, head, rules,
      [](const v1::Rule& rule, v1::ApplyRulesRequest& request) {
        *request.add_rules() = rule;
      },
      response);
  if (status.ok()) return response;
  return connection.Explain(status, FilterAtFault(status, rules));
}

// The rules of the files.
absl::StatusOr<std::vector<v1::Rule>> ReadFiles(
    const std::vector<std::string>& files) {
  std::vector<v1::Rule> rules;
  for (const std::string& file : files) {
    CLI_ASSIGN_OR_RETURN(std::vector<v1::Rule> some, ReadRuleFile(file));
    rules.insert(rules.end(), some.begin(), some.end());
  }
  return rules;
}

absl::StatusOr<int> RunApply(Context& context, const ApplyOptions& options) {
  CLI_ASSIGN_OR_RETURN(const std::vector<v1::Rule> rules,
                       ReadFiles(options.files));
  CLI_ASSIGN_OR_RETURN(const v1::ApplyRulesResponse response,
                       Send(context.Connect(), options, rules));
  if (context.json) {
    context.out.Print(ToJson(response) + "\n");
    return kOk;
  }
  for (const std::string& change : response.changes()) {
    context.out.Print(absl::StrCat("  ", Printable(change), "\n"));
  }
  context.out.Print(absl::StrCat(
      Counted(static_cast<int64_t>(rules.size()), "rule", "rules"),
      options.check_only ? " right: " : " applied: ", response.created_count(),
      " new, ", response.updated_count(), " changed, ",
      response.deleted_count(), " gone, ", response.unchanged_count(),
      " as before", options.check_only ? " (nothing was changed)" : "", "\n"));
  return kOk;
}

void ShowChange(Context& context, const std::string& change,
                const std::vector<FieldChange>& fields) {
  const std::string name = ShortRuleName(change.substr(1));
  if (context.json) {
    static const std::map<char, const char*> kWords = {
        {'+', "ADDED"}, {'~', "CHANGED"}, {'-', "REMOVED"}};
    nlohmann::json json = {{"change", kWords.at(change[0])},
                           {"rule", absl::StrCat("rules/", name)},
                           {"fields", nlohmann::json::array()}};
    for (const FieldChange& field : fields) {
      json["fields"].push_back({{"field", field.field},
                                {"old", field.before},
                                {"new", field.after}});
    }
    context.out.Print(json.dump() + "\n");
    return;
  }
  context.out.Print(absl::StrCat(change.substr(0, 1), " ",
                                 context.out.Bold(Printable(name)), "\n"));
  for (const FieldChange& field : fields) {
    context.out.Print(absl::StrCat("    ", field.field, "\n"));
    if (!field.before.empty()) {
      context.out.Print(
          absl::StrCat("      - ", Printable(field.before), "\n"));
    }
    if (!field.after.empty()) {
      context.out.Print(absl::StrCat("      + ", Printable(field.after), "\n"));
    }
  }
}

absl::StatusOr<int> RunDiff(Context& context, const ApplyOptions& options) {
  CLI_ASSIGN_OR_RETURN(const std::vector<v1::Rule> rules,
                       ReadFiles(options.files));
  const Connection connection = context.Connect();
  CLI_ASSIGN_OR_RETURN(const v1::ApplyRulesResponse response,
                       Send(connection, options, rules));
  for (const std::string& change : response.changes()) {
    if (change.empty()) continue;
    const std::string name = change.substr(1);
    v1::Rule before, after;
    if (change[0] != '+') {
      v1::GetRuleRequest request;
      request.set_name(name);
      CLI_ASSIGN_OR_RETURN(
          before, connection.Call(&v1::RuleService::Stub::GetRule, request));
    }
    for (const v1::Rule& rule : rules) {
      if (RuleName(rule.name()) == name) after = rule;
    }
    ShowChange(context, change, RuleChanges(before, after));
  }
  const int changed = response.created_count() + response.updated_count() +
                      response.deleted_count();
  if (!context.json) {
    if (changed > response.changes_size()) {
      context.out.Print(absl::StrCat(
          "... and ", changed - response.changes_size(), " more\n"));
    }
    context.out.Print(absl::StrCat(response.created_count(), " new, ",
                                   response.updated_count(), " changed, ",
                                   response.deleted_count(), " gone, ",
                                   response.unchanged_count(), " as before\n"));
  }
  return changed == 0 ? kOk : kPartial;
}

void AddApply(CLI::App& rules, Context& context, const std::string& name,
              const std::string& description, bool check_only,
              absl::StatusOr<int> (*run)(Context&, const ApplyOptions&)) {
  auto options = std::make_shared<ApplyOptions>();
  options->check_only = check_only;
  CLI::App* command =
      AddCommand(rules, name, description,
                 absl::StrCat("  tocsin rules ", name, " -f desk.yaml\n"));
  command
      ->add_option("-f,--file", options->files,
                   "YAML, JSON Lines (.jsonl) or a folder of both; - is "
                   "standard input; several make one set")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--set", options->set,
                   "The set to replace; not given: `default`")
      ->type_name("SET");
  command->callback([options, run, &context] {
    context.run = [options, run, &context] { return run(context, *options); };
  });
}

}  // namespace

void AddRulesApply(CLI::App& rules, Context& context) {
  AddApply(rules, context, "apply",
           "Replaces a set of rules by those of the files, all or nothing",
           false, RunApply);
  AddApply(rules, context, "check",
           "Says whether the rules are right and what would change", true,
           RunApply);
  AddApply(rules, context, "diff",
           "Shows what apply would change, field by field\n"
           "\n"
           "Ends with 1 if something would.",
           true, RunDiff);
}

}  // namespace tocsin::cli
