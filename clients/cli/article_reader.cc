#include "cli/article_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/article_file.h"
#include "cli/status.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

// Far above what an article may have, so that the daemon says what its limit
// is; low enough that a wrong file does not fill the memory.
constexpr size_t kMaxText = 64 << 20;
constexpr absl::string_view kStandardInput = "<stdin>";

std::string Extension(absl::string_view path) {
  return absl::AsciiStrToLower(
      fs::path(std::string(path)).extension().string());
}

bool IsText(absl::string_view path) {
  const std::string e = Extension(path);
  return e == ".txt" || e == ".text" || e == ".md";
}

bool IsJson(absl::string_view path) {
  const std::string e = Extension(path);
  return e == ".jsonl" || e == ".ndjson" || e == ".json";
}

// Stable over runs and machines, so that the same text is the same article.
uint64_t Fnv1a(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace

struct ArticleReader::OpenFile {
  OpenFile(std::string n, int f, bool o, const Options& options)
      : name(std::move(n)), fd(f), owned(o), lines(f, kMaxText, options.idle) {}
  ~OpenFile() {
    if (owned) close(fd);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  const std::string name;
  const int fd;
  const bool owned;
  LineReader lines;
};

std::string Origin::ToString() const {
  if (item >= 0) return absl::StrCat(file, "[", item, "]");
  return line == 0 ? file : absl::StrCat(file, ":", line);
}

bool IsArticleFile(absl::string_view path) {
  return IsText(path) || IsJson(path);
}

ArticleReader::ArticleReader(Options options) : options_(std::move(options)) {}
ArticleReader::~ArticleReader() = default;
ArticleReader::ArticleReader(ArticleReader&&) noexcept = default;

absl::StatusOr<ArticleReader> ArticleReader::Create(
    const std::vector<std::string>& paths, Options options) {
  ArticleReader reader(std::move(options));
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-") {
      reader.files_.push_back(path);
    } else if (fs::is_directory(path, error)) {
      CLI_RETURN_IF_ERROR(reader.AddDirectory(path));
    } else if (reader.options_.may_vanish || fs::exists(path, error)) {
      reader.files_.push_back(path);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": no such file or directory"));
    }
  }
  return reader;
}

absl::Status ArticleReader::AddDirectory(const std::string& path) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator it(path, error), end;
  for (; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool hidden = name[0] == '.';
    std::error_code type_error;
    if (it->is_directory(type_error)) {
      if (hidden) it.disable_recursion_pending();
    } else if (!hidden && IsArticleFile(name)) {
      found.push_back(it->path().string());
    } else {
      ++ignored_;
    }
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": cannot be read: ", error.message()));
  }
  std::sort(found.begin(), found.end());
  files_.insert(files_.end(), found.begin(), found.end());
  return absl::OkStatus();
}

std::optional<Input> ArticleReader::Next() {
  for (;;) {
    if (!ready_.empty()) {
      Input input = std::move(ready_.back());
      ready_.pop_back();
      return input;
    }
    std::optional<Input> input = open_ != nullptr ? NextLine() : OpenNext();
    if (input.has_value()) return input;
    if (open_ == nullptr && ready_.empty() && next_file_ == files_.size()) {
      return std::nullopt;
    }
  }
}

// Opens the next file. A text file is an Input at once; one of lines is left
// open.
std::optional<Input> ArticleReader::OpenNext() {
  if (next_file_ == files_.size()) return std::nullopt;
  const std::string path = files_[next_file_++];
  const bool is_stdin = path == "-";
  const std::string name = is_stdin ? std::string(kStandardInput) : path;
  const int fd =
      is_stdin ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Input{{.file = name},
                 absl::InvalidArgumentError(
                     absl::StrCat("cannot be opened: ", std::strerror(errno)))};
  }
  auto file = std::make_unique<OpenFile>(name, fd, !is_stdin, options_);
  Format format = options_.format;
  if (format == Format::kAuto && !is_stdin) {
    format = IsJson(path) ? Format::kJson : Format::kText;
  }
  if (format == Format::kJson && Extension(path) != ".json") {
    open_ = std::move(file);
    return std::nullopt;
  }
  if (format == Format::kAuto) {
    // Standard input: JSON begins with a brace.
    auto first = file->lines.Peek();
    if (first.ok() && *first == '{') {
      open_ = std::move(file);
      return std::nullopt;
    }
  }
  auto content = file->lines.Rest();
  if (!content.ok()) return Input{{.file = name}, content.status()};
  if (format != Format::kJson) return TextArticle(name, *content);
  if (TakeJsonDocument(name, *content)) return std::nullopt;
  // Lines, despite the extension.
  file->lines.PutBack(*std::move(content));
  open_ = std::move(file);
  return std::nullopt;
}

std::optional<Input> ArticleReader::NextLine() {
  for (;;) {
    auto line = open_->lines.Next();
    const Origin origin = {.file = open_->name, .line = open_->lines.line()};
    if (!line.ok()) {
      if (!absl::IsResourceExhausted(line.status())) open_ = nullptr;
      return Input{origin, line.status()};
    }
    if (!line->has_value()) {
      open_ = nullptr;
      return std::nullopt;
    }
    const absl::string_view json = absl::StripAsciiWhitespace(**line);
    if (!json.empty()) return JsonArticle(origin, json);
  }
}

Input ArticleReader::TextArticle(const std::string& file,
                                 absl::string_view content) {
  std::string id = options_.id;
  if (id.empty()) {
    id = file == kStandardInput ? absl::StrFormat("text-%016x", Fnv1a(content))
                                : IdFromPath(file);
  }
  if (!CheckUtf8(id).ok()) {
    return {{.file = file},
            absl::InvalidArgumentError("its name is not UTF-8")};
  }
  absl::StatusOr<v1::Article> article = ArticleFromText(id, content);
  if (article.ok()) {
    article->set_source(options_.source);
    article->set_language(options_.language);
  }
  return {{.file = file}, std::move(article)};
}

Input ArticleReader::JsonArticle(Origin origin, absl::string_view json) {
  absl::StatusOr<v1::Article> article = ArticleFromJson(json);
  if (article.ok()) {
    if (article->source().empty()) article->set_source(options_.source);
    if (article->language().empty()) article->set_language(options_.language);
  }
  return {std::move(origin), std::move(article)};
}

bool ArticleReader::TakeJsonDocument(const std::string& file,
                                     const std::string& content) {
  const auto json = nlohmann::json::parse(content, nullptr, false);
  if (json.is_discarded()) return false;
  if (!json.is_array()) {
    ready_.push_back(JsonArticle({.file = file}, content));
    return true;
  }
  for (size_t i = json.size(); i > 0; --i) {
    ready_.push_back(JsonArticle(
        {.file = file, .item = static_cast<int>(i - 1)}, json[i - 1].dump()));
  }
  return true;
}

}  // namespace tocsin::cli
