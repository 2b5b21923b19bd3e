// What the daemon is started with: flags, and a YAML file with the same names.
// A flag wins over the file.
#ifndef TOCSIN_APP_CONFIG_H_
#define TOCSIN_APP_CONFIG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/logging.h"
#include "pipeline/retention.h"

namespace tocsin {

struct Config {
  std::string data;  // Directory of the store. Required.
  // HOST:PORT, where HOST is a loopback address; port 0 picks a free one.
  std::string listen = "127.0.0.1:7640";
  // A YAML file or a directory of them; empty: no rules from files.
  std::string rules;
  std::string lexicon;    // Directory that holds lexicon/ and names/.
  std::string port_file;  // Empty: none is written.
  int threads = 0;        // That analyze; 0: one a core.
  int drain_seconds = 10;
  std::string backups;  // Folder; empty: `backups` in the data directory.
  int64_t reserve_bytes = 512 << 20;
  // For what is remembered of entities and their amounts; 0: unlimited.
  int64_t entity_memory_bytes = 256 << 20;
  RetentionLimits keep;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;

  // Flags only: what to do once, instead of serving.
  bool check = false;
  bool json = false;    // What --check prints.
  std::string restore;  // A backup.
  // Serves what is there of a store that has less than was acked.
  bool accept_loss = false;
};

// What ParseConfig() makes of a command line.
struct ParsedCommand {
  Config config;
  // Not empty: print this and exit with 0 (--help, --version).
  std::string print;
};

// `args` without the program's name; `share_dir` holds the shipped data/ and
// rules/. INVALID_ARGUMENT names the flag or the key, and the file's line.
absl::StatusOr<ParsedCommand> ParseConfig(const std::vector<std::string>& args,
                                          const std::string& share_dir);

// `../share/tocsin` seen from the running program.
std::string ShareDir();

}  // namespace tocsin

#endif  // TOCSIN_APP_CONFIG_H_
