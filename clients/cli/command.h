// What every command of `tocsin` is made of.
//
// A command is a function AddX(app, context) that registers its options and,
// when it is chosen, sets context.run. So a command is one file, and main knows
// only the list.
#ifndef TOCSIN_CLI_COMMAND_H_
#define TOCSIN_CLI_COMMAND_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/connection.h"
#include "cli/terminal.h"

namespace tocsin::cli {

enum ExitCode {
  kOk = 0,
  kPartial = 1,      // Some articles were rejected, or what was asked for is
                     // not there.
  kUsage = 2,        // Wrong options, files, filters or rules.
  kUnreachable = 3,  // No daemon, or it went away.
  kFailed = 4,       // The daemon refused or failed, or output did.
};

struct Context {
  std::string server = "127.0.0.1:7640";
  const CLI::Option* server_option = nullptr;
  bool json = false;
  double timeout_seconds = 30;
  Terminal out = Terminal::ForProcess();
  // Set by the chosen command. Returns an exit code, or an error for
  // standard error.
  std::function<absl::StatusOr<int>()> run;

  // Whether the user said which daemon, by option or environment.
  bool server_given() const {
    return server_option != nullptr && server_option->count() > 0;
  }

  Connection Connect(bool keepalive = false) const;
};

// A subcommand with its description and, below its options, examples.
CLI::App* AddCommand(CLI::App& parent, const std::string& name,
                     const std::string& description,
                     const std::string& examples);

// Of an option's value: a whole number from `least` up.
CLI::Validator AtLeast(int64_t least);

// The exit code for an error.
int ExitCodeOf(const absl::Status& status);

// Builds the whole command line.
void AddCommands(CLI::App& app, Context& context);

void AddIngestCommand(CLI::App& app, Context& context);
void AddAnalyzeCommand(CLI::App& app, Context& context);
void AddWatchCommand(CLI::App& app, Context& context);
void AddPullCommand(CLI::App& app, Context& context);
void AddSubscriptionsCommand(CLI::App& app, Context& context);
void AddAlertsCommand(CLI::App& app, Context& context);
void AddEntityCommands(CLI::App& app, Context& context);
void AddArticleCommands(CLI::App& app, Context& context);
void AddBackupCommand(CLI::App& app, Context& context);
void AddNamesCommand(CLI::App& app, Context& context);
void AddRulesCommand(CLI::App& app, Context& context);
void AddExplainCommand(CLI::App& app, Context& context);
void AddStatusCommand(CLI::App& app, Context& context);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_COMMAND_H_
