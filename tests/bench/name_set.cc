#include "name_set.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <unordered_set>

#include "text/utf8.h"

namespace tocsin {
namespace fs = std::filesystem;
namespace {

uint32_t ReadWord(const std::string& file, size_t offset) {
  uint32_t word = 0;
  if (offset + 4 <= file.size()) std::memcpy(&word, file.data() + offset, 4);
  return word;
}

// The translations in a gettext .mo file: a table of lengths and offsets.
void ReadTranslations(const fs::path& path, std::set<std::string>& names) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  const std::string file = std::move(content).str();
  if (ReadWord(file, 0) != 0x950412DEu) return;
  const uint32_t count = ReadWord(file, 8);
  const uint32_t table = ReadWord(file, 16);
  for (uint32_t i = 1; i < count; ++i) {  // The first one is the file's header.
    const size_t size = ReadWord(file, table + 8 * size_t{i});
    const size_t offset = ReadWord(file, table + 8 * size_t{i} + 4);
    if (offset + size > file.size()) return;
    const std::string name = file.substr(offset, size);
    if (size >= 4 && name.find_first_of("\t\n,(") == std::string::npos &&
        IsValidUtf8(name)) {
      names.insert(name);
    }
  }
}

}  // namespace

std::vector<std::string> GeographicNames(size_t count, size_t& places) {
  std::set<std::string> found;
  std::error_code error;
  for (const auto& locale :
       fs::directory_iterator("/usr/share/locale", error)) {
    ReadTranslations(locale.path() / "LC_MESSAGES" / "geonames.mo", found);
  }
  std::vector<std::string> names(found.begin(), found.end());
  std::mt19937_64 random(1);
  std::shuffle(names.begin(), names.end(), random);
  places = names.size();
  if (places == 0) return names;
  std::unordered_set<std::string> distinct(names.begin(), names.end());
  names.reserve(count);
  while (names.size() < count) {
    std::string pair =
        names[random() % places] + " " + names[random() % places];
    if (distinct.insert(pair).second) names.push_back(std::move(pair));
  }
  names.resize(count);
  return names;
}

NameData::NameData(const std::string& shipped_data_dir,
                   const std::vector<std::string>& names)
    : dir_(fs::temp_directory_path() /
           ("tocsin-bench-" + std::to_string(getpid()) + "-" +
            std::to_string(names.size()))) {
  fs::create_directories(dir_ / "names");
  fs::create_directory_symlink(fs::path(shipped_data_dir) / "lexicon",
                               dir_ / "lexicon");
  // What are names of people is asked of every capitalised word.
  for (const char* people : {"given_names.tsv", "person_names.tsv"}) {
    fs::create_symlink(fs::path(shipped_data_dir) / "names" / people,
                       dir_ / "names" / people);
  }
  std::ofstream out(dir_ / "names" / "bench.tsv");
  for (const std::string& name : names) out << name << "\tPLACE\t\t50000\n";
}

NameData::~NameData() {
  std::error_code error;
  fs::remove_all(dir_, error);
}

}  // namespace tocsin
