#include "storage/store.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/migration.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() {
    std::string path =
        (fs::temp_directory_path() / "tocsin-store-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) std::abort();
    root_ = path;
  }
  ~StoreTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  static absl::StatusOr<std::unique_ptr<Store>> Open(
      const std::string& directory, uint64_t reserve = 0) {
    StoreOptions options;
    options.directory = directory;
    options.new_epoch = "epoch-1";
    options.reserve_bytes = reserve;
    return Store::Open(options);
  }
  std::string In(absl::string_view name) const {
    return root_ + "/" + std::string(name);
  }
  // The error names the directory, so that an operator knows which it is.
  static void ExpectRefused(const std::string& directory, absl::StatusCode code,
                            absl::string_view says) {
    const auto store = Open(directory);
    EXPECT_EQ(store.status().code(), code) << store.status();
    EXPECT_THAT(std::string(store.status().message()), HasSubstr(directory));
    EXPECT_THAT(std::string(store.status().message()),
                HasSubstr(std::string(says)));
  }

  std::string root_;
};

TEST_F(StoreTest, WhatWasWrittenIsThereAfterReopening) {
  {
    auto store = Open(In("data"));
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ((*store)->epoch(), "epoch-1");
    StoreBatch batch(**store);
    batch.Put(Family::kNames, "b", "2");
    batch.Put(Family::kNames, "a", "1");
    batch.Put(Family::kNames, "c", "3");
    batch.Delete(Family::kNames, "c");
    EXPECT_EQ(batch.keys(), 4u);
    ASSERT_TRUE((*store)->Write(batch, /*sync=*/true).ok());
  }
  StoreOptions options;
  options.directory = In("data");
  options.new_epoch = "another";
  const auto store = Store::Open(options);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->epoch(), "epoch-1") << "the epoch stays";
  for (const bool reverse : {false, true}) {
    std::vector<std::string> rows;
    EXPECT_TRUE((*store)
                    ->Scan(Family::kNames, "", "", reverse,
                           [&](absl::string_view key, absl::string_view value) {
                             rows.push_back(std::string(key) + "=" +
                                            std::string(value));
                             return true;
                           })
                    .ok());
    if (reverse) std::reverse(rows.begin(), rows.end());
    EXPECT_THAT(rows, ElementsAre("a=1", "b=2"));
  }
  EXPECT_FALSE((*store)->Get(Family::kNames, "c")->has_value());
  EXPECT_GT((*store)->DiskBytes(), 0u);
}

TEST_F(StoreTest, ASnapshotDoesNotSeeWhatComesAfterIt) {
  const auto store = Open(In("data"));
  ASSERT_TRUE(store.ok());
  const Snapshot before = (*store)->GetSnapshot();
  StoreBatch batch(**store);
  batch.Put(Family::kNames, "a", "1");
  ASSERT_TRUE((*store)->Write(batch, /*sync=*/true).ok());
  EXPECT_FALSE(before.Get(Family::kNames, "a")->has_value());
  EXPECT_TRUE((*store)->GetSnapshot().Get(Family::kNames, "a")->has_value());
}

TEST_F(StoreTest, ASecondDaemonIsRefused) {
  const auto store = Open(In("data"));
  ASSERT_TRUE(store.ok());
  ExpectRefused(In("data"), absl::StatusCode::kFailedPrecondition,
                "another daemon");
}

TEST_F(StoreTest, AForeignDirectoryIsRefusedAndLeftAlone) {
  fs::create_directory(In("photos"));
  std::ofstream(In("photos/cat.jpg")) << "cat";
  ExpectRefused(In("photos"), absl::StatusCode::kFailedPrecondition, "cat.jpg");
  EXPECT_EQ(std::distance(fs::directory_iterator(In("photos")),
                          fs::directory_iterator()),
            1);
}

TEST_F(StoreTest, ANewerFormatIsRefused) {
  fs::create_directory(In("data"));
  std::ofstream(In("data/TOCSIN")) << "tocsin store, format 999\n";
  ExpectRefused(In("data"), absl::StatusCode::kFailedPrecondition, "999");
}

TEST_F(StoreTest, ADamagedMarkerIsRefused) {
  fs::create_directory(In("data"));
  std::ofstream(In("data/TOCSIN")) << "what?";
  ExpectRefused(In("data"), absl::StatusCode::kDataLoss, "TOCSIN");
}

TEST_F(StoreTest, ADatabaseThatVanishedIsNotTakenForAnEmptyOne) {
  ASSERT_TRUE(Open(In("data")).ok());
  fs::remove_all(In("data/db"));
  ExpectRefused(In("data"), absl::StatusCode::kDataLoss, "CURRENT");
}

TEST_F(StoreTest, AStoreThatACrashLeftHalfMadeIsMadeAnew) {
  fs::create_directory(In("data"));
  std::ofstream(In("data/TOCSIN.new")) << "";
  EXPECT_TRUE(Open(In("data")).ok());
  EXPECT_TRUE(Open(In("data")).ok());
}

TEST_F(StoreTest, AFileInItsPlaceOrAMissingParentIsRefused) {
  std::ofstream(In("file")) << "";
  ExpectRefused(In("file"), absl::StatusCode::kPermissionDenied, "file");
  ExpectRefused(In("no/such/parent"), absl::StatusCode::kPermissionDenied, "");
}

