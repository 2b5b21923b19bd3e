#include "cli/line_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "temp_dir.h"

namespace tocsin::cli {
namespace {

using ::testing::ElementsAre;

// A long line counts as "<too long>".
std::vector<std::string> Lines(const std::string& content, size_t max_line) {
  const TempDir dir;
  const int fd = open(dir.Write("f", content).c_str(), O_RDONLY);
  LineReader reader(fd, max_line, nullptr);
  std::vector<std::string> lines;
  for (;;) {
    const auto line = reader.Next();
    if (!line.ok()) {
      EXPECT_TRUE(absl::IsResourceExhausted(line.status())) << line.status();
      lines.push_back("<too long>");
    } else if (line->has_value()) {
      lines.emplace_back(**line);
    } else {
      break;
    }
  }
  close(fd);
  EXPECT_EQ(reader.line(), static_cast<int>(lines.size()));
  return lines;
}

TEST(LineReaderTest, SplitsLines) {
  EXPECT_THAT(Lines("", 10), ElementsAre());
  EXPECT_THAT(Lines("a", 10), ElementsAre("a"));
  EXPECT_THAT(Lines("a\n", 10), ElementsAre("a"));
  EXPECT_THAT(Lines("a\n\nb", 10), ElementsAre("a", "", "b"));
}

TEST(LineReaderTest, SkipsALineThatIsTooLong) {
  EXPECT_THAT(Lines("a\n" + std::string(11, 'x') + "\nb\n", 10),
              ElementsAre("a", "<too long>", "b"));
  // Longer than what is read at once, and the last.
  const std::string huge(1000000, 'x');
  EXPECT_THAT(Lines("a\n" + huge + "\nb\n" + huge, 10),
              ElementsAre("a", "<too long>", "b", "<too long>"));
}

TEST(LineReaderTest, PutsTogetherLinesThatComeInPieces) {
  const std::string long_line(700000, 'y');
  EXPECT_THAT(Lines(long_line + "\nb\n", 1 << 20), ElementsAre(long_line, "b"));
}

TEST(LineReaderTest, EndsWhereTheIdleCallSays) {
  int fds[2];
  ASSERT_EQ(pipe(fds), 0);
  ASSERT_EQ(write(fds[1], "a\nhalf", 6), 6);
  int calls = 0;
  LineReader reader(fds[0], 100, [&] { return ++calls < 3; });
  EXPECT_EQ(**reader.Next(), "a");
  EXPECT_EQ(**reader.Next(), "half");
  EXPECT_EQ(calls, 3);
  close(fds[0]);
  close(fds[1]);
}

TEST(LineReaderTest, PeeksAndPutsBack) {
  const TempDir dir;
  const int fd = open(dir.Write("f", " \n {\"a\"\n}").c_str(), O_RDONLY);
  LineReader reader(fd, 100, nullptr);
  EXPECT_EQ(**reader.Peek(), '{');
  const auto rest = reader.Rest();
  EXPECT_EQ(*rest, " \n {\"a\"\n}");
  reader.PutBack(*rest);
  EXPECT_EQ(**reader.Next(), " ");
  close(fd);
}

}  // namespace
}  // namespace tocsin::cli
