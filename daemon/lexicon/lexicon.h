// The lexicon: everything that is known of languages and names, as rows of
// tables read from data files. What the rows mean is up to those who compile
// them; here they are fields of text with a place to blame.
//
//   lexicon/<language>/<table>.tsv   what holds in one language
//   lexicon/common/<table>.tsv       what holds in every language
//   names/<file>.tsv                 names; curated-*.tsv are kept by hand, the
//                                    others are generated from packages
//
// A row is a line of fields between tabs. Blank lines and lines that begin with
// `#` are skipped; fields are trimmed of spaces. Files are UTF-8.
//
// Immutable after Load(); thread-safe. Rows view memory of the lexicon.
#ifndef TOCSIN_LEXICON_LEXICON_H_
#define TOCSIN_LEXICON_LEXICON_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace tocsin {

struct LexiconOptions {
  std::string data_dir;         // Has lexicon/ and names/.
  bool include_curated = true;  // False: skip names/curated-*.tsv.
};

class LexiconRow {
 public:
  LexiconRow(absl::Span<const absl::string_view> fields,
             const std::string* file, int line)
      : fields_(fields), file_(file), line_(line) {}

  size_t size() const { return fields_.size(); }
  // Empty if the row is not that long.
  absl::string_view operator[](size_t i) const {
    return i < fields_.size() ? fields_[i] : absl::string_view();
  }
  absl::Span<const absl::string_view> fields() const { return fields_; }
  absl::string_view file() const { return *file_; }
  int line() const { return line_; }

  // INVALID_ARGUMENT that begins with file and line.
  absl::Status Error(absl::string_view message) const;

 private:
  absl::Span<const absl::string_view> fields_;
  const std::string* file_;
  int line_;
};

struct LexiconTable {
  std::string file;  // Relative to the data folder: `names/places.tsv`.
  std::string name;  // `places`.
  bool curated = false;
  std::vector<LexiconRow> rows;
};

class Lexicon {
 public:
  // Languages have this name where a table holds in all of them.
  static constexpr char kCommon[] = "common";

  static absl::StatusOr<std::shared_ptr<const Lexicon>> Load(
      const LexiconOptions& options);

  Lexicon(const Lexicon&) = delete;
  Lexicon& operator=(const Lexicon&) = delete;
  ~Lexicon();

  // BCP 47 primary subtags with a folder, sorted; without `common`.
  const std::vector<std::string>& Languages() const { return languages_; }

  // Rows of lexicon/<language>/<table>.tsv, in the order of the file; none if
  // there is no such file.
  absl::Span<const LexiconRow> Rows(absl::string_view language,
                                    absl::string_view table) const;

  // Every table of names/, sorted by file name.
  absl::Span<const LexiconTable> NameTables() const { return name_tables_; }

 private:
  struct FileData;

  Lexicon();

  absl::StatusOr<LexiconTable> ReadTable(const std::string& data_dir,
                                         const std::string& file);
  absl::Status ReadLanguage(const std::string& data_dir,
                            const std::string& language);
  absl::Status ReadNames(const LexiconOptions& options);

  std::vector<std::string> languages_;
  // By `language/table`.
  absl::flat_hash_map<std::string, LexiconTable> tables_;
  std::vector<LexiconTable> name_tables_;
  std::vector<std::unique_ptr<FileData>> files_;  // What the rows view.
};

}  // namespace tocsin

#endif  // TOCSIN_LEXICON_LEXICON_H_
