#include "cli/input_options.h"

#include <utility>

namespace tocsin::cli {

void InputOptions::Register(CLI::App& command) {
  command.add_option("input", paths,
                     "Files and directories; - is standard input");
  command
      .add_option("--source", source, "The source of articles that name none")
      ->type_name("SOURCE");
  command
      .add_option("--language", language,
                  "The language (BCP 47) of articles that name none; not "
                  "given: identified")
      ->type_name("TAG");
  command.add_option("--id", id, "The id of a text from standard input")
      ->type_name("ID");
  command
      .add_option("--format", format,
                  "auto: by extension, and by the first character of "
                  "standard input")
      ->type_name("auto|text|json")
      ->check([](const std::string& text) -> std::string {
        if (text == "auto" || text == "text" || text == "json") return "";
        return "'" + text + "' is neither auto, text nor json";
      })
      ->capture_default_str();
}

absl::StatusOr<ArticleReader> InputOptions::Reader(
    const std::vector<std::string>& inputs, bool may_vanish,
    std::function<bool()> idle) const {
  return ArticleReader::Create(inputs,
                               {.format = format == "text"   ? Format::kText
                                          : format == "json" ? Format::kJson
                                                             : Format::kAuto,
                                .source = source,
                                .language = language,
                                .id = id,
                                .may_vanish = may_vanish,
                                .idle = std::move(idle)});
}

}  // namespace tocsin::cli
