// tocsin: the command-line client of tocsind.
#include <csignal>
#include <cstdio>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/interrupt.h"

namespace {

using tocsin::cli::Context;
using tocsin::cli::Interrupt;

// Prints what is left to print, and says why it failed.
int Finish(Context& context, const absl::StatusOr<int>& result) {
  context.out.ClearProgress();
  int code = result.ok() ? *result : tocsin::cli::ExitCodeOf(result.status());
  absl::Status status = result.status();
  if (const absl::Status flushed = context.out.Flush(); !flushed.ok()) {
    if (absl::IsCancelled(flushed)) return 128 + SIGPIPE;
    status = flushed;
    code = tocsin::cli::kFailed;
  }
  if (absl::IsCancelled(status) && context.out.ReaderIsGone()) {
    return 128 + SIGPIPE;
  }
  if (Interrupt::Requested()) {
    code = Interrupt::ExitCode();
    if (absl::IsCancelled(status)) status = absl::OkStatus();
  }
  if (!status.ok())
    context.out.Note(absl::StrCat("tocsin: ", status.message()));
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Interrupt::Start();
  Context context;
  CLI::App app;
  tocsin::cli::AddCommands(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are errors of code 0 to CLI11.
    if (app.exit(error) == 0) return Finish(context, tocsin::cli::kOk);
    return tocsin::cli::kUsage;
  }
  return Finish(context, context.run());
}
