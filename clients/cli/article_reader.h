// Articles from what a command line names: files, directories, standard input.
#ifndef TOCSIN_CLI_ARTICLE_READER_H_
#define TOCSIN_CLI_ARTICLE_READER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/line_reader.h"
#include "tocsin/v1/article.pb.h"

namespace tocsin::cli {

// Where an article came from.
struct Origin {
  std::string file;
  int line = 0;   // From 1; 0 for a whole file.
  int item = -1;  // From 0, of an array; -1 otherwise.

  // "a.txt", "news.jsonl:17", "news.json[3]"
  std::string ToString() const;
};

// One article, or why it is none.
struct Input {
  Origin origin;
  absl::StatusOr<v1::Article> article;
};

enum class Format { kAuto, kText, kJson };

// Not thread-safe.
class ArticleReader {
 public:
  struct Options {
    Format format = Format::kAuto;
    // Set on articles that carry none of their own.
    std::string source = {};
    std::string language = {};
    // For text from standard input; empty: made from the text.
    std::string id = {};
    // A path that does not exist is an Input with an error, not an error of
    // Create.
    bool may_vanish = false;
    // See LineReader.
    std::function<bool()> idle = {};
  };

  // `paths`: files, directories (all text and JSON files below them, by name,
  // hidden ones excepted) and `-` for standard input. INVALID_ARGUMENT for a
  // path that does not exist.
  static absl::StatusOr<ArticleReader> Create(
      const std::vector<std::string>& paths, Options options);

  ~ArticleReader();
  ArticleReader(ArticleReader&&) noexcept;

  // nullopt after the last. A file that cannot be read is an Input with an
  // error, and reading goes on with the next.
  std::optional<Input> Next();

  // Files in the named directories that are no articles by their extension.
  int ignored_count() const { return ignored_; }

 private:
  struct OpenFile;
  explicit ArticleReader(Options options);

  absl::Status AddDirectory(const std::string& path);
  std::optional<Input> OpenNext();
  std::optional<Input> NextLine();
  Input TextArticle(const std::string& file, absl::string_view content);
  Input JsonArticle(Origin origin, absl::string_view json);
  // A file that is one JSON value: an article or an array of them. False if it
  // is not, and should be read by lines.
  bool TakeJsonDocument(const std::string& file, const std::string& content);

  Options options_;
  std::vector<std::string> files_;
  size_t next_file_ = 0;
  int ignored_ = 0;
  std::unique_ptr<OpenFile> open_;  // Being read by lines.
  std::vector<Input> ready_;        // From an array, the last first.
};

// By extension: .txt .text .md; .jsonl .ndjson .json.
bool IsArticleFile(absl::string_view path);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_ARTICLE_READER_H_
