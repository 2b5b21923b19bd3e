#include "cli/article_reader.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "temp_dir.h"

namespace tocsin::cli {
namespace {

using ::testing::ElementsAre;

// "origin id", or "origin ! message".
std::vector<std::string> ReadAll(const std::vector<std::string>& paths,
                                 const std::string& prefix,
                                 ArticleReader::Options options = {}) {
  auto reader = ArticleReader::Create(paths, std::move(options));
  if (!reader.ok()) return {reader.status().ToString()};
  std::vector<std::string> read;
  while (auto input = reader->Next()) {
    std::string origin = input->origin.ToString();
    if (origin.rfind(prefix, 0) == 0) origin = origin.substr(prefix.size());
    read.push_back(input->article.ok()
                       ? absl::StrCat(origin, " ", input->article->id())
                       : absl::StrCat(origin, " !"));
  }
  return read;
}

TEST(ArticleReaderTest, ReadsDirectoriesInOrderOfNames) {
  const TempDir dir;
  dir.Write("b.txt", "Body.");
  dir.Write("a.jsonl", "{\"id\":\"1\",\"body\":\"x\"}\n\n{\"id\":\"2\"}\n");
  dir.Write("sub/c.md", "Body.");
  dir.Write(".hidden.txt", "no");
  dir.Write(".done/old.txt", "no");
  dir.Write("image.png", "no");
  EXPECT_THAT(
      ReadAll({dir.path()}, dir.path() + "/"),
      ElementsAre("a.jsonl:1 1", "a.jsonl:3 2", "b.txt b", "sub/c.md c"));
  auto reader = ArticleReader::Create({dir.path()}, {});
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->ignored_count(), 2);  // .hidden.txt and image.png
}

TEST(ArticleReaderTest, GoesOnAfterABadArticle) {
  const TempDir dir;
  const std::string bad = dir.Write("bad.txt", "\xFF");
  const std::string lines = dir.Write("x.ndjson", "{\"id\":\"1\"}\nnope\n{}");
  EXPECT_THAT(
      ReadAll({bad, lines}, dir.path() + "/"),
      ElementsAre("bad.txt !", "x.ndjson:1 1", "x.ndjson:2 !", "x.ndjson:3 "));
}

TEST(ArticleReaderTest, ReadsJsonDocumentsAndJsonThatIsLines) {
  const TempDir dir;
  const std::string object = dir.Write("o.json", "{\n \"id\": \"1\"\n}\n");
  const std::string array = dir.Write("a.json", "[{\"id\":\"2\"},{\"x\":3}]");
  const std::string lines =
      dir.Write("l.json", "{\"id\":\"4\"}\n{\"id\":\"5\"}\n");
  EXPECT_THAT(ReadAll({object, array, lines}, dir.path() + "/"),
              ElementsAre("o.json 1", "a.json[0] 2", "a.json[1] !",
                          "l.json:1 4", "l.json:2 5"));
}

TEST(ArticleReaderTest, FillsInWhatArticlesDoNotSay) {
  const TempDir dir;
  const std::string lines = dir.Write(
      "x.jsonl",
      "{\"id\":\"1\"}\n{\"id\":\"2\",\"source\":\"s\",\"language\":\"nl\"}");
  auto reader =
      ArticleReader::Create({lines}, {.source = "ew", .language = "sv"});
  ASSERT_TRUE(reader.ok());
  auto first = reader->Next();
  EXPECT_EQ(first->article->source(), "ew");
  EXPECT_EQ(first->article->language(), "sv");
  auto second = reader->Next();
  EXPECT_EQ(second->article->source(), "s");
  EXPECT_EQ(second->article->language(), "nl");
}

TEST(ArticleReaderTest, NamesAPathThatDoesNotExist) {
  auto reader = ArticleReader::Create({"/no/such"}, {});
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(reader.status().message(), "/no/such: no such file or directory");
  EXPECT_THAT(ReadAll({"/no/such.txt"}, "", {.may_vanish = true}),
              ElementsAre("/no/such.txt !"));
}

TEST(ArticleReaderTest, TextWithTheSameWordsHasTheSameId) {
  const TempDir dir;
  const std::string file = dir.Write("noextension", "{\"not\": \"json\"");
  EXPECT_THAT(ReadAll({file}, dir.path() + "/"),
              ElementsAre("noextension noextension"));
}

}  // namespace
}  // namespace tocsin::cli
