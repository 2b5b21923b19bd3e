#include "cli/help.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/text.h"

namespace tocsin::cli {
namespace {

constexpr int kWidth = 80;
constexpr int kLabelWidth = 24;

// `label` and, beside it from column kLabelWidth on, `description`.
std::string Entry(const std::string& label, const std::string& description) {
  std::string text = absl::StrCat("  ", label);
  std::string gap;
  if (DisplayWidth(text) + 2 > kLabelWidth) {
    absl::StrAppend(&text, "\n");
    gap = std::string(kLabelWidth, ' ');
  } else {
    text = PadRight(text, kLabelWidth);
  }
  for (const std::string& line : Wrap(description, kWidth - kLabelWidth)) {
    absl::StrAppend(&text, gap, line, "\n");
    gap = std::string(kLabelWidth, ' ');
  }
  return text;
}

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// The command as it is typed: "tocsin rules list".
std::string FullName(const CLI::App* app) {
  std::string name = app->get_name();
  for (app = app->get_parent(); app != nullptr; app = app->get_parent()) {
    name = absl::StrCat(app->get_name(), " ", name);
  }
  return name;
}

}  // namespace

HelpFormatter::HelpFormatter() {
  label("SUBCOMMAND", "COMMAND");
  label("Positionals", "Arguments");
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  std::string text;
  for (absl::string_view line : absl::StrSplit(app->get_description(), '\n')) {
    for (const std::string& part : Wrap(line, kWidth)) {
      absl::StrAppend(&text, part, "\n");
    }
  }
  return text + "\n";
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string) const {
  return Formatter::make_usage(app, FullName(app));
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  return Entry(command->get_name(), FirstLine(command->get_description()));
}

std::string HelpFormatter::make_option(const CLI::Option* option,
                                       bool is_positional) const {
  std::string description = option->get_description();
  if (!option->get_default_str().empty()) {
    absl::StrAppend(&description, " (default: ", option->get_default_str(),
                    ")");
  }
  return Entry(
      make_option_name(option, is_positional) + make_option_opts(option),
      description);
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  std::string text;
  if (option->get_type_size() != 0 && option->nonpositional()) {
    absl::StrAppend(&text, " ", option->get_type_name());
  }
  if (option->get_expected_max() > 1) absl::StrAppend(&text, " ...");
  return text;
}

std::string UsageError(const CLI::App* app, const CLI::Error& error) {
  // The innermost command that was named knows its options best.
  const CLI::App* command = app;
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
  }
  std::string problem = error.what();
  if (error.get_name() == "RequiredError" &&
      problem.find("ubcommand") != std::string::npos) {
    const auto rest = app->remaining(true);
    problem = rest.empty()
                  ? "which command?"
                  : absl::StrCat("there is no command '", rest[0], "'");
  }
  return absl::StrCat("tocsin: ", problem, "\nSee ", FullName(command),
                      " --help\n");
}

}  // namespace tocsin::cli
