// What files of rules and of names have in common: YAML, read strictly, or
// JSON Lines for large sets.
#ifndef TOCSIN_CLI_CONFIG_FILE_H_
#define TOCSIN_CLI_CONFIG_FILE_H_

#include <yaml-cpp/yaml.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace tocsin::cli {

// A YAML file, for errors that name the line. Views the name.
class YamlFile {
 public:
  explicit YamlFile(absl::string_view name) : name_(name) {}

  // INVALID_ARGUMENT `name:line: what`.
  absl::Status At(const YAML::Mark& mark, absl::string_view what) const;
  absl::Status At(const YAML::Node& node, absl::string_view what) const {
    return At(node.Mark(), what);
  }

  // An error unless `node` is a map whose keys are text, each given once.
  absl::Status CheckMap(const YAML::Node& node, absl::string_view what) const;

  // Calls `each` with every item of the list `key`, the only key there is, of
  // every document of `text`.
  absl::Status ForEach(
      const std::string& text, const std::string& key,
      const std::function<absl::Status(const YAML::Node&)>& each) const;

 private:
  const absl::string_view name_;
};

// The proto JSON of a message a line, each of a kind with `prototype`, into
// `add`. `what` is it called in errors: `a rule`.
absl::Status ReadJsonLines(
    absl::string_view name, const std::string& text, absl::string_view what,
    const google::protobuf::Message& prototype,
    const std::function<void(const google::protobuf::Message&)>& add);

// A file's name and text, and whether it is JSON Lines by its extension.
struct ConfigFile {
  std::string name;
  std::string text;
  bool json_lines = false;
};

// The file, or all .yaml, .yml and .jsonl files directly in a folder, by name;
// `-` is YAML from standard input.
absl::StatusOr<std::vector<ConfigFile>> ReadConfigFiles(
    const std::string& path);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_CONFIG_FILE_H_
