#include "cli/table.h"

#include "absl/strings/str_split.h"
#include "cli/text.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

TEST(TableTest, AlignsWideCharacters) {
  Table table({{"name"}, {"n", true}});
  table.Add({"東京", "1"});
  table.Add({"Zürich", "12"});
  EXPECT_EQ(table.Render(0),
            "NAME     N\n"
            "東京     1\n"
            "Zürich  12\n");
}

TEST(TableTest, ShrinksFlexibleColumnsToTheTerminal) {
  Table table({{"id"}, {"headline", false, true}});
  table.Add({"ew/001", "Mega AI-project van 500 miljard dollar in VS"});
  table.Add({"ew/002", "Kort"});
  const std::string text = table.Render(30);
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(DisplayWidth(line), 30) << line;
  }
  EXPECT_NE(text.find("ew/001  Mega AI-project van 5…"), std::string::npos)
      << text;
}

TEST(TableTest, CutsNothingWhereThereIsNoTerminal) {
  Table table({{"headline", false, true}});
  table.Add({std::string(500, 'x')});
  EXPECT_NE(table.Render(0).find(std::string(500, 'x')), std::string::npos);
}

TEST(TableTest, KeepsColumnsReadableOnANarrowTerminal) {
  Table table({{"a", false, true}, {"b", false, true}});
  table.Add({"0123456789abcdef", "0123456789abcdef"});
  EXPECT_EQ(table.Render(5),
            "A         B\n"
            "0123456…  0123456…\n");
}

TEST(TableTest, MissingCellsAreEmpty) {
  Table table({{"a"}, {"b"}});
  EXPECT_TRUE(table.empty());
  table.Add({"1"});
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.Render(0), "A  B\n1\n");
}

}  // namespace
}  // namespace tocsin::cli
