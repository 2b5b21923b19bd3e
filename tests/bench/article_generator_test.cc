#include "article_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace tocsin {
namespace {

ArticleGenerator Create(ArticleGenerator::Options options) {
  absl::StatusOr<ArticleGenerator> generator =
      ArticleGenerator::Create(options);
  EXPECT_TRUE(generator.ok()) << generator.status();
  return *std::move(generator);
}

// Digits stand in amounts only.
int Numbers(const std::string& text) {
  int numbers = 0;
  bool inside = false;
  for (char c : text) {
    bool digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (digit && !inside) ++numbers;
    inside = digit;
  }
  return numbers;
}

TEST(ArticleGenerator, SameSeedAndIndexGiveTheSameArticle) {
  ArticleGenerator a = Create({.seed = 5});
  ArticleGenerator b = Create({.seed = 5});
  ArticleGenerator other = Create({.seed = 6});
  EXPECT_EQ(a.Make(17).body, b.Make(17).body);
  EXPECT_EQ(a.Make(17).headline, b.Make(17).headline);
  EXPECT_NE(a.Make(17).body, a.Make(18).body);
  EXPECT_NE(a.Make(17).body, other.Make(17).body);
}

TEST(ArticleGenerator, KeepsItsPromises) {
  ArticleGenerator generator = Create({});
  std::set<std::string> ids;
  std::set<std::string> bodies;
  std::map<std::string, int> languages;
  for (uint64_t i = 0; i < 1000; ++i) {
    Article article = generator.Make(i);
    SCOPED_TRACE(article.body);
    EXPECT_GE(article.body.size(), 3000u);
    EXPECT_LE(article.body.size(), 3500u);
    EXPECT_FALSE(article.headline.empty());
    EXPECT_FALSE(absl::StrContains(article.body, "{"));
    EXPECT_FALSE(absl::StrContains(article.headline, "{"));
    EXPECT_TRUE(ids.insert(article.id).second);
    EXPECT_TRUE(bodies.insert(article.body).second);
    EXPECT_GE(Numbers(article.body), 3);
    ++languages[article.language];
    ASSERT_TRUE(article.published_at.has_value());
  }
  EXPECT_EQ(languages.size(), 5u);
  for (const auto& [tag, count] : languages) EXPECT_GT(count, 100) << tag;
  EXPECT_LT(generator.Make(1).published_at, generator.Make(2).published_at);
}

TEST(ArticleGenerator, CanBeLongerAndWithoutLanguage) {
  ArticleGenerator generator =
      Create({.body_bytes = 20000, .tag_language = false});
  Article article = generator.Make(3);
  EXPECT_EQ(article.language, "");
  EXPECT_GE(article.body.size(), 20000u);
}

TEST(ArticleGenerator, NamesTheFileThatIsMissing) {
  absl::StatusOr<ArticleGenerator> generator =
      ArticleGenerator::Create({.phrase_dir = "/nowhere"});
  EXPECT_EQ(generator.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(generator.status().message()),
              testing::HasSubstr("/nowhere/sv.txt"));
}

}  // namespace
}  // namespace tocsin
