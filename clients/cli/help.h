// How --help looks.
#ifndef TOCSIN_CLI_HELP_H_
#define TOCSIN_CLI_HELP_H_

#include <string>

#include "CLI/CLI.hpp"

namespace tocsin::cli {

// Lists a command by the first line of its description; the rest stands in its
// own help. Everything fits 80 columns.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();

  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option(const CLI::Option* option,
                          bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
};

// What is said of a wrong command line: the problem and where the help is.
std::string UsageError(const CLI::App* app, const CLI::Error& error);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_HELP_H_
