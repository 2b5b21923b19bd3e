// The larger commands under `tocsin rules`, each a file of its own.
#ifndef TOCSIN_CLI_RULES_COMMANDS_H_
#define TOCSIN_CLI_RULES_COMMANDS_H_

#include "cli/command.h"

namespace tocsin::cli {

void AddRulesApply(CLI::App& rules, Context& context);
void AddRulesBacktest(CLI::App& rules, Context& context);
void AddRulesTest(CLI::App& rules, Context& context);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_RULES_COMMANDS_H_
