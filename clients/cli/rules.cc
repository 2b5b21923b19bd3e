// tocsin rules: list, get, delete; rules_commands.h has the rest
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/pages.h"
#include "cli/resource_name.h"
#include "cli/rules_commands.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kExamples[] =
    "  tocsin rules list\n"
    "  tocsin rules check -f desk.yaml\n"
    "  tocsin rules diff -f desk.yaml --set desk\n"
    "  tocsin rules apply -f desk.yaml --set desk\n"
    "  tocsin rules test desk_test.yaml\n"
    "  tocsin rules backtest big-money --since 30d\n"
    "  tocsin rules get big-money\n"
    "  tocsin rules delete big-money\n"
    "\n"
    "A rule file:\n"
    "  rules:\n"
    "    - name: big-money\n"
    "      filter: new(amount) AND amount.unit = \"USD\" AND amount.high >= "
    "1bn\n"
    "      urgency: 2\n"
    "      once_per: 30d\n"
    "\n"
    "In a filter OR binds closer than AND: `a AND b OR c` is `a AND (b OR "
    "c)`.\n";

absl::StatusOr<int> RunList(Context& context) {
  Table table({{"rule"},
               {"set"},
               {"urgency", true},
               {"once per"},
               {"filter", false, true}});
  CLI_RETURN_IF_ERROR(
      ForEachPage(
          context.Connect(), &v1::RuleService::Stub::ListRules,
          v1::ListRulesRequest(), 0, "",
          [](const auto& page) { return page.rules_size(); },
          [&](const v1::ListRulesResponse& page) {
            for (const v1::Rule& rule : page.rules()) {
              if (context.json) {
                context.out.Print(ToJson(rule) + "\n");
                continue;
              }
              table.Add({Printable(ShortRuleName(rule.name())) +
                             (rule.disabled() ? " (disabled)" : ""),
                         Printable(rule.rule_set()),
                         absl::StrCat(rule.urgency() == 0 ? 4 : rule.urgency()),
                         rule.has_once_per()
                             ? DurationText(ToDuration(rule.once_per()))
                             : "",
                         Printable(rule.filter())});
            }
            return context.out.Flush();
          })
          .status());
  if (context.json) return kOk;
  if (table.empty()) {
    context.out.Note("No rules: `tocsin rules apply -f FILE` brings some.");
  } else {
    context.out.Print(table.Render(context.out.width()));
  }
  return kOk;
}

std::string RuleText(const v1::Rule& rule, const Terminal& out) {
  std::string text =
      absl::StrCat(out.Bold(Printable(ShortRuleName(rule.name()))),
                   rule.disabled() ? " (disabled)" : "", "\n");
  const auto add = [&](absl::string_view label, const std::string& value) {
    if (!value.empty()) {
      absl::StrAppend(&text, "  ", PadRight(label, 12), value, "\n");
    }
  };
  add("title", Printable(rule.display_name()));
  add("description", Printable(rule.description()));
  add("filter", Printable(rule.filter()));
  add("urgency", absl::StrCat(rule.urgency() == 0 ? 4 : rule.urgency()));
  if (rule.has_once_per()) {
    add("once per", DurationText(ToDuration(rule.once_per())));
  }
  if (rule.min_sources() > 1) {
    add("sources",
        absl::StrCat(rule.min_sources(), " within ",
                     DurationText(ToDuration(rule.min_sources_within()))));
  }
  add("muted until", TimeText(rule.mute_until()));
  for (const auto& [key, value] : rule.labels()) {
    add("label", absl::StrCat(Printable(key), "=", Printable(value)));
  }
  add("headline", Printable(rule.headline_template()));
  add("set", Printable(rule.rule_set()));
  add("revision", absl::StrCat(rule.revision()));
  return text;
}

absl::StatusOr<int> RunGet(Context& context, const std::string& name) {
  v1::GetRuleRequest request;
  request.set_name(RuleName(name));
  CLI_ASSIGN_OR_RETURN(
      const v1::Rule rule,
      context.Connect().Call(&v1::RuleService::Stub::GetRule, request));
  context.out.Print(context.json ? ToJson(rule) + "\n"
                                 : RuleText(rule, context.out));
  return kOk;
}

absl::StatusOr<int> RunDelete(Context& context, const std::string& name) {
  v1::DeleteRuleRequest request;
  request.set_name(RuleName(name));
  CLI_RETURN_IF_ERROR(context.Connect()
                          .Call(&v1::RuleService::Stub::DeleteRule, request)
                          .status());
  if (!context.json) {
    context.out.Print(absl::StrCat("deleted ", ShortRuleName(name), "\n"));
  }
  return kOk;
}

void AddNamed(CLI::App& rules, Context& context, const std::string& name,
              const std::string& description,
              absl::StatusOr<int> (*run)(Context&, const std::string&)) {
  auto rule = std::make_shared<std::string>();
  CLI::App* command =
      AddCommand(rules, name, description,
                 absl::StrCat("  tocsin rules ", name, " big-money\n"));
  command->add_option("name", *rule, "The rule's name")->required();
  command->callback([rule, run, &context] {
    context.run = [rule, run, &context] { return run(context, *rule); };
  });
}

}  // namespace

void AddRulesCommand(CLI::App& app, Context& context) {
  CLI::App* rules = AddCommand(
      app, "rules", "Shows, checks and changes what rings", kExamples);
  rules->require_subcommand(1);
  CLI::App* list =
      AddCommand(*rules, "list", "Lists the rules", "  tocsin rules list\n");
  list->callback(
      [&context] { context.run = [&context] { return RunList(context); }; });
  AddNamed(*rules, context, "get", "Shows a rule", RunGet);
  AddNamed(*rules, context, "delete", "Deletes a rule", RunDelete);
  AddRulesApply(*rules, context);
  AddRulesTest(*rules, context);
  AddRulesBacktest(*rules, context);
}

}  // namespace tocsin::cli
