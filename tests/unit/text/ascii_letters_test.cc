#include "text/ascii_letters.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "absl/strings/ascii.h"

namespace tocsin {
namespace {

// Both ways against a look at each byte.
TEST(AsciiLetters, AgreeWithEachByte) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 100000; ++round) {
    std::array<char, kAsciiBlock> bytes;
    for (char& c : bytes) {
      // Mostly letters, so that runs are of all lengths.
      c = static_cast<char>(random() % 16 == 0 ? random()
                                               : 'A' + random() % 58);
    }
    uint32_t size = 0;
    uint32_t upper = 0;
    while (size < kAsciiBlock &&
           absl::ascii_isalpha(static_cast<unsigned char>(bytes[size]))) {
      if (absl::ascii_isupper(static_cast<unsigned char>(bytes[size]))) {
        upper |= 1u << size;
      }
      ++size;
    }
    for (const AsciiLetters& run :
         {AsciiLettersAt(bytes.data()), PortableAsciiLettersAt(bytes.data())}) {
      ASSERT_EQ(run.size, size);
      ASSERT_EQ(run.upper, upper);
      ASSERT_EQ(run.lower(), ((1u << size) - 1) & ~upper);
      for (uint32_t i = 0; i < size; ++i) {
        ASSERT_EQ(static_cast<char>(run.folded[i / 8] >> (8 * (i % 8))),
                  absl::ascii_tolower(static_cast<unsigned char>(bytes[i])));
      }
    }
  }
}

}  // namespace
}  // namespace tocsin
