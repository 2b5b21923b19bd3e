// The options of the commands that read articles.
#ifndef TOCSIN_CLI_INPUT_OPTIONS_H_
#define TOCSIN_CLI_INPUT_OPTIONS_H_

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "cli/article_reader.h"

namespace tocsin::cli {

struct InputOptions {
  std::vector<std::string> paths;
  std::string source;
  std::string language;
  std::string id;
  std::string format = "auto";

  // Must outlive the parsing of the command line.
  void Register(CLI::App& command);

  absl::StatusOr<ArticleReader> Reader(const std::vector<std::string>& inputs,
                                       bool may_vanish,
                                       std::function<bool()> idle) const;
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_INPUT_OPTIONS_H_
