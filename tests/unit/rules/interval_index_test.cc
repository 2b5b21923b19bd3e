#include "rules/interval_index.h"

#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(IntervalIndexTest, AgreesWithTryingEveryInterval) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto end = [&] {
    const auto draw = static_cast<unsigned>(random() % 24);
    if (draw == 20) return -std::numeric_limits<double>::infinity();
    if (draw == 21) return std::numeric_limits<double>::infinity();
    return static_cast<double>(draw);
  };
  for (int round = 0; round < 500; ++round) {
    std::vector<IntervalIndex::Entry> entries;
    for (unsigned i = 0; i < random() % 40; ++i) {
      double low = end(), high = end();
      if (low > high) std::swap(low, high);
      entries.push_back({low, high, i});
    }
    const IntervalIndex index(entries);
    for (int query = 0; query < 10; ++query) {
      double low = end(), high = end();
      if (low > high) std::swap(low, high);
      std::multiset<uint32_t> found, expected;
      index.ForEachOverlap(low, high,
                           [&](uint32_t value) { found.insert(value); });
      for (const IntervalIndex::Entry& entry : entries) {
        if (entry.low <= high && low <= entry.high)
          expected.insert(entry.value);
      }
      EXPECT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace tocsin
