// The options of the commands that list what the archive has.
#ifndef TOCSIN_CLI_LIST_OPTIONS_H_
#define TOCSIN_CLI_LIST_OPTIONS_H_

#include <cstdint>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/command.h"
#include "cli/table.h"

namespace tocsin::cli {

struct ListOptions {
  std::string filter;
  int64_t limit = 50;

  // Must outlive the parsing of the command line.
  void Register(CLI::App& command);
};

// Prints the table, unless in JSON, and says if the list goes on.
void FinishTable(Context& context, const Table& table,
                 const ListOptions& options, bool more);
void NoteMore(const Context& context, const ListOptions& options, bool more);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_LIST_OPTIONS_H_
