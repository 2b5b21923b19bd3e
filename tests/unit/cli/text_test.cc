#include "cli/text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

using ::testing::ElementsAre;

TEST(DisplayWidthTest, CountsColumnsNotBytes) {
  const struct {
    const char* text;
    int width;
  } kCases[] = {
      {"", 0},         {"abc", 3},
      {"Zürich", 6},   {"Zu\xCC\x88rich", 6},  // u and a combining diaeresis.
      {"東京", 4},                             // Wide.
      {"ｆｕｌｌ", 8},                         // Full width.
      {"🔔", 2},        {"\x1b[1mbold\x1b[0m", 4},  // Our own colour.
      {"\xff", 1},                                 // Shown as U+FFFD.
  };
  for (const auto& c : kCases)
    EXPECT_EQ(DisplayWidth(c.text), c.width) << c.text;
}

TEST(PrintableTest, KeepsArticlesFromSteeringTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[31mred\x1b]0;title\x07"), "a[31mred]0;title");
  EXPECT_EQ(Printable("abc\xE2\x80\xAE"
                      "def"),
            "abcdef");  // Direction override.
  EXPECT_EQ(Printable("a\xC2\x9B"
                      "b"),
            "ab");  // C1 CSI.
  EXPECT_EQ(Printable("two\n\t  words "), "two words ");
  EXPECT_EQ(Printable("bad\xC3"), "bad\xEF\xBF\xBD");
  EXPECT_EQ(PrintableLines("a  b\n\tc\x1b"), "a  b\n c");
}

TEST(TruncateTest, EndsInAnEllipsisWithinTheWidth) {
  EXPECT_EQ(Truncate("abcdef", 6), "abcdef");
  EXPECT_EQ(Truncate("abcdef", 4), "abc…");
  EXPECT_EQ(Truncate("東京都", 4), "東…");
  EXPECT_EQ(Truncate("abc", 0), "");
  EXPECT_EQ(Truncate("\x1b[1mabcdef\x1b[0m", 3), "\x1b[1mab…\x1b[0m");
}

TEST(TruncateTest, NeverExceedsTheWidth) {
  const std::string text =
      "Zürich 東京 🔔🔔 o\xCC\x88"
      "ppen";
  for (int width = 0; width < 30; ++width) {
    EXPECT_LE(DisplayWidth(Truncate(text, width)), width);
  }
}

TEST(PadTest, FillsColumns) {
  EXPECT_EQ(PadRight("東京", 6), "東京  ");
  EXPECT_EQ(PadLeft("7", 3), "  7");
  EXPECT_EQ(PadRight("long", 2), "long");
}

TEST(WrapTest, BreaksAtSpaces) {
  EXPECT_THAT(Wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(Wrap("incomprehensible word", 5),
              ElementsAre("incomprehensible", "word"));
  EXPECT_THAT(Wrap("東京 大阪 京都", 9), ElementsAre("東京 大阪", "京都"));
  EXPECT_THAT(Wrap("  as it is  ", 0), ElementsAre("  as it is  "));
  EXPECT_THAT(Wrap("", 10), ElementsAre(""));
}

TEST(CountedTest, HasAPlural) {
  EXPECT_EQ(Counted(0, "alert", "alerts"), "0 alerts");
  EXPECT_EQ(Counted(1, "alert", "alerts"), "1 alert");
  EXPECT_EQ(Counted(12345, "alert", "alerts"), "12,345 alerts");
}

}  // namespace
}  // namespace tocsin::cli
