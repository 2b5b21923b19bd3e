#include "lexicon/lexicon.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "text/utf8.h"

namespace tocsin {
namespace fs = std::filesystem;

struct Lexicon::FileData {
  std::string name;
  std::string content;
  std::vector<absl::string_view> fields;  // Of all rows, one after another.
};

namespace {

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  if (in) content << in.rdbuf();
  if (!in) {
    return absl::NotFoundError(absl::StrCat(path.string(), ": cannot be read"));
  }
  return std::move(content).str();
}

// Sorted names of the entries of `dir` that are folders, or .tsv files.
absl::StatusOr<std::vector<std::string>> List(const fs::path& dir,
                                              bool folders) {
  std::error_code error;
  std::vector<std::string> names;
  fs::directory_iterator it(dir, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (it->is_directory(error) == folders &&
        (folders || absl::EndsWith(name, ".tsv"))) {
      names.push_back(name);
    }
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat(dir.string(), ": ", error.message()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct Line {
  int number;
  size_t first_field;
  size_t field_count;
};

// Cuts `content` into lines and fields.
std::vector<Line> Split(absl::string_view content,
                        std::vector<absl::string_view>& fields) {
  std::vector<Line> lines;
  int number = 0;
  while (!content.empty()) {
    const size_t newline = content.find('\n');
    absl::string_view text = content.substr(0, newline);
    content.remove_prefix(newline == absl::string_view::npos ? content.size()
                                                             : newline + 1);
    ++number;
    if (absl::StripAsciiWhitespace(text).empty() || text[0] == '#') continue;
    Line line = {number, fields.size(), 0};
    while (true) {
      const size_t tab = text.find('\t');
      fields.push_back(absl::StripAsciiWhitespace(text.substr(0, tab)));
      if (tab == absl::string_view::npos) break;
      text.remove_prefix(tab + 1);
    }
    line.field_count = fields.size() - line.first_field;
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

absl::Status LexiconRow::Error(absl::string_view message) const {
  return absl::InvalidArgumentError(
      absl::StrCat(*file_, ":", line_, ": ", message));
}

Lexicon::Lexicon() = default;
Lexicon::~Lexicon() = default;

absl::StatusOr<std::shared_ptr<const Lexicon>> Lexicon::Load(
    const LexiconOptions& options) {
  std::shared_ptr<Lexicon> lexicon(new Lexicon());
  TOCSIN_ASSIGN_OR_RETURN(
      std::vector<std::string> languages,
      List(fs::path(options.data_dir) / "lexicon", /*folders=*/true));
  for (const std::string& language : languages) {
    TOCSIN_RETURN_IF_ERROR(lexicon->ReadLanguage(options.data_dir, language));
    if (language != kCommon) lexicon->languages_.push_back(language);
  }
  TOCSIN_RETURN_IF_ERROR(lexicon->ReadNames(options));
  return lexicon;
}

absl::Span<const LexiconRow> Lexicon::Rows(absl::string_view language,
                                           absl::string_view table) const {
  const auto it = tables_.find(absl::StrCat(language, "/", table));
  if (it == tables_.end()) return {};
  return it->second.rows;
}

absl::Status Lexicon::ReadLanguage(const std::string& data_dir,
                                   const std::string& language) {
  TOCSIN_ASSIGN_OR_RETURN(
      std::vector<std::string> files,
      List(fs::path(data_dir) / "lexicon" / language, /*folders=*/false));
  for (const std::string& file : files) {
    TOCSIN_ASSIGN_OR_RETURN(
        LexiconTable table,
        ReadTable(data_dir, absl::StrCat("lexicon/", language, "/", file)));
    std::string key = absl::StrCat(language, "/", table.name);
    tables_.emplace(std::move(key), std::move(table));
  }
  return absl::OkStatus();
}

absl::Status Lexicon::ReadNames(const LexiconOptions& options) {
  const fs::path dir = fs::path(options.data_dir) / "names";
  std::error_code error;
  if (!fs::exists(dir, error)) return absl::OkStatus();
  TOCSIN_ASSIGN_OR_RETURN(std::vector<std::string> files,
                          List(dir, /*folders=*/false));
  for (const std::string& file : files) {
    const bool curated = absl::StartsWith(file, "curated-");
    if (curated && !options.include_curated) continue;
    TOCSIN_ASSIGN_OR_RETURN(
        LexiconTable table,
        ReadTable(options.data_dir, absl::StrCat("names/", file)));
    table.curated = curated;
    name_tables_.push_back(std::move(table));
  }
  return absl::OkStatus();
}

absl::StatusOr<LexiconTable> Lexicon::ReadTable(const std::string& data_dir,
                                                const std::string& file) {
  auto data = std::make_unique<FileData>();
  data->name = file;
  TOCSIN_ASSIGN_OR_RETURN(data->content, ReadFile(fs::path(data_dir) / file));
  if (const size_t at = FindInvalidUtf8(data->content);
      at != std::string::npos) {
    const auto line =
        1 + std::count(data->content.begin(),
                       data->content.begin() + static_cast<ptrdiff_t>(at),
                       '\n');
    return absl::InvalidArgumentError(
        absl::StrCat(file, ":", line, ": not UTF-8"));
  }
  const std::vector<Line> lines = Split(data->content, data->fields);
  LexiconTable table;
  table.file = file;
  table.name = fs::path(file).stem().string();
  table.rows.reserve(lines.size());
  for (const Line& line : lines) {
    table.rows.emplace_back(absl::MakeConstSpan(data->fields)
                                .subspan(line.first_field, line.field_count),
                            &data->name, line.number);
  }
  files_.push_back(std::move(data));
  return table;
}

}  // namespace tocsin
