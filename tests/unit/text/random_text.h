// Random text for tests that compare a fast algorithm with a slow twin.
#ifndef TOCSIN_TESTS_UNIT_TEXT_RANDOM_TEXT_H_
#define TOCSIN_TESTS_UNIT_TEXT_RANDOM_TEXT_H_

#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tocsin {

// Pieces drawn from `pieces`, one after another.
inline std::string RandomText(const std::vector<absl::string_view>& pieces,
                              size_t count, std::mt19937& random) {
  std::uniform_int_distribution<size_t> pick(0, pieces.size() - 1);
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const absl::string_view piece = pieces[pick(random)];
    text.append(piece.data(), piece.size());
  }
  return text;
}

inline std::string RandomBytes(size_t count, std::mt19937& random) {
  std::uniform_int_distribution<int> pick(0, 255);
  std::string bytes;
  for (size_t i = 0; i < count; ++i) {
    bytes.push_back(static_cast<char>(pick(random)));
  }
  return bytes;
}

}  // namespace tocsin

#endif  // TOCSIN_TESTS_UNIT_TEXT_RANDOM_TEXT_H_
