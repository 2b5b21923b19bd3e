#include "detect/name_words.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"

namespace tocsin {
namespace {

std::string RandomWord(std::mt19937& random, size_t least, size_t most) {
  std::string word(least + random() % (most - least + 1), 'a');
  for (char& c : word) c = static_cast<char>('a' + random() % 2);
  return word;
}

// Which of several endings is found is not promised: only that it is one.
TEST(WordEndings, FindsAnEndingWhereATwinDoes) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    WordEndings endings;
    std::vector<std::string> all;
    for (int i = 0; i < 4; ++i) {
      all.push_back(RandomWord(random, 2, 11));
      endings.Add(all.back());
    }
    for (int i = 0; i < 50; ++i) {
      const std::string word = RandomWord(random, 1, 14);
      bool expected = false;
      bool is_one = false;
      const size_t found = endings.Find(word);
      for (const std::string& ending : all) {
        const bool has =
            word.size() >= ending.size() + 2 && absl::EndsWith(word, ending);
        expected |= has;
        is_one |= has && ending.size() == found;
      }
      EXPECT_EQ(found > 0, expected) << word;
      EXPECT_EQ(is_one, expected) << word;
    }
  }
}

TEST(WordEndings, TakesCapitalsForSmallLetters) {
  WordEndings endings;
  endings.Add("banken");
  EXPECT_EQ(endings.Find("RIKSBANKEN"), 6u);
  EXPECT_EQ(endings.Find("Banken"), 0u);  // Nothing before it.
  EXPECT_EQ(endings.Find(""), 0u);
}

}  // namespace
}  // namespace tocsin
