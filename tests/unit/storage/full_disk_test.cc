// A store on a disk that fills up, at every place where it can.
//
// The disk is a tmpfs, which takes root to mount: without it these are skipped.
#include <map>
#include <random>

#include "../small_disk.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/store.h"

namespace tocsin {
namespace {

constexpr absl::Duration kResumesWithin = absl::Seconds(10);
constexpr absl::Duration kClosesWithin = absl::Seconds(20);

class FullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.mounted()) {
      GTEST_SKIP() << "cannot mount a tmpfs: " << disk_.why();
    }
    seed_ = std::random_device()();
    random_.seed(seed_);
  }

  absl::Status Open() {
    StoreOptions options;
    options.directory = disk_.path() + "/data";
    options.new_epoch = "one";
    options.reserve_bytes = 0;
    // So that logs, tables and manifests follow each other quickly.
    options.write_buffer_bytes = 256 << 10;
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(options);
    if (store.ok()) store_ = *std::move(store);
    return store.status();
  }

  // Rows of several families, a body that goes to a blob file among them.
  absl::Status WriteRow() {
    std::uniform_int_distribution<int> letter('a', 'z');
    std::string value(std::uniform_int_distribution<size_t>(
                          0, random_() % 16 == 0 ? 200000 : 4000)(random_),
                      ' ');
    for (char& c : value) c = static_cast<char>(letter(random_));
    const std::string key =
        NumberKey(std::uniform_int_distribution<uint64_t>(1, 400)(random_));
    StoreBatch batch(*store_);
    for (const Family family :
         {Family::kNames, Family::kBodies, Family::kAlerts}) {
      batch.Put(family, key, value);
    }
    const absl::Status written = store_->Write(batch, /*sync=*/true);
    if (written.ok()) acked_[key] = value;
    return written;
  }
  absl::Status WriteUntilFull() {
    for (int i = 0; i < 100000; ++i) {
      const absl::Status written = WriteRow();
      if (!written.ok()) return written;
    }
    return absl::OkStatus();
  }

  // What was acked is there; nothing else is.
  void ExpectRows() const {
    for (const Family family :
         {Family::kNames, Family::kBodies, Family::kAlerts}) {
      size_t rows = 0, wrong = 0;
      const absl::Status read =
          store_->Scan(family, "", "", /*reverse=*/false,
                       [&](absl::string_view key, absl::string_view value) {
                         const auto it = acked_.find(std::string(key));
                         wrong += it == acked_.end() || it->second != value;
                         ++rows;
                         return true;
                       });
      EXPECT_TRUE(read.ok()) << read;
      EXPECT_EQ(rows, acked_.size());
      EXPECT_EQ(wrong, 0u);
    }
  }

  SmallDisk disk_;
  std::unique_ptr<Store> store_;
  std::map<std::string, std::string> acked_;
  std::minstd_rand random_;
  uint64_t seed_ = 0;
};

TEST_F(FullDiskTest, RefusesReadsOnAndResumes) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  ASSERT_TRUE(Open().ok());
  absl::Duration slowest;
  for (int cycle = 0; cycle < 4; ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle));
    disk_.SetFree(std::uniform_int_distribution<uint64_t>(0, 6 << 20)(random_));
    const absl::Status full = WriteUntilFull();
    ASSERT_EQ(full.code(), absl::StatusCode::kResourceExhausted) << full;
    EXPECT_TRUE(store_->Health().ok());
    ExpectRows();
    // What compaction needs comes in later; this is room for some logs.
    disk_.SetFree(24 << 20);
    const absl::Time began = absl::Now();
    while (!WriteRow().ok() && absl::Now() < began + 3 * kResumesWithin) {
    }
    slowest = std::max(slowest, absl::Now() - began);
    for (int i = 0; i < 20; ++i) {
      const absl::Status written = WriteRow();
      ASSERT_TRUE(written.ok()) << written;
    }
    ExpectRows();
    if (cycle % 2 == 0) continue;
    // Closed, and opened again, on a disk that is full.
    disk_.SetFree(0);
    WriteUntilFull().IgnoreError();
    store_.reset();
    disk_.SetFree(random_() % (2 << 20));
    const absl::Status opened = Open();
    if (!opened.ok()) {
      EXPECT_EQ(opened.code(), absl::StatusCode::kResourceExhausted) << opened;
      disk_.SetFree(24 << 20);
      ASSERT_TRUE(Open().ok());
    }
    ExpectRows();
    disk_.SetFree(24 << 20);
  }
  EXPECT_LE(slowest, kResumesWithin);
  RecordProperty("slowest_resume_ms",
                 static_cast<int>(absl::ToInt64Milliseconds(slowest)));
}

// While RocksDB tries in vain to make good what it gave up, and now and then
// gets a little further: it once forgot a flush then, and waited for it.
TEST_F(FullDiskTest, ResumesAndClosesHoweverOftenItTriedInVain) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  ASSERT_TRUE(Open().ok());
  for (int cycle = 0; cycle < 3; ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle));
    disk_.SetFree(24 << 20);
    for (int i = 0; i < 30; ++i) {
      const absl::Time began = absl::Now();
      while (!WriteRow().ok() && absl::Now() < began + kResumesWithin) {
      }
    }
    for (int i = 0; i < 3; ++i) {
      disk_.SetFree(
          std::uniform_int_distribution<uint64_t>(0, 1 << 20)(random_));
      for (int rows = 0; rows < 400 && WriteRow().ok(); ++rows) {
      }
    }
    ExpectRows();
    const absl::Time began = absl::Now();
    store_.reset();
    EXPECT_LE(absl::Now() - began, kClosesWithin);
    disk_.SetFree(24 << 20);
    const absl::Status opened = Open();
    ASSERT_TRUE(opened.ok()) << opened;
    ExpectRows();
  }
}

}  // namespace
}  // namespace tocsin
