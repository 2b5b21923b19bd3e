#include "text/vocabulary.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>
#include <vector>

namespace tocsin {
namespace {

TEST(Vocabulary, NumbersEachWordOnce) {
  Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.Find(7), kNoWord);
  const uint32_t word = vocabulary.Add(7);
  EXPECT_NE(word, kNoWord);
  EXPECT_EQ(vocabulary.Add(7), word);
  EXPECT_EQ(vocabulary.Find(7), word);
  EXPECT_EQ(vocabulary.Folded(word), 7u);
  EXPECT_NE(vocabulary.Add(8), word);
}

// Against a table of the library, while it grows.
TEST(Vocabulary, AgreesWithAPlainTable) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  Vocabulary vocabulary;
  std::unordered_map<uint64_t, uint32_t> plain;
  std::vector<uint64_t> words;
  for (int i = 0; i < 50000; ++i) {
    const uint64_t folded = random();
    plain[folded] = vocabulary.Add(folded);
    words.push_back(folded);
    const uint64_t known = words[random() % words.size()];
    ASSERT_EQ(vocabulary.Find(known), plain[known]);
    ASSERT_EQ(vocabulary.Find(random()), kNoWord);
  }
  std::vector<Token> tokens(words.size());
  for (size_t i = 0; i < words.size(); ++i) tokens[i].folded = words[i];
  vocabulary.Number(tokens);
  for (const Token& token : tokens) {
    ASSERT_EQ(token.word, plain[token.folded]);
  }
}

}  // namespace
}  // namespace tocsin
