// tocsin rules backtest
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/alert_text.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/resource_name.h"
#include "cli/rpc_error.h"
#include "cli/rule_file.h"
#include "cli/rules_commands.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Shows what a rule would have rung for over the stored archive\n"
    "\n"
    "Takes the name of a stored rule, a file of rules, or a filter. What is "
    "new "
    "is what was new at that moment. For a rule of a file that is stored under "
    "its name, only the difference is shown: + now rings, - no longer does.";

constexpr char kExamples[] =
    "  tocsin rules backtest big-money --since 30d\n"
    "  tocsin rules backtest 'new(entity) AND entity.type = PERSON' --since "
    "7d\n"
    "  tocsin rules backtest desk.yaml --since 2026-10-01 --until 2026-11-01\n"
    "  tocsin rules backtest desk.yaml --summary\n"
    "  tocsin rules backtest big-money --json > alerts.jsonl\n";

using Response = v1::BacktestRuleResponse;

struct BacktestOptions {
  std::string what;
  std::string since;
  std::string until;
  bool summary = false;
};

bool IsRuleName(const std::string& text) {
  const std::string name = ShortRuleName(text);
  return !name.empty() && std::islower(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::islower(c) || std::isdigit(c) || c == '-';
         });
}

bool IsRuleFile(const std::string& text) {
  std::error_code error;
  return text == "-" || std::filesystem::exists(text, error) ||
         absl::EndsWith(text, ".yaml") || absl::EndsWith(text, ".yml") ||
         absl::EndsWith(text, ".jsonl");
}

absl::Status ReadTime(const std::string& text, absl::string_view option,
                      google::protobuf::Timestamp* out) {
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<absl::Time> time =
      ParseTime(text, absl::Now(), absl::LocalTimeZone());
  if (!time.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, ": ", time.status().message()));
  }
  *out = ToTimestamp(*time);
  return absl::OkStatus();
}

absl::StatusOr<v1::BacktestRuleRequest> RequestOf(
    const BacktestOptions& options) {
  v1::BacktestRuleRequest request;
  if (IsRuleFile(options.what)) {
    CLI_ASSIGN_OR_RETURN(std::vector<v1::Rule> rules,
                         ReadRuleFile(options.what));
    if (rules.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(options.what, ": there is no rule in it"));
    }
    request.mutable_rules()->mutable_rules()->Add(rules.begin(), rules.end());
    request.set_compare_with_stored(true);
  } else if (IsRuleName(options.what)) {
    request.set_name(RuleName(options.what));
  } else {
    request.mutable_rule()->set_name("backtest");
    request.mutable_rule()->set_filter(options.what);
  }
  CLI_RETURN_IF_ERROR(
      ReadTime(options.since, "--since", request.mutable_start_time()));
  CLI_RETURN_IF_ERROR(
      ReadTime(options.until, "--until", request.mutable_end_time()));
  if (options.since.empty()) request.clear_start_time();
  if (options.until.empty()) request.clear_end_time();
  return request;
}

// The text of the filter that an error speaks of.
std::string FilterAtFault(const grpc::Status& status,
                          const v1::BacktestRuleRequest& request) {
  if (request.has_rule()) return request.rule().filter();
  const auto violation = ViolationOf(status);
  if (!violation.has_value()) return "";
  for (int i = 0; i < request.rules().rules_size(); ++i) {
    if (absl::StartsWith(violation->field(),
                         absl::StrCat("rules.rules[", i, "]"))) {
      return request.rules().rules(i).filter();
    }
  }
  return "";
}

class Backtest {
 public:
  Backtest(Context& context, const BacktestOptions& options)
      : context_(context),
        options_(options),
        connection_(context.Connect(true)) {}

  absl::StatusOr<int> Run() {
    CLI_ASSIGN_OR_RETURN(const v1::BacktestRuleRequest request,
                         RequestOf(options_));
    grpc::ClientContext call;
    const Interrupt::Scope scope([&call] { call.TryCancel(); });
    const auto stub = v1::RuleService::NewStub(connection_.channel());
    const auto stream = stub->BacktestRule(&call, request);
    Response response;
    absl::Status output;
    while (output.ok() && stream->Read(&response)) {
      output = Take(response);
      if (!output.ok()) call.TryCancel();
    }
    const grpc::Status status = stream->Finish();
    context_.out.ClearProgress();
    CLI_RETURN_IF_ERROR(output);
    if (Interrupt::Requested()) {
      context_.out.Note(absl::StrCat("tocsin: stopped after ", ShareDone()));
      ShowSummary();
      return Interrupt::ExitCode();
    }
    if (!status.ok()) {
      return connection_.Explain(status, FilterAtFault(status, request));
    }
    ShowSummary();
    return kOk;
  }

