#include "cli/command.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/help.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "tocsin - rings when the news names something new\n"
    "\n"
    "Sends articles to tocsind, shows its alerts, and asks its archive.";

constexpr char kFooter[] =
    "Examples:\n"
    "  tocsin ingest articles/*.txt       take articles in\n"
    "  tocsin watch                       show alerts as they ring\n"
    "  tocsin alerts --limit 20           the latest twenty\n"
    "  tocsin entity OpenAI               what is known of a name\n"
    "  tocsin COMMAND --help              options and examples of a command\n"
    "\n"
    "Exit codes:\n"
    "  0    done\n"
    "  1    some articles were rejected, or what was asked for is not there\n"
    "  2    wrong options, files, filters or rules\n"
    "  3    no daemon, or it went away\n"
    "  4    the daemon refused or failed, or the output could not be written\n"
    "  130  interrupted (143: terminated)\n"
    "\n"
    "Environment:\n"
    "  TOCSIN_SERVER  the daemon, as --server\n"
    "  NO_COLOR       set: no colour";

}  // namespace

Connection Context::Connect(bool keepalive) const {
  return Connection({.server = server,
                     .timeout = absl::Seconds(timeout_seconds),
                     .keepalive = keepalive});
}

CLI::App* AddCommand(CLI::App& parent, const std::string& name,
                     const std::string& description,
                     const std::string& examples) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->fallthrough();
  command->group("Commands");
  command->footer(absl::StrCat(
      examples.empty() ? "" : absl::StrCat("Examples:\n", examples, "\n"),
      "Options for every command (--server, --json, --timeout) and exit codes: "
      "tocsin --help"));
  return command;
}

CLI::Validator AtLeast(int64_t least) {
  return CLI::Validator(
      [least](const std::string& text) -> std::string {
        int64_t number = 0;
        if (absl::SimpleAtoi(text, &number) && number >= least) return "";
        return absl::StrCat("'", text, "' is not a whole number from ", least,
                            " up");
      },
      "");
}

int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kOk;
    case absl::StatusCode::kNotFound:
      return kPartial;
    case absl::StatusCode::kInvalidArgument:
      return kUsage;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return kUnreachable;
    default:
      return kFailed;
  }
}

void AddCommands(CLI::App& app, Context& context) {
  app.name("tocsin");
  app.formatter(std::make_shared<HelpFormatter>());
  app.failure_message(UsageError);
  app.description(kDescription);
  app.footer(kFooter);
  app.set_help_flag("-h,--help", "Show this and end");
  app.set_version_flag("--version", "tocsin " TOCSIN_VERSION);
  app.require_subcommand(1);
  context.server_option =
      app.add_option("--server", context.server, "The daemon")
          ->type_name("HOST:PORT")
          ->envname("TOCSIN_SERVER")
          ->capture_default_str();
  app.add_flag("--json", context.json,
               "For programs: the messages of the API as JSON, one a line");
  app.add_option("--timeout", context.timeout_seconds,
                 "How long a call may take")
      ->type_name("SECONDS")
      ->check([](const std::string& text) -> std::string {
        double seconds = 0;
        if (absl::SimpleAtod(text, &seconds) && seconds > 0) return "";
        return absl::StrCat("'", text, "' is not a number of seconds");
      })
      ->capture_default_str();
  AddIngestCommand(app, context);
  AddWatchCommand(app, context);
  AddAlertsCommand(app, context);
  AddPullCommand(app, context);
  AddSubscriptionsCommand(app, context);
  AddAnalyzeCommand(app, context);
  AddEntityCommands(app, context);
  AddArticleCommands(app, context);
  AddNamesCommand(app, context);
  AddRulesCommand(app, context);
  AddExplainCommand(app, context);
  AddBackupCommand(app, context);
  AddStatusCommand(app, context);
}

}  // namespace tocsin::cli
