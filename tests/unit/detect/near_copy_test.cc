#include "detect/near_copy.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <random>
#include <vector>

namespace tocsin {
namespace {

std::vector<uint64_t> RandomWords(size_t count, std::mt19937_64& random) {
  std::vector<uint64_t> words;
  for (size_t i = 0; i < count; ++i) words.push_back(1 + random() % 5000);
  return words;
}

int Difference(uint64_t a, uint64_t b) { return std::popcount(a ^ b); }

TEST(SimHash, OfNothingIsZero) {
  EXPECT_EQ(SimHash({}), 0u);
  EXPECT_EQ(SimHash({0, 0}), 0u);
}

TEST(SimHash, OfFewWordsTellsThemApart) {
  EXPECT_NE(SimHash({1}), SimHash({2}));
  EXPECT_NE(SimHash({1, 2}), SimHash({2, 1}));
  EXPECT_EQ(SimHash({1, 2}), SimHash({1, 0, 2}));
}

TEST(SimHash, SentenceBoundsDoNotCount) {
  std::mt19937_64 random(5);
  std::vector<uint64_t> words = RandomWords(200, random);
  const uint64_t hash = SimHash(words);
  words.insert(words.begin() + 100, 0);
  EXPECT_EQ(SimHash(words), hash);
}

// What near-copies rest on: a long text with one word changed mostly stays
// within a few bits, another text does not.
TEST(SimHash, NearTextsAreNearAndOthersAreFar) {
  std::mt19937_64 random(6);
  int near = 0;
  int far = 0;
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<uint64_t> words = RandomWords(500, random);
    std::vector<uint64_t> copy = words;
    copy[random() % copy.size()] = 1;
    near += Difference(SimHash(words), SimHash(copy)) <= 3;
    far += Difference(SimHash(words), SimHash(RandomWords(500, random))) > 12;
  }
  EXPECT_GT(near, kRounds * 3 / 4);
  EXPECT_EQ(far, kRounds);
}

// The bit-sliced count against 64 counters.
TEST(SimHash, AgreesWithCountingEachBit) {
  std::mt19937_64 random(7);
  for (size_t count = 3; count < 200; ++count) {
    const std::vector<uint64_t> words = RandomWords(count, random);
    // Votes of each 3-gram, from the hash of the 3-gram alone.
    std::array<int, 64> counters = {};
    for (size_t i = 2; i < count; ++i) {
      const uint64_t gram = SimHash({words[i - 2], words[i - 1], words[i]});
      for (size_t bit = 0; bit < 64; ++bit) {
        counters[bit] += (gram >> bit & 1) != 0 ? 1 : -1;
      }
    }
    uint64_t expected = 0;
    for (size_t bit = 0; bit < 64; ++bit) {
      if (counters[bit] > 0) expected |= uint64_t{1} << bit;
    }
    ASSERT_EQ(SimHash(words), expected) << count << " words";
  }
}

}  // namespace
}  // namespace tocsin
