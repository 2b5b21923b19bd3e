#include "lexicon/word_set.h"

#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <random>

#include "text/fold.h"

namespace tocsin {
namespace {

TEST(WordSet, AnEmptyOneHasNoWords) {
  EXPECT_EQ(WordSet().Find(FoldedHash("word")), 0u);
  EXPECT_EQ(WordSet::Builder().Build().Find(FoldedHash("word")), 0u);
}

TEST(WordSet, BitsOfOneWordAddUp) {
  WordSet::Builder builder;
  builder.Add(FoldedHash("word"), 1);
  builder.Add(FoldedHash("Word"), 8);
  builder.Add(FoldedHash("other"), 2);
  const WordSet set = builder.Build();
  EXPECT_EQ(set.Find(FoldedHash("WORD")), 9u);
  EXPECT_EQ(set.Find(FoldedHash("other")), 2u);
  EXPECT_EQ(set.Find(FoldedHash("neither")), 0u);
}

TEST(WordSet, AgreesWithAMap) {
  const uint32_t seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  std::map<uint64_t, uint32_t> map;
  WordSet::Builder builder;
  for (int i = 0; i < 100000; ++i) {
    const uint64_t hash = random();
    const auto bits = static_cast<uint32_t>(1 + random() % 15);
    map[hash] |= bits;
    builder.Add(hash, bits);
  }
  const WordSet set = builder.Build();
  for (const auto& [hash, bits] : map) ASSERT_EQ(set.Find(hash), bits);
  int mistakes = 0;
  for (int i = 0; i < 100000; ++i) mistakes += set.Find(random()) != 0;
  EXPECT_LE(mistakes, 2);
}

TEST(WordSet, FindsWordsWhoseHashIsNearlyZero) {
  WordSet::Builder builder;
  for (uint64_t hash = 0; hash < 16; ++hash) builder.Add(hash, 1);
  builder.Add(~uint64_t{0}, 2);
  const WordSet set = builder.Build();
  for (uint64_t hash = 0; hash < 16; ++hash) EXPECT_EQ(set.Find(hash), 1u);
  EXPECT_EQ(set.Find(~uint64_t{0}), 2u);
}

}  // namespace
}  // namespace tocsin
