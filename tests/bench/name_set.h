// Name lists of any size for benchmarks, and the data folder that holds one.
#ifndef TOCSIN_TESTS_BENCH_NAME_SET_H_
#define TOCSIN_TESTS_BENCH_NAME_SET_H_

#include <filesystem>
#include <string>
#include <vector>

namespace tocsin {

// Place names in many languages, from Debian's libgeonames-common; then, as
// there are not enough of them, made-up pairs of these. Distinct; the same
// ones on every run. Empty if the package is not installed. Sets `places` to
// how many the package has.
std::vector<std::string> GeographicNames(size_t count, size_t& places);

// A temporary data folder with the shipped lexicon and names of people and, as
// its only list of entities, `names`. Deleted with the object.
class NameData {
 public:
  NameData(const std::string& shipped_data_dir,
           const std::vector<std::string>& names);
  ~NameData();
  NameData(const NameData&) = delete;
  NameData& operator=(const NameData&) = delete;

  std::string dir() const { return dir_.string(); }

 private:
  std::filesystem::path dir_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_NAME_SET_H_
