#include "cli/config_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/article_file.h"
#include "cli/status.h"
#include "cli/text.h"
#include "google/protobuf/util/json_util.h"

namespace tocsin::cli {
namespace {

bool IsJsonLines(absl::string_view path) {
  return absl::EndsWith(path, ".jsonl") || absl::EndsWith(path, ".ndjson");
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::string text;
  std::ifstream file(path, std::ios::binary);
  if (file.is_open()) text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  }
  return text;
}

}  // namespace

absl::Status YamlFile::At(const YAML::Mark& mark,
                          absl::string_view what) const {
  if (mark.is_null()) {
    return absl::InvalidArgumentError(absl::StrCat(name_, ": ", what));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name_, ":", mark.line + 1, ": ", what));
}

absl::Status YamlFile::CheckMap(const YAML::Node& node,
                                absl::string_view what) const {
  if (!node.IsMap()) return At(node, what);
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) return At(entry.first, "a key must be text");
    if (!seen.insert(entry.first.Scalar()).second) {
      return At(entry.first,
                absl::StrCat("'", entry.first.Scalar(), "' is given twice"));
    }
  }
  return absl::OkStatus();
}

absl::Status YamlFile::ForEach(
    const std::string& text, const std::string& key,
    const std::function<absl::Status(const YAML::Node&)>& each) const {
  if (absl::Status status = CheckUtf8(text); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ": ", status.message()));
  }
  try {
    for (const YAML::Node& root : YAML::LoadAll(text)) {
      CLI_RETURN_IF_ERROR(
          CheckMap(root, absl::StrCat("expected `", key, ":` with a list")));
      for (const auto& entry : root) {
        if (entry.first.Scalar() != key) {
          return At(entry.first,
                    absl::StrCat("such a file has no key '",
                                 entry.first.Scalar(), "', only `", key, "`"));
        }
      }
      const YAML::Node list = root[key];
      if (list.IsNull()) continue;
      if (!list.IsSequence()) {
        return At(list, absl::StrCat("`", key, "` must be a list"));
      }
      for (const YAML::Node& node : list) CLI_RETURN_IF_ERROR(each(node));
    }
  } catch (const YAML::Exception& e) {
    return At(e.mark, e.msg);
  }
  return absl::OkStatus();
}

absl::Status ReadJsonLines(
    absl::string_view name, const std::string& text, absl::string_view what,
    const google::protobuf::Message& prototype,
    const std::function<void(const google::protobuf::Message&)>& add) {
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    const std::unique_ptr<google::protobuf::Message> message(prototype.New());
    const auto status = google::protobuf::util::JsonStringToMessage(
        std::string(line), message.get());
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ":", number, ": not the JSON of ", what, ": ",
                       Printable(status.ToString())));
    }
    add(*message);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ConfigFile>> ReadConfigFiles(
    const std::string& path) {
  std::vector<ConfigFile> files;
  if (path == "-") {
    files.push_back(
        {"<stdin>", {std::istreambuf_iterator<char>(std::cin), {}}, false});
    return files;
  }
  std::vector<std::string> paths;
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    for (std::filesystem::directory_iterator it(path, error), end;
         !error && it != end; it.increment(error)) {
      const std::string file = it->path().string();
      for (const char* extension : {".yaml", ".yml", ".jsonl"}) {
        if (absl::EndsWith(file, extension)) paths.push_back(file);
      }
    }
    if (error || paths.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": has no .yaml, .yml or .jsonl file"));
    }
    std::sort(paths.begin(), paths.end());
  } else {
    paths.push_back(path);
  }
  for (const std::string& file : paths) {
    CLI_ASSIGN_OR_RETURN(std::string text, ReadWhole(file));
    files.push_back({file, std::move(text), IsJsonLines(file)});
  }
  return files;
}

}  // namespace tocsin::cli
