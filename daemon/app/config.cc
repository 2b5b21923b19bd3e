#include "app/config.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <filesystem>
#include <map>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "app/listen_address.h"
#include "app/units.h"
#include "base/status_macros.h"
#include "yaml-cpp/yaml.h"

namespace tocsin {
namespace {

constexpr char kVersion[] = TOCSIN_VERSION;

constexpr char kDescription[] =
    R"(Watches the news: takes articles in over gRPC and rings when one names
something or some sum for the first time.)";

constexpr char kFooter[] = R"(
Examples:
  tocsind --data /var/lib/tocsin
      Serves on 127.0.0.1:7640 with the default rules.
  tocsind --data ./news --listen 127.0.0.1:0 --port-file ./news.port
      Takes a free port and writes its number to ./news.port.
  tocsind --config /etc/tocsin/tocsind.yaml
      with a file such as
          data: /var/lib/tocsin
          rules: /etc/tocsin/rules
          log-format: json

  tocsind --check --data /var/lib/tocsin
      Reads everything and says what is wrong with it.
  tocsind --restore /var/lib/tocsin/backups/3 --data /var/lib/tocsin-new
      Makes a store of backup 3. Clients go on with their resume tokens.

Signals:
  SIGTERM, SIGINT  Take no more, finish what was accepted, close. A second
                   one ends the process at once.
  SIGHUP           Read the rule files again; broken ones change nothing.

Exit codes:
  0  stopped as asked; --check found nothing
  1  --check found something
  2  a flag or the config file is wrong
  3  cannot start: the message names what is in the way
  4  stopped, but not everything was finished in time
)";

absl::Status SetText(absl::string_view text, std::string& out) {
  if (text.empty()) return absl::InvalidArgumentError("is empty");
  out = std::string(text);
  return absl::OkStatus();
}

absl::Status SetNumber(absl::string_view text, int low, int high, int& out) {
  int value = 0;
  if (!absl::SimpleAtoi(text, &value) || value < low || value > high) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not a number from ", low, " to ", high));
  }
  out = value;
  return absl::OkStatus();
}

// One option: the same name as a flag and as a key of the file.
struct Option {
  const char* name;
  const char* value;
  const char* help;
  absl::Status (*set)(absl::string_view text, Config& config);
};

constexpr std::array kOptions = {
    Option{"data", "DIR", "Where everything is stored; made if missing",
           [](absl::string_view text, Config& config) {
             return SetText(text, config.data);
           }},
    Option{"listen", "HOST:PORT",
           "Loopback address to serve on; port 0 takes a free one "
           "[127.0.0.1:7640]",
           [](absl::string_view text, Config& config) {
             config.listen = std::string(text);
             return CheckListenAddress(text);
           }},
    Option{"rules", "PATH",
           "Rule file, or a directory of them; 'none' for no rules but those "
           "set over the API [the shipped default rules]",
           [](absl::string_view text, Config& config) {
             const absl::Status status = SetText(text, config.rules);
             if (config.rules == "none") config.rules.clear();
             return status;
           }},
    Option{"lexicon", "DIR", "Language data [the shipped one]",
           [](absl::string_view text, Config& config) {
             return SetText(text, config.lexicon);
           }},
    Option{"threads", "N", "Threads that analyze articles [one a core]",
           [](absl::string_view text, Config& config) {
             return SetNumber(text, 1, 256, config.threads);
           }},
    Option{"drain-seconds", "N",
           "How long stopping may take before calls are cut off [10]",
           [](absl::string_view text, Config& config) {
             return SetNumber(text, 0, 3600, config.drain_seconds);
           }},
    Option{"port-file", "FILE", "Write the port here once it is served",
           [](absl::string_view text, Config& config) {
             return SetText(text, config.port_file);
           }},
    Option{"backups", "DIR",
           "Folder of the backups that `tocsin backup` makes; best on another "
           "disk [DIR of --data]/backups",
           [](absl::string_view text, Config& config) {
             return SetText(text, config.backups);
           }},
    Option{"reserve", "SIZE",
           "Below so much free space nothing is taken in [512M]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.reserve_bytes, ParseSize(text));
             return absl::OkStatus();
           }},
    Option{"entity-memory", "SIZE",
           "For what is remembered of entities and their amounts; the more, "
           "the faster a large archive takes articles in [256M]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.entity_memory_bytes,
                                     ParseSize(text));
             return absl::OkStatus();
           }},
    Option{"keep-articles", "AGE",
           "Delete articles that are older, such as 90d [forever]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.keep.articles.age, ParseAge(text));
             return absl::OkStatus();
           }},
    Option{"max-articles", "SIZE",
           "Delete the oldest articles above so many bytes, before compression "
           "[unlimited]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.keep.articles.bytes,
                                     ParseSize(text));
             return absl::OkStatus();
           }},
    Option{"keep-alerts", "AGE", "Delete alerts that are older [forever]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.keep.alerts.age, ParseAge(text));
             return absl::OkStatus();
           }},
    Option{"max-alerts", "SIZE",
           "Delete the oldest alerts above so many bytes [unlimited]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.keep.alerts.bytes, ParseSize(text));
             return absl::OkStatus();
           }},
    Option{"log-level", "LEVEL", "debug, info, warning or error [info]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.log_level, ParseLogLevel(text));
             return absl::OkStatus();
           }},
    Option{"log-format", "FORMAT", "text or json [text]",
           [](absl::string_view text, Config& config) {
             TOCSIN_ASSIGN_OR_RETURN(config.log_format, ParseLogFormat(text));
             return absl::OkStatus();
           }},
};

