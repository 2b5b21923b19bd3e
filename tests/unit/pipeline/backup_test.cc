#include "storage/backup.h"

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"
#include "storage/check.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

bool GoOn(int64_t /*bytes*/) { return true; }

StoreOptions Into(const std::string& directory, const std::string& epoch) {
  StoreOptions options;
  options.directory = directory;
  options.new_epoch = epoch;
  options.reserve_bytes = 0;
  return options;
}

void Flip(const fs::path& path) {
  std::FILE* stream = std::fopen(path.c_str(), "r+b");
  ASSERT_NE(stream, nullptr);
  const auto middle = static_cast<long>(fs::file_size(path) / 2);
  std::fseek(stream, middle, SEEK_SET);
  const int byte = std::fgetc(stream);
  std::fseek(stream, middle, SEEK_SET);
  std::fputc(byte ^ 1, stream);
  std::fclose(stream);
}

class BackupTest : public ::testing::Test {
 protected:
  static Newsroom::Options Rules() {
    Newsroom::Options options;
    options.rules = {RuleOf("new", "new(entity)")};
    return options;
  }
  void Ingest(int from, int to) {
    for (int i = from; i < to; ++i) {
      room_.Ingest(ArticleBuilder(absl::StrCat(i))
                       .Names(absl::StrCat("e", i))
                       .Text(std::string(3000, static_cast<char>('a' + i))));
    }
  }
  StoredBackup Create() {
    const auto backup = CreateBackup(room_.store(), folder_, Hour(1), &GoOn);
    EXPECT_TRUE(backup.ok()) << backup.status();
    return backup.value_or(StoredBackup());
  }

  TempDirectory directory_;
  const std::string folder_ = directory_ / "backups";
  Newsroom room_{Rules()};
};

TEST_F(BackupTest, OfALiveStoreBecomesAStoreWithAnEpochOfItsOwn) {
  EXPECT_TRUE(ListBackups(folder_)->empty());
  Ingest(0, 10);
  const StoredBackup first = Create();
  EXPECT_EQ(first.number, 1u);
  EXPECT_EQ(first.last_sequence, 10u);
  EXPECT_EQ(first.epoch, "test");
  EXPECT_EQ(first.create_time, Hour(1));
  Ingest(10, 15);
  EXPECT_EQ(Create().last_sequence, 15u);
  EXPECT_EQ(ListBackups(folder_)->size(), 2u);

  struct Case {
    uint32_t number;
    uint64_t last;
  };
  for (const Case& c : {Case{1, 10}, Case{2, 15}, Case{0, 15}}) {
    EXPECT_TRUE(c.number == 0 || VerifyBackup(folder_, c.number).ok());
    const std::string target = directory_ / absl::StrCat("to", c.number);
    const auto restored = RestoreBackup(folder_, c.number, Into(target, "two"));
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->last_sequence, c.last);
    const auto store = Store::Open(Into(target, "unused"));
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ((*store)->epoch(), "two");
    ASSERT_EQ((*store)->ended_epochs().ended_size(), 1);
    EXPECT_EQ((*store)->ended_epochs().ended(0).id(), "test");
    EXPECT_EQ((*store)->ended_epochs().ended(0).last_sequence(), c.last);
    const auto report =
        CheckStore(**store, [](absl::string_view, int64_t, int64_t) {});
    EXPECT_EQ(report->finding_count, 0);
    EXPECT_EQ((*(*store)->GetSnapshot().GetArticle("ew", "9", 0))->body.size(),
              3005u);
  }
}

TEST_F(BackupTest, TokensOfTheOldEpochWorkUpToTheBranch) {
  Ingest(0, 10);
  Create();
  Ingest(10, 15);
  const std::string target = directory_ / "restored";
  ASSERT_TRUE(RestoreBackup(folder_, 0, Into(target, "two")).ok());
  const auto store = Store::Open(Into(target, "unused"));
  const auto feed = AlertFeed::Create(
      AlertFeed::Options(), **store,
      [](const AlertRecord& alert) { return alert.SerializeAsString(); });
  for (const uint64_t sequence : {0, 1, 10}) {
    EXPECT_EQ(*(*feed)->SequenceOf(room_.feed().TokenFor(sequence)), sequence);
  }
  const std::string beyond = room_.feed().TokenFor(11);
  EXPECT_EQ((*feed)->SequenceOf(beyond).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ((*feed)->BranchOf(beyond), 10u);
  EXPECT_EQ(*(*feed)->SequenceOf((*feed)->TokenFor(12)), 12u);
  // A foreign one: nothing is known of where it branched.
  const std::string foreign = EncodeResumeToken("elsewhere", 5);
  EXPECT_EQ((*feed)->SequenceOf(foreign).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ((*feed)->BranchOf(foreign), 0u);
}

TEST_F(BackupTest, EveryDamagedFileIsFound) {
  Ingest(0, 10);
  ASSERT_TRUE(room_.store().Flush().ok());
  Create();
  const std::string good = directory_ / "good";
  fs::rename(folder_, good);
  int damaged = 0;
  for (const auto& file : fs::recursive_directory_iterator(good)) {
    if (!file.is_regular_file() || file.file_size() == 0) continue;
    // The choices that RocksDB was opened with are not read back.
    if (absl::StrContains(file.path().filename().string(), "OPTIONS")) continue;
    fs::remove_all(folder_);
    fs::copy(good, folder_, fs::copy_options::recursive);
    const fs::path copy = fs::path(folder_) / fs::relative(file.path(), good);
    Flip(copy);
    EXPECT_FALSE(VerifyBackup(folder_, 1).ok()) << copy;
    fs::remove(copy);
    EXPECT_FALSE(VerifyBackup(folder_, 1).ok()) << copy;
    ++damaged;
  }
  EXPECT_GT(damaged, 5);
}

TEST_F(BackupTest, RestoreIsRefusedWhereSomethingIs) {
  Ingest(0, 1);
  Create();
  EXPECT_EQ(RestoreBackup(folder_, 7, Into(directory_ / "new", "two"))
                .status()
                .code(),
            absl::StatusCode::kNotFound);
  const std::string target = directory_ / "target";
  ASSERT_TRUE(Store::Open(Into(target, "mine")).ok());
  const auto refused = RestoreBackup(folder_, 1, Into(target, "two"));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr(target));
  EXPECT_EQ((*Store::Open(Into(target, "x")))->epoch(), "mine");
}

TEST_F(BackupTest, ARestoreThatACrashCutShortIsRunAgain) {
  Ingest(0, 3);
  Create();
  const std::string target = directory_ / "target";
  ASSERT_TRUE(RestoreBackup(folder_, 1, Into(target, "two")).ok());
  fs::rename(target + "/TOCSIN", target + "/TOCSIN.restoring");
  EXPECT_EQ(Store::Open(Into(target, "x")).status().code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(RestoreBackup(folder_, 1, Into(target, "two")).ok());
  EXPECT_TRUE(Store::Open(Into(target, "x")).ok());
}

}  // namespace
}  // namespace tocsin