TEST_F(StoreTest, BelowTheReserveItSaysSo) {
  const auto store = Open(In("data"), /*reserve=*/UINT64_MAX);
  ASSERT_TRUE(store.ok());
  EXPECT_EQ((*store)->CheckSpace().code(),
            absl::StatusCode::kResourceExhausted);
  // A write waits a moment for room.
  StoreBatch batch(**store);
  batch.Put(Family::kNames, "a", "1");
  EXPECT_EQ((*store)->Write(batch, /*sync=*/true).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE((*store)->Get(Family::kNames, "a")->has_value());
  EXPECT_TRUE((*store)->Health().ok());
  const auto other = Open(In("other"), /*reserve=*/1);
  EXPECT_TRUE((*other)->CheckSpace().ok());
}

// What a crash leaves of a store: a copy of its files while it is open, with
// 50 rows in the log.
class CrashedStore : public StoreTest {
 protected:
  void SetUp() override {
    auto store = Open(In("data"));
    ASSERT_TRUE(store.ok());
    for (int i = 0; i < 50; ++i) {
      StoreBatch batch(**store);
      batch.Put(Family::kNames, std::to_string(i), std::string(500, 'x'));
      if (i == 49) fs::copy_file(In("data/HIGH-WATER"), In("before"));
      ASSERT_TRUE((*store)->Write(batch, /*sync=*/true).ok());
    }
    fs::copy(In("data"), In("copy"), fs::copy_options::recursive);
    for (const auto& entry : fs::directory_iterator(In("copy/db"))) {
      if (entry.path().extension() == ".log" && fs::file_size(entry) > 10'000) {
        log_ = entry.path().string();
      }
    }
    ASSERT_FALSE(log_.empty());
  }
  std::string log_;
};

TEST_F(CrashedStore, OpensWithEverythingThatWasSynced) {
  const auto store = Open(In("copy"));
  ASSERT_TRUE(store.ok()) << store.status();
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE((*store)->Get(Family::kNames, std::to_string(i))->has_value());
  }
}

TEST_F(CrashedStore, ATornTailIsWhatACrashLeaves) {
  // The last write was under way: neither complete nor acked.
  fs::resize_file(log_, fs::file_size(log_) - 100);
  fs::copy_file(In("before"), In("copy/HIGH-WATER"),
                fs::copy_options::overwrite_existing);
  const auto store = Open(In("copy"));
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_TRUE((*store)->Get(Family::kNames, "48")->has_value());
  EXPECT_FALSE((*store)->Get(Family::kNames, "49")->has_value());
}

TEST_F(CrashedStore, AFlippedBitInTheLogIsRefused) {
  std::fstream file(log_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(10'000);
  const char byte = static_cast<char>(file.get());
  file.seekp(10'000);
  file.put(static_cast<char>(byte ^ 1));
  file.close();
  const absl::Status refused = Open(In("copy")).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(log_)) << "by its name";
}

TEST_F(CrashedStore, WhatWasAckedAndIsGoneIsRefused) {
  struct Loss {
    const char* name;
    std::function<void()> take;
  };
  const Loss losses[] = {
      {"a cut log", [&] { fs::resize_file(log_, fs::file_size(log_) - 100); }},
      {"a deleted log", [&] { fs::remove(log_); }},
      {"a deleted high-water file", [&] { fs::remove(In("copy/HIGH-WATER")); }},
      {"another store's database",
       [&] {
         ASSERT_TRUE(Open(In("other")).ok());
         fs::remove_all(In("copy/db"));
         fs::copy(In("other/db"), In("copy/db"), fs::copy_options::recursive);
       }},
  };
  fs::rename(In("copy"), In("kept"));
  for (const Loss& loss : losses) {
    SCOPED_TRACE(loss.name);
    fs::remove_all(In("copy"));
    fs::copy(In("kept"), In("copy"), fs::copy_options::recursive);
    loss.take();
    ExpectRefused(In("copy"), absl::StatusCode::kDataLoss, "--restore");
    // Told to, it goes on with what is there, in another epoch.
    StoreOptions options;
    options.directory = In("copy");
    options.new_epoch = "epoch-2";
    options.accept_loss = true;
    {
      const auto store = Store::Open(options);
      ASSERT_TRUE(store.ok()) << store.status();
      EXPECT_EQ((*store)->epoch(), "epoch-2");
      EXPECT_EQ((*store)->ended_epochs().ended(0).id(), "epoch-1");
    }
    EXPECT_TRUE(Open(In("copy")).ok());
  }
}

TEST_F(CrashedStore, AnOlderFormatIsBroughtToTodays) {
  std::ofstream(In("copy/TOCSIN")) << "tocsin store, format 1\n";
  fs::remove(In("copy/HIGH-WATER"));
  for (int round = 0; round < 2; ++round) {
    const auto store = Open(In("copy"));
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_TRUE((*store)->Get(Family::kNames, "49")->has_value());
    EXPECT_EQ(**(*store)->Get(Family::kMeta, kFormatKey),
              std::to_string(kFormatVersion));
  }
  EXPECT_TRUE(fs::exists(In("copy/HIGH-WATER")));
}

TEST_F(StoreTest, MigrationTakesEachStepOnceInOrder) {
  const auto store = Open(In("data"));
  ASSERT_TRUE(store.ok());
  std::vector<int> taken;
  const auto step = [&](int from) {
    return Migration{from, [&taken, from](Store&) {
                       taken.push_back(from);
                       return absl::OkStatus();
                     }};
  };
  const std::vector<Migration> steps = {step(3), step(5), step(4)};
  const auto reached = [&](int format) {
    taken.push_back(-format);
    return absl::OkStatus();
  };
  EXPECT_TRUE(Migrate(**store, 3, 6, steps, reached).ok());
  EXPECT_THAT(taken, ElementsAre(3, -4, 4, -5, 5, -6));
  taken.clear();
  EXPECT_TRUE(Migrate(**store, 6, 6, steps, reached).ok());
  EXPECT_THAT(taken, ElementsAre());
  EXPECT_EQ(Migrate(**store, 2, 6, steps, reached).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace tocsin
