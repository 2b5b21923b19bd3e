// A folder of lexicon data for one test, deleted at its end.
#ifndef TOCSIN_TESTS_UNIT_LEXICON_DATA_FOLDER_H_
#define TOCSIN_TESTS_UNIT_LEXICON_DATA_FOLDER_H_

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "lexicon/lexicon.h"

namespace tocsin {

class DataFolder {
 public:
  DataFolder()
      : path_(std::filesystem::temp_directory_path() /
              absl::StrCat("tocsin-data-", getpid(), "-", ++count_)) {
    std::filesystem::create_directories(path_ / "lexicon");
  }
  ~DataFolder() { std::filesystem::remove_all(path_); }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  void Write(const std::string& file, const std::string& content) const {
    const std::filesystem::path path = path_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }

  LexiconOptions Options() const {
    LexiconOptions options;
    options.data_dir = path_.string();
    return options;
  }

 private:
  inline static int count_ = 0;
  const std::filesystem::path path_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_UNIT_LEXICON_DATA_FOLDER_H_
