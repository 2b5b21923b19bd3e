#include "storage/schema.h"

#include <random>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(Schema, TextsSortAsTheyAreAndAreNoPrefixOfAnother) {
  const std::string texts[] = {"",
                               std::string("\0", 1),
                               std::string("\0\0", 2),
                               std::string("\0a", 2),
                               "\x01",
                               "a",
                               std::string("a\0", 2),
                               std::string("a\0b", 3),
                               "aa",
                               "b",
                               "\xff",
                               "\xff\xff"};
  for (size_t i = 0; i < std::size(texts); ++i) {
    std::string a;
    AppendText(texts[i], a);
    absl::string_view rest = a;
    EXPECT_EQ(TakeText(rest), texts[i]);
    EXPECT_TRUE(rest.empty());
    for (size_t j = i + 1; j < std::size(texts); ++j) {
      std::string b;
      AppendText(texts[j], b);
      EXPECT_LT(a, b) << i << " " << j;
      EXPECT_NE(b.substr(0, a.size()), a);
    }
  }
}

TEST(Schema, NumbersSortAsTheyAre) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const uint64_t a = random() >> (random() % 64);
    const uint64_t b = random() >> (random() % 64);
    EXPECT_EQ(NumberKey(a) < NumberKey(b), a < b);
    EXPECT_EQ(SightingKey(7, a) < SightingKey(7, b), a > b) << "latest first";
    EXPECT_EQ(ParseSightingKey(SightingKey(a, b)), b);
  }
}

TEST(Schema, IdentitiesDoNotRunIntoEachOther) {
  EXPECT_NE(HeadKey("a", "bc"), HeadKey("ab", "c"));
  EXPECT_NE(HeadKey(std::string("a\0", 2), "b"),
            HeadKey("a", std::string("\0b", 2)));
}

TEST(Schema, ParsesWhatItMakes) {
  const auto embargo = ParseEmbargoKey(EmbargoKey(1234567, 89));
  ASSERT_TRUE(embargo.has_value());
  EXPECT_EQ(embargo->until_micros, 1234567);
  EXPECT_EQ(embargo->commit, 89u);
  const auto mark = ParseMarkKey(MarkKey("big-money", EntitySubject(5)));
  ASSERT_TRUE(mark.has_value());
  EXPECT_EQ(mark->rule, "big-money");
  EXPECT_EQ(mark->subject, EntitySubject(5));
}

TEST(Schema, GenerationsOfARuleSetAreRangesOfTheirOwn) {
  const uint64_t generations[] = {0, 1, 2, 255, 256, 1u << 20};
  for (const uint64_t a : generations) {
    const std::string key = RuleKey("desk", a, "big-money");
    const auto parts = ParseRuleKey(key);
    ASSERT_TRUE(parts.has_value());
    EXPECT_EQ(parts->rule_set, "desk");
    EXPECT_EQ(parts->generation, a);
    for (const uint64_t b : generations) {
      const KeyRange range = RuleRange("desk", b);
      EXPECT_EQ(range.begin <= key && key < range.end, a == b) << a << " " << b;
    }
    const KeyRange other = RuleRange("des", a);
    EXPECT_FALSE(other.begin <= key && key < other.end);
  }
  EXPECT_EQ(ParseRuleSetKey(RuleSetKey("desk")), "desk");
  EXPECT_FALSE(ParseRuleSetKey(kCommitKey).has_value());
}

TEST(Schema, DamagedKeysAreToldApart) {
  for (const absl::string_view key : {"", "a", "1234567", "\x01"}) {
    absl::string_view rest = key;
    EXPECT_FALSE(TakeNumber(rest).has_value());
    rest = key;
    EXPECT_FALSE(TakeText(rest).has_value());
    EXPECT_FALSE(ParseEmbargoKey(key).has_value());
    EXPECT_FALSE(ParseSightingKey(key).has_value());
    EXPECT_FALSE(ParseMarkKey(key).has_value());
    EXPECT_FALSE(ParseRuleKey(key).has_value());
  }
}

TEST(Schema, PrefixEndsAfterEveryKeyWithThePrefix) {
  EXPECT_EQ(PrefixEnd("abc"), "abd");
  EXPECT_EQ(PrefixEnd("a\xff\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff"), "");
}

}  // namespace
}  // namespace tocsin
