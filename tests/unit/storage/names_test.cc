// Resource names and passages.
#include "storage/passage.h"
#include "storage/resource_name.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(ResourceName, ComesBackAsItWas) {
  const ArticleIdentity identities[] = {
      {"ew", "001"},
      {"a/b", "c d/%?#"},
      {"default", "https://example.org/a?b=c&d"},
      {"källa", "ångström 1.2_3~4-5"},
      {std::string("\0", 1), std::string("a\0b", 3)},
  };
  for (const ArticleIdentity& identity : identities) {
    const std::string name = ArticleName(identity.source, identity.id);
    EXPECT_EQ(ParseArticleName(name), identity) << name;
  }
  EXPECT_EQ(ArticleName("e w", "å"), "sources/e%20w/articles/%C3%A5");
}

TEST(ResourceName, OthersAreRefused) {
  for (const char* name :
       {"", "sources", "sources/", "sources/a", "sources/a/articles",
        "sources/a/articles/", "sources//articles/b", "source/a/articles/b",
        "sources/a/articles/b/c", "sources/a/articles/%4",
        "sources/a/articles/%", "sources/a/articles/%zz", "entities/a"}) {
    EXPECT_FALSE(ParseArticleName(name).has_value()) << name;
  }
}

TEST(Passage, AShortSentenceIsWhole) {
  const Passage passage =
      CutPassage("One. Two three four. Five.", 5, 20, 9, 14);
  EXPECT_EQ(passage.text, "Two three four.");
  EXPECT_EQ(passage.text.substr(passage.begin, passage.end - passage.begin),
            "three");
}

TEST(Passage, ALongSentenceIsCutAtWordsAroundTheMention) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "word" + std::to_string(i) + " ";
  const size_t begin = text.find("word100");
  const Passage passage = CutPassage(
      text, 0, static_cast<uint32_t>(text.size()), static_cast<uint32_t>(begin),
      static_cast<uint32_t>(begin) + 7);
  EXPECT_LE(passage.text.size(), kMaxPassageBytes);
  EXPECT_GT(passage.text.size(), kMaxPassageBytes - 20);
  EXPECT_EQ(passage.text.substr(passage.begin, passage.end - passage.begin),
            "word100");
  EXPECT_EQ(passage.text.substr(0, 4), "word");
  EXPECT_NE(passage.text.back(), ' ');
  EXPECT_NE(text.find(" " + passage.text + " "), std::string::npos);
}

TEST(Passage, WhateverTheBoundsItIsShortAndHoldsTheMention) {
  std::mt19937 random(1);
  const std::string letters[] = {"a", "å", " ", "\n", "漢", "x"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    std::vector<uint32_t> bounds = {0};
    const size_t length = random() % 1500;
    for (size_t n = 0; n < length; ++n) {
      text += letters[random() % (random() % 9 == 0 ? 6 : 2)];
      bounds.push_back(static_cast<uint32_t>(text.size()));
    }
    uint32_t at[4];
    for (uint32_t& bound : at) bound = bounds[random() % bounds.size()];
    std::sort(std::begin(at), std::end(at));
    const Passage passage = CutPassage(text, at[0], at[3], at[1], at[2]);
    ASSERT_LE(passage.text.size(), kMaxPassageBytes);
    ASSERT_LE(passage.begin, passage.end);
    ASSERT_LE(passage.end, passage.text.size());
    if (at[2] - at[1] < kMaxPassageBytes) {
      ASSERT_EQ(passage.text.substr(passage.begin, passage.end - passage.begin),
                text.substr(at[1], at[2] - at[1]));
    }
    // Never in the middle of a code point.
    ASSERT_TRUE(passage.text.empty() ||
                (static_cast<uint8_t>(passage.text[0]) & 0xc0) != 0x80);
  }
}

TEST(Passage, BoundsOutsideOfTheTextDoNoHarm) {
  EXPECT_EQ(CutPassage("abc", 0, 1000, 500, 600).text, "abc");
  EXPECT_EQ(CutPassage("", 5, 6, 7, 8).text, "");
}

}  // namespace
}  // namespace tocsin
