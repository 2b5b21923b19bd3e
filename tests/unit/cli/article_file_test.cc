#include "cli/article_file.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

TEST(ArticleFromTextTest, FindsTheHeadline) {
  const std::string long_line(201, 'x');
  const std::string longest_line(200, 'x');
  const struct {
    const char* what;
    std::string text, headline, body;
  } kCases[] = {
      {"a blank line follows", "Head\n\nBody.\nMore.\n", "Head",
       "Body.\nMore.\n"},
      {"no blank line follows", "Not a head\nBody.\n\nMore.", "",
       "Not a head\nBody.\n\nMore."},
      {"blank lines before", "\n \nHead\n\nBody.", "Head", "Body."},
      {"many blank lines between", "Head\n\n \n\t\nBody.", "Head", "Body."},
      {"too long", long_line + "\n\nBody.", "", long_line + "\n\nBody."},
      {"just short enough", longest_line + "\n\nBody.", longest_line, "Body."},
      {"one line", "All there is.", "", "All there is."},
      {"nothing after the blank line", "All there is.\n\n", "",
       "All there is.\n\n"},
      {"carriage returns", "Head\r\n\r\nBody.\r\n", "Head", "Body.\r\n"},
      {"spaces around", "  Head  \n\n  Body.", "Head", "  Body."},
      {"byte order mark", "\xEF\xBB\xBFHead\n\nBody.", "Head", "Body."},
      {"empty", "", "", ""},
      {"only blank", " \n\n", "", " \n\n"},
  };
  for (const auto& c : kCases) {
    const auto article = ArticleFromText("id", c.text);
    ASSERT_TRUE(article.ok()) << c.what;
    EXPECT_EQ(article->id(), "id") << c.what;
    EXPECT_EQ(article->headline(), c.headline) << c.what;
    EXPECT_EQ(article->body(), c.body) << c.what;
  }
}

TEST(ArticleFromTextTest, RefusesWhatIsNotUtf8) {
  const auto article = ArticleFromText("id", "Head\n\nB\xF6rse");
  ASSERT_EQ(article.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(article.status().message().find("byte 0xF6 at offset 7, line 3"),
            std::string::npos)
      << article.status();
}

TEST(CheckUtf8Test, KnowsEveryKindOfFault) {
  for (const char* good : {"", "a", "é", "東", "🔔", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(CheckUtf8(good).ok()) << good;
  }
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xFE", "abc\xE2\x82"}) {
    EXPECT_FALSE(CheckUtf8(bad).ok());
  }
}

TEST(ArticleFromJsonTest, ReadsBothSpellings) {
  for (const char* key : {"published_at", "publishedAt"}) {
    const auto article = ArticleFromJson(absl::StrCat(
        R"({"id":"1","body":"b",")", key, R"(":"2025-02-19T10:00:00Z"})"));
    ASSERT_TRUE(article.ok()) << article.status();
    EXPECT_EQ(article->published_at().seconds(), 1739959200);
  }
}

TEST(ArticleFromJsonTest, NamesTheProblem) {
  const struct {
    const char* json;
    const char* message;
  } kCases[] = {
      {R"({"id":"1","text":"b"})", "no field 'text'"},
      {R"({"id":"1" "body":"b"})", "not the JSON of an article"},
      {R"([1,2])", "not the JSON of an article"},
      {R"({"id":"1","urgency":"high"})", "urgency"},
      {R"({"id":"1","published_at":"yesterday"})", "published_at"},
      {"{\"id\":\"\xF6\"}", "not UTF-8"},
  };
  for (const auto& c : kCases) {
    const auto article = ArticleFromJson(c.json);
    ASSERT_EQ(article.status().code(), absl::StatusCode::kInvalidArgument)
        << c.json;
    EXPECT_NE(article.status().message().find(c.message), std::string::npos)
        << article.status();
    EXPECT_EQ(article.status().message().find('\n'), std::string::npos);
  }
}

TEST(IdFromPathTest, IsTheNameWithoutFolderAndExtension) {
  EXPECT_EQ(IdFromPath("a/b/001.txt"), "001");
  EXPECT_EQ(IdFromPath("001.2.txt"), "001.2");
  EXPECT_EQ(IdFromPath("noext"), "noext");
  EXPECT_EQ(IdFromPath("a.b/noext"), "noext");
  EXPECT_EQ(IdFromPath(".hidden"), ".hidden");
}

}  // namespace
}  // namespace tocsin::cli
