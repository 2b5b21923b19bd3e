#include "cli/resource_name.h"

#include <string>

#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

TEST(ArticleNameTest, TakesEveryFormThatPeopleType) {
  const struct {
    const char* typed;
    const char* name;
  } kCases[] = {
      {"001", "sources/default/articles/001"},
      {"ew/001", "sources/ew/articles/001"},
      {"ew/2025/001", "sources/ew/articles/2025%2F001"},
      {"sources/ew/articles/a%20b", "sources/ew/articles/a%20b"},
      {"Zürich 1", "sources/default/articles/Z%C3%BCrich%201"},
  };
  for (const auto& c : kCases) EXPECT_EQ(ArticleName(c.typed), c.name);
}

TEST(ShortArticleNameTest, IsTheReverse) {
  for (const std::string typed :
       {"001", "ew/001", "ew/2025/001", "Zürich 1", "a%b", "default/a/b"}) {
    EXPECT_EQ(ShortArticleName(ArticleName(typed)), typed);
  }
  EXPECT_EQ(ShortArticleName("something"), "something");
}

TEST(PercentDecodeTest, LeavesAloneWhatIsNotEncoded) {
  EXPECT_EQ(PercentDecode("100%"), "100%");
  EXPECT_EQ(PercentDecode("%zz%41"), "%zzA");
}

TEST(NamesTest, PrefixesAreOptional) {
  EXPECT_EQ(EntityName("OpenAI"), "entities/OpenAI");
  EXPECT_EQ(EntityName("entities/openai"), "entities/openai");
  EXPECT_EQ(RuleName("big"), "rules/big");
  EXPECT_EQ(ShortRuleName("rules/big"), "big");
}

}  // namespace
}  // namespace tocsin::cli
