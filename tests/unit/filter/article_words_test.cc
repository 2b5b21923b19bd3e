#include "filter/article_words.h"

#include <cstdlib>
#include <random>
#include <vector>

#include "filter/phrase.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

using Words = std::vector<uint64_t>;

// The same, said the slow way.
bool NearBySearch(const Words& words, const Words& one, const Words& other,
                  int distance) {
  const auto at = [&](size_t begin, const Words& phrase) {
    return begin + phrase.size() <= words.size() &&
           std::equal(phrase.begin(), phrase.end(), words.begin() + begin);
  };
  const auto gap = [&](size_t end, size_t begin) {
    int count = 1;
    for (size_t i = end; i < begin; ++i) count += words[i] != 0 ? 1 : 0;
    return count;
  };
  for (size_t i = 0; i < words.size(); ++i) {
    for (size_t j = 0; j < words.size(); ++j) {
      if (!at(i, one) || !at(j, other)) continue;
      const int steps =
          i < j ? gap(i + one.size(), j) : gap(j + other.size(), i);
      if (steps <= distance) return true;
    }
  }
  return false;
}

TEST(ArticleWordsTest, AgreesWithSearchOnRandomWords) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto draw = [&](int size, int lowest) {
    Words words(static_cast<size_t>(size));
    for (uint64_t& word : words)
      word = std::uniform_int_distribution<uint64_t>(lowest, 5)(random);
    return words;
  };
  for (int round = 0; round < 3000; ++round) {
    const Words words = draw(static_cast<int>(random() % 30), 0);
    const ArticleWords article(words);
    const Words one = draw(1 + static_cast<int>(random() % 3), 1);
    const Words other = draw(1 + static_cast<int>(random() % 2), 1);
    EXPECT_EQ(article.ContainsPhrase(one), ContainsPhrase(words, one));
    const int distance = 1 + static_cast<int>(random() % 8);
    if (one.size() == 1 && other.size() == 1 && one != other) {
      EXPECT_EQ(article.ContainsNear(one, other, distance),
                NearBySearch(words, one, other, distance));
    }
  }
}

TEST(ArticleWordsTest, APhraseDoesNotGoOverASentencesEnd) {
  const Words words = {1, 2, 0, 3, 4};
  const ArticleWords article(words);
  EXPECT_TRUE(article.ContainsPhrase({1, 2}));
  EXPECT_FALSE(article.ContainsPhrase({2, 3}));
  EXPECT_TRUE(article.ContainsNear({2}, {3}, 1));
  EXPECT_FALSE(article.ContainsNear({1}, {4}, 2));
  EXPECT_TRUE(article.ContainsNear({4}, {1}, 3));
  EXPECT_FALSE(article.Contains(0xFFFF));
  EXPECT_FALSE(ArticleWords({}).Contains(1));
}

TEST(ArticleWordsTest, LanguageRangesCoverMoreSpecialTags) {
  EXPECT_TRUE(LanguageMatches("sv-FI", "sv"));
  EXPECT_TRUE(LanguageMatches("SV", "sv"));
  EXPECT_FALSE(LanguageMatches("sv", "sv-FI"));
  EXPECT_FALSE(LanguageMatches("svx", "sv"));
}

TEST(ArticleWordsTest, GlobsMatchAnythingForAStar) {
  EXPECT_TRUE(MatchesGlob("abc", "a*c"));
  EXPECT_TRUE(MatchesGlob("abc", "*"));
  EXPECT_TRUE(MatchesGlob("", "*"));
  EXPECT_TRUE(MatchesGlob("aXbXc", "a*b*c"));
  EXPECT_FALSE(MatchesGlob("abc", "a*d"));
  EXPECT_FALSE(MatchesGlob("abc", "ab"));
}

}  // namespace
}  // namespace tocsin
