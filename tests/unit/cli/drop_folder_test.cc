#include "cli/drop_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "temp_dir.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Names(const std::vector<DropFolder::File>& files) {
  std::vector<std::string> names;
  for (const auto& file : files) {
    names.push_back(fs::path(file.path).filename().string());
  }
  return names;
}

// What is offered, waiting for something at most a minute.
std::vector<DropFolder::File> WaitForSome(DropFolder& folder) {
  for (int i = 0; i < 600; ++i) {
    auto files = folder.Wait(absl::Milliseconds(100));
    if (!files.ok()) {
      ADD_FAILURE() << files.status();
      return {};
    }
    if (!files->empty()) return *files;
  }
  return {};
}

TEST(DropFolderTest, OffersWhatIsThereAndWhatComes) {
  const TempDir dir;
  dir.Write("b.txt", "x");
  dir.Write("a.jsonl", "{}");
  dir.Write("c.txt.part", "no");
  dir.Write(".d.txt", "no");
  auto folder = DropFolder::Create(dir.path());
  ASSERT_TRUE(folder.ok());
  const auto files = WaitForSome(*folder);
  EXPECT_THAT(Names(files), ElementsAre("a.jsonl", "b.txt"));
  for (const auto& file : files) ASSERT_TRUE(folder->Done(file).ok());
  EXPECT_TRUE(fs::exists(dir.File(".done/a.jsonl")));
  EXPECT_FALSE(fs::exists(dir.File("b.txt")));

  fs::rename(dir.File("c.txt.part"), dir.File("c.txt"));
  const auto moved = WaitForSome(*folder);
  EXPECT_THAT(Names(moved), ElementsAre("c.txt"));
  ASSERT_TRUE(folder->Rejected(moved[0]).ok());
  EXPECT_TRUE(fs::exists(dir.File(".rejected/c.txt")));
}

TEST(DropFolderTest, LeavesAFileAloneWhileItIsWritten) {
  const TempDir dir;
  const std::string path = dir.Write("slow.txt", "first half, ");
  const int fd = open(path.c_str(), O_WRONLY | O_APPEND);
  auto folder = DropFolder::Create(dir.path());
  ASSERT_TRUE(folder.ok());
  for (int i = 0; i < 3; ++i) {
    const auto files = folder->Wait(absl::Milliseconds(10));
    ASSERT_TRUE(files.ok());
    EXPECT_THAT(*files, IsEmpty());
  }
  ASSERT_EQ(write(fd, "second half", 11), 11);
  close(fd);
  const auto files = WaitForSome(*folder);
  ASSERT_THAT(Names(files), ElementsAre("slow.txt"));
  EXPECT_EQ(files[0].size, 23);
}

TEST(DropFolderTest, OffersAChangedFileAgainInsteadOfMovingIt) {
  const TempDir dir;
  dir.Write("a.txt", "one");
  auto folder = DropFolder::Create(dir.path());
  ASSERT_TRUE(folder.ok());
  const auto first = WaitForSome(*folder);
  ASSERT_THAT(Names(first), ElementsAre("a.txt"));
  dir.Write("a.txt", "another");
  ASSERT_TRUE(folder->Done(first[0]).ok());
  EXPECT_TRUE(fs::exists(dir.File("a.txt")));
  const auto second = WaitForSome(*folder);
  ASSERT_THAT(Names(second), ElementsAre("a.txt"));
  ASSERT_TRUE(folder->Done(second[0]).ok());
  EXPECT_FALSE(fs::exists(dir.File("a.txt")));
}

TEST(DropFolderTest, NeverOverwritesWhatWasMovedAside) {
  const TempDir dir;
  auto folder = DropFolder::Create(dir.path());
  ASSERT_TRUE(folder.ok());
  for (int i = 0; i < 3; ++i) {
    dir.Write("a.txt", std::string(static_cast<size_t>(i + 1), 'x'));
    const auto files = WaitForSome(*folder);
    ASSERT_THAT(Names(files), ElementsAre("a.txt"));
    ASSERT_TRUE(folder->Done(files[0]).ok());
  }
  EXPECT_EQ(fs::file_size(dir.File(".done/a.txt")), 1u);
  EXPECT_EQ(fs::file_size(dir.File(".done/a.txt.~1~")), 2u);
  EXPECT_EQ(fs::file_size(dir.File(".done/a.txt.~2~")), 3u);
}

TEST(DropFolderTest, RefusesWhatIsNoDirectory) {
  const TempDir dir;
  const std::string file = dir.Write("f", "x");
  EXPECT_EQ(DropFolder::Create(file).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DropFolder::Create("/no/such").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tocsin::cli