 private:
  struct Day {
    int64_t now = 0;  // What the rules ring for.
    int64_t added = 0;
    int64_t removed = 0;
  };

  absl::Status Take(const Response& response) {
    done_ = response.articles_done();
    total_ = response.articles_total();
    context_.out.ClearProgress();
    compares_ = compares_ || response.changes_size() > 0;
    for (int i = 0; i < response.alerts_size(); ++i) {
      const Response::Change change = i < response.changes_size()
                                          ? response.changes(i)
                                          : Response::CHANGE_UNSPECIFIED;
      Count(response.alerts(i), change);
      Show(response.alerts(i), change);
    }
    CLI_RETURN_IF_ERROR(context_.out.Flush());
    if (context_.out.ReaderIsGone()) {
      return absl::CancelledError("the reader went away");
    }
    context_.out.Progress(
        absl::StrCat(ShareDone(), ", ", Counted(rung_, "alert", "alerts")));
    return absl::OkStatus();
  }

  void Count(const v1::Alert& alert, Response::Change change) {
    Day& day = days_[absl::FormatTime("%Y-%m-%d", ToTime(alert.event_time()),
                                      absl::LocalTimeZone())];
    for (Day* count : {&day, &sum_}) {
      if (change != Response::REMOVED) ++count->now;
      if (change == Response::ADDED) ++count->added;
      if (change == Response::REMOVED) ++count->removed;
    }
    rung_ = sum_.now;
  }

  void Show(const v1::Alert& alert, Response::Change change) {
    if (context_.json) {
      std::string json = ToJson(alert);
      if (change != Response::CHANGE_UNSPECIFIED) {
        json.insert(1, absl::StrCat("\"change\":\"",
                                    Response::Change_Name(change), "\","));
      }
      context_.out.Print(json + "\n");
      return;
    }
    if (options_.summary || change == Response::UNCHANGED) return;
    const absl::string_view mark = change == Response::ADDED     ? "+ "
                                   : change == Response::REMOVED ? "- "
                                                                 : "";
    context_.out.Print(
        absl::StrCat(mark, AlertText(alert, context_.out), "\n"));
  }

  std::string ShareDone() const {
    return absl::StrCat(
        Counted(done_, "article", "articles"), " of ", Counted(total_, "", ""),
        total_ > 0 ? absl::StrCat("(", 100 * done_ / total_, " %)") : "");
  }

  void ShowSummary() {
    if (context_.json) return;
    std::vector<Column> columns = {{"day"}, {"alerts", true}};
    if (compares_) {
      columns.push_back({"+", true});
      columns.push_back({"-", true});
    }
    Table table(columns);
    const auto add = [&](const std::string& label, const Day& day) {
      std::vector<std::string> cells = {label, absl::StrCat(day.now)};
      if (compares_) {
        cells.push_back(day.added > 0 ? absl::StrCat(day.added) : "");
        cells.push_back(day.removed > 0 ? absl::StrCat(day.removed) : "");
      }
      table.Add(std::move(cells));
    };
    for (const auto& [label, day] : days_) add(label, day);
    if (days_.size() > 1) add("all", sum_);
    if (!table.empty()) context_.out.Print(table.Render(context_.out.width()));
    std::string last =
        absl::StrCat(Counted(sum_.now, "alert", "alerts"), " over ",
                     Counted(done_, "article", "articles"));
    if (compares_) {
      absl::StrAppend(&last, sum_.added + sum_.removed == 0
                                 ? ", as the stored rules ring"
                                 : absl::StrCat(", ", sum_.added, " more and ",
                                                sum_.removed,
                                                " fewer than the stored rules "
                                                "ring for"));
    }
    context_.out.Print(last + "\n");
  }

  Context& context_;
  const BacktestOptions& options_;
  const Connection connection_;
  int64_t done_ = 0;
  int64_t total_ = 0;
  int64_t rung_ = 0;
  bool compares_ = false;
  std::map<std::string, Day> days_;
  Day sum_;
};

}  // namespace

void AddRulesBacktest(CLI::App& rules, Context& context) {
  auto options = std::make_shared<BacktestOptions>();
  CLI::App* command = AddCommand(rules, "backtest", kDescription, kExamples);
  command->add_option("rule", options->what, "A rule's name, a file, a filter")
      ->required();
  command
      ->add_option("--since", options->since,
                   "Only articles published since: 30d, 12h, or a date; not "
                   "given: all of the archive")
      ->type_name("TIME");
  command
      ->add_option("--until", options->until, "Only articles published before")
      ->type_name("TIME");
  command->add_flag("--summary", options->summary,
                    "Only the summary by day, not each alert");
  command->callback([options, &context] {
    context.run = [options, &context] {
      return Backtest(context, *options).Run();
    };
  });
}

}  // namespace tocsin::cli
