#include "lexicon/phrase_matcher.h"

#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <random>

#include "text/tokenizer.h"

namespace tocsin {
namespace {

std::vector<Token> TokensOf(absl::string_view text) {
  std::vector<Token> tokens;
  Tokenize(text, Field::kBody, tokens);
  return tokens;
}

TEST(PhraseMatcher, FindsTheLongestPhrase) {
  PhraseMatcher::Builder builder;
  builder.Add(PhraseHashes("New York"), 1);
  builder.Add(PhraseHashes("New York City Council"), 2);
  builder.Add(PhraseHashes("York"), 3);
  const PhraseMatcher matcher = builder.Build();
  EXPECT_EQ(matcher.phrase_count(), 3u);
  const struct {
    absl::string_view text;
    uint32_t token_count;
    uint32_t value;
  } kCases[] = {
      {"new york", 2, 1},
      {"New York City Hall", 2, 1},
      {"NEW YORK CITY COUNCIL", 4, 2},
      {"York City", 1, 3},
      {"New", 0, 0},
      {"Newport", 0, 0},
      {"New-York", 0, 0},
  };
  for (const auto& c : kCases) {
    const PhraseMatcher::Match match = matcher.Longest(TokensOf(c.text), 0);
    EXPECT_EQ(match.token_count, c.token_count) << c.text;
    EXPECT_EQ(match.value, c.value) << c.text;
  }
}

TEST(PhraseMatcher, StaysInTheSentenceOrBeforeTheEnd) {
  PhraseMatcher::Builder builder;
  builder.Add(PhraseHashes("New York"), 1);
  const PhraseMatcher matcher = builder.Build();
  std::vector<Token> tokens = TokensOf("New York");
  EXPECT_FALSE(matcher.Longest(tokens, 0, 1));
  EXPECT_TRUE(matcher.Longest(tokens, 0, 2));
  tokens[1].sentence = 1;
  EXPECT_FALSE(matcher.Longest(tokens, 0));
  EXPECT_FALSE(matcher.Longest(tokens, 5));
}

TEST(PhraseMatcher, TheFirstValueOfAPhraseStays) {
  PhraseMatcher::Builder builder;
  EXPECT_EQ(builder.Add(PhraseHashes("a b"), 7), 7u);
  EXPECT_EQ(builder.Add(PhraseHashes("A B"), 8), 7u);
  EXPECT_EQ(builder.Add(PhraseHashes("a"), PhraseMatcher::kMaxValue),
            PhraseMatcher::kMaxValue);
  EXPECT_EQ(builder.Add({}, 9), 9u);
  const PhraseMatcher matcher = builder.Build();
  EXPECT_EQ(matcher.phrase_count(), 2u);
  EXPECT_EQ(matcher.Find(PhraseHashes("a b")).value, 7u);
  EXPECT_EQ(matcher.Find(PhraseHashes("a")).value, PhraseMatcher::kMaxValue);
  EXPECT_FALSE(matcher.Find(PhraseHashes("b")));
  EXPECT_FALSE(matcher.Find({}));
}

TEST(PhraseMatcher, OfNothingFindsNothing) {
  EXPECT_FALSE(PhraseMatcher().Longest(TokensOf("a b"), 0));
  EXPECT_FALSE(PhraseMatcher::Builder().Build().Longest(TokensOf("a"), 0));
}

// Random phrases over few words, so that many share prefixes, against a look
// at every phrase at every place.
TEST(PhraseMatcher, AgreesWithBruteForce) {
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  for (int round = 0; round < 100; ++round) {
    std::vector<uint64_t> words;
    for (int i = 0; i < 12; ++i) words.push_back(random());
    const auto draw = [&](size_t count) {
      std::vector<uint64_t> drawn;
      for (size_t i = 0; i < count; ++i) {
        drawn.push_back(words[random() % words.size()]);
      }
      return drawn;
    };
    std::map<std::vector<uint64_t>, uint32_t> phrases;
    PhraseMatcher::Builder builder;
    for (uint32_t value = 0; value < 60; ++value) {
      const std::vector<uint64_t> phrase = draw(1 + random() % 4);
      phrases.try_emplace(phrase, value);
      builder.Add(phrase, value);
    }
    const PhraseMatcher matcher = builder.Build();
    ASSERT_EQ(matcher.phrase_count(), phrases.size());

    const std::vector<uint64_t> text = draw(200);
    std::vector<Token> tokens(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
      tokens[i].folded = text[i];
      tokens[i].sentence = static_cast<uint32_t>(i / 20);
    }
    for (size_t i = 0; i < text.size(); ++i) {
      PhraseMatcher::Match expected;
      for (const auto& [phrase, value] : phrases) {
        const size_t end = i + phrase.size();
        if (end <= text.size() && phrase.size() > expected.token_count &&
            tokens[end - 1].sentence == tokens[i].sentence &&
            std::equal(phrase.begin(), phrase.end(), text.begin() + i)) {
          expected = {static_cast<uint32_t>(phrase.size()), value};
        }
      }
      const PhraseMatcher::Match found =
          matcher.Longest(tokens, static_cast<uint32_t>(i));
      ASSERT_EQ(found.token_count, expected.token_count);
      ASSERT_EQ(found.value, expected.value);
    }
    for (const auto& [phrase, value] : phrases) {
      ASSERT_EQ(matcher.Find(phrase).value, value);
    }
  }
}

TEST(PhraseMatcher, HoldsManyNamesInLittleMemory) {
  std::mt19937_64 random(4);
  PhraseMatcher::Builder builder;
  constexpr uint32_t kNames = 100000;
  for (uint32_t i = 0; i < kNames; ++i) {
    builder.Add({random(), random()}, i);
  }
  const PhraseMatcher matcher = builder.Build();
  EXPECT_EQ(matcher.phrase_count(), kNames);
  EXPECT_LT(matcher.memory_bytes() / kNames, 64u);
}

}  // namespace
}  // namespace tocsin
