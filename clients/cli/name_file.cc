#include "cli/name_file.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/config_file.h"
#include "cli/status.h"

namespace tocsin::cli {
namespace {

constexpr char kTypes[] =
    "person, organization, place, product, work, event or other";

absl::Status ReadAliases(const YamlFile& file, const YAML::Node& node,
                         v1::ListedName& name) {
  if (!node.IsSequence()) return file.At(node, "aliases: expected a list");
  for (const YAML::Node& alias : node) {
    if (!alias.IsScalar()) return file.At(alias, "aliases: expected text");
    name.add_aliases(alias.Scalar());
  }
  return absl::OkStatus();
}

absl::Status ReadField(const YamlFile& file, const YAML::Node& key_node,
                       const YAML::Node& node, v1::ListedName& name) {
  const std::string key = key_node.Scalar();
  if (key == "aliases") return ReadAliases(file, node, name);
  if (key != "name" && key != "type" && key != "id") {
    return file.At(key_node,
                   absl::StrCat("a name has no key '", key,
                                "'; its keys are name, type, aliases, id"));
  }
  if (!node.IsScalar()) {
    return file.At(node, absl::StrCat(key, ": expected a single value"));
  }
  const std::string text = node.Scalar();
  if (key == "name") name.set_display_name(text);
  if (key == "id") name.set_id(text);
  if (key != "type") return absl::OkStatus();
  v1::Entity::Type type = v1::Entity::TYPE_UNSPECIFIED;
  if (!v1::Entity::Type_Parse(absl::AsciiStrToUpper(text), &type) ||
      type == v1::Entity::TYPE_UNSPECIFIED) {
    return file.At(node, absl::StrCat("type: '", text, "' is not ", kTypes));
  }
  name.set_type(type);
  return absl::OkStatus();
}

absl::StatusOr<v1::ListedName> ReadName(const YamlFile& file,
                                        const YAML::Node& node) {
  CLI_RETURN_IF_ERROR(
      file.CheckMap(node, "a name is a map, with `name` and `type`"));
  v1::ListedName name;
  for (const auto& entry : node) {
    CLI_RETURN_IF_ERROR(ReadField(file, entry.first, entry.second, name));
  }
  if (name.display_name().empty()) return file.At(node, "`name` is missing");
  if (name.type() == v1::Entity::TYPE_UNSPECIFIED) {
    return file.At(node, absl::StrCat("'", name.display_name(),
                                      "' has no type: ", kTypes));
  }
  return name;
}

}  // namespace

absl::StatusOr<std::vector<v1::ListedName>> NamesFromYaml(
    absl::string_view name, const std::string& text) {
  const YamlFile file(name);
  std::vector<v1::ListedName> names;
  CLI_RETURN_IF_ERROR(file.ForEach(text, "names", [&](const YAML::Node& node) {
    CLI_ASSIGN_OR_RETURN(names.emplace_back(), ReadName(file, node));
    return absl::OkStatus();
  }));
  return names;
}

absl::StatusOr<std::vector<v1::ListedName>> NamesFromJsonLines(
    absl::string_view name, const std::string& text) {
  std::vector<v1::ListedName> names;
  CLI_RETURN_IF_ERROR(ReadJsonLines(
      name, text, "a name", v1::ListedName::default_instance(),
      [&](const auto& listed) { names.emplace_back().CopyFrom(listed); }));
  return names;
}

absl::StatusOr<std::vector<v1::ListedName>> ReadNameFile(
    const std::string& path) {
  CLI_ASSIGN_OR_RETURN(const std::vector<ConfigFile> files,
                       ReadConfigFiles(path));
  std::vector<v1::ListedName> names;
  for (const ConfigFile& file : files) {
    CLI_ASSIGN_OR_RETURN(std::vector<v1::ListedName> some,
                         file.json_lines
                             ? NamesFromJsonLines(file.name, file.text)
                             : NamesFromYaml(file.name, file.text));
    names.insert(names.end(), some.begin(), some.end());
  }
  return names;
}

}  // namespace tocsin::cli
