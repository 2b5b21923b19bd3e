#include "detect/bit_counts.h"

#include <gtest/gtest.h>

#include <random>

namespace tocsin {
namespace {

TEST(BitCounts, AgreesWithCountingEachBit) {
  std::mt19937 random(4);
  for (const int masks : {0, 1, 254, 255, 256, 3000}) {
    BitCounts counts;
    std::array<uint32_t, 16> expected = {};
    for (int i = 0; i < masks; ++i) {
      const auto mask = static_cast<uint16_t>(i < 600 ? 0xFFFF : random());
      counts.Add(mask);
      for (size_t bit = 0; bit < 16; ++bit) expected[bit] += mask >> bit & 1;
    }
    EXPECT_EQ(counts.Counts(), expected) << masks;
  }
}

}  // namespace
}  // namespace tocsin