const Option* FindOption(absl::string_view name) {
  for (const Option& option : kOptions) {
    if (name == option.name) return &option;
  }
  return nullptr;
}

std::string OptionNames() {
  std::string names;
  for (const Option& option : kOptions) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", option.name);
  }
  return names;
}

absl::Status At(absl::string_view where, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(where, ": ", status.message()));
}

absl::Status ApplyNode(const YAML::Node& root, const std::string& file,
                       Config& config) {
  if (root.IsNull()) return absl::OkStatus();  // An empty file.
  if (!root.IsMap()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": is not a list of `name: value` lines"));
  }
  for (const auto& entry : root) {
    const std::string where =
        absl::StrCat(file, " line ", entry.first.Mark().line + 1);
    if (!entry.first.IsScalar() || !entry.second.IsScalar()) {
      return absl::InvalidArgumentError(
          absl::StrCat(where, ": is not `name: value`"));
    }
    const std::string name = entry.first.Scalar();
    const Option* option = FindOption(name);
    if (option == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(where, ": there is no option '", name,
                       "'; the options are ", OptionNames()));
    }
    TOCSIN_RETURN_IF_ERROR(At(absl::StrCat(where, ": ", name),
                              option->set(entry.second.Scalar(), config)));
  }
  return absl::OkStatus();
}

// yaml-cpp throws; nothing of it leaves here.
absl::Status ApplyFile(const std::string& file, Config& config) {
  try {
    return ApplyNode(YAML::LoadFile(file), file, config);
  } catch (const YAML::BadFile&) {
    return absl::InvalidArgumentError(
        absl::StrCat("--config: cannot read ", file));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, " line ", error.mark.line + 1, ": is not YAML: ", error.msg));
  }
}

// What to do instead of serving; not for a file.
void AddModes(CLI::App& app, Config& config) {
  CLI::Option* check = app.add_flag(
      "--check", config.check,
      "Check the whole store, every checksum and every reference, and exit");
  app.add_flag("--json", config.json, "Print what --check finds as JSON")
      ->needs(check);
  app.add_option("--restore", config.restore,
                 "Make a store of a backup in --data, which must be empty, "
                 "and exit; a folder of backups is its latest one")
      ->type_name("BACKUP")
      ->excludes(check);
  app.add_flag("--accept-loss", config.accept_loss,
               "Go on with a store that has less than was acknowledged; what "
               "is missing is lost, and a new epoch begins")
      ->excludes(check);
}

}  // namespace

absl::StatusOr<ParsedCommand> ParseConfig(const std::vector<std::string>& args,
                                          const std::string& share_dir) {
  CLI::App app(kDescription, "tocsind");
  app.footer(kFooter);
  app.set_version_flag("--version", absl::StrCat("tocsind ", kVersion));
  std::map<std::string, std::string> given;
  std::string file;
  for (const Option& option : kOptions) {
    app.add_option(absl::StrCat("--", option.name), given[option.name],
                   option.help)
        ->type_name(option.value);
  }
  app.add_option("--config", file, "YAML file with the same names")
      ->type_name("FILE");
  ParsedCommand parsed;
  AddModes(app, parsed.config);

  try {
    // CLI11 wants them last first.
    app.parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::CallForHelp&) {
    parsed.print = app.help();
    return parsed;
  } catch (const CLI::CallForVersion&) {
    parsed.print = absl::StrCat("tocsind ", kVersion, "\n");
    return parsed;
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }

  Config& config = parsed.config;
  config.lexicon = absl::StrCat(share_dir, "/data");
  const std::string default_rules =
      absl::StrCat(share_dir, "/rules/default.yaml");
  std::error_code ignored;
  if (std::filesystem::exists(default_rules, ignored)) {
    config.rules = default_rules;
  }
  if (!file.empty()) TOCSIN_RETURN_IF_ERROR(ApplyFile(file, config));
  for (const Option& option : kOptions) {
    const std::string flag = absl::StrCat("--", option.name);
    if (app.count(flag) == 0) continue;
    TOCSIN_RETURN_IF_ERROR(At(flag, option.set(given[option.name], config)));
  }
  if (config.data.empty()) {
    return absl::InvalidArgumentError(
        "--data: say where to store everything, such as --data ./tocsin-data");
  }
  return parsed;
}

std::string ShareDir() {
  std::array<char, PATH_MAX> path;
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return "share/tocsin";
  const std::filesystem::path exe(std::string(path.data(), size));
  return (exe.parent_path().parent_path() / "share" / "tocsin").string();
}

}  // namespace tocsin
