// Subscriptions on a disk that is full: no call waits for space for long.
//
// The disk is a tmpfs, which takes root to mount: without it this is skipped.
#include <memory>
#include <string>

#include "../small_disk.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/alert_feed.h"
#include "pipeline/subscription_book.h"
#include "storage/store.h"

namespace tocsin {
namespace {

constexpr absl::Duration kResumesWithin = absl::Seconds(10);
// A write is tried for a second, and may wait for one that is under way.
constexpr absl::Duration kAnswersWithin = absl::Seconds(10);

absl::StatusOr<AlertMatcher> MatchAll(const std::string& /*filter*/) {
  return AlertMatcher([](const AlertRecord&) { return true; });
}

class SubscriptionFullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.mounted()) {
      GTEST_SKIP() << "cannot mount a tmpfs: " << disk_.why();
    }
    Open();
  }

  void Open() {
    StoreOptions options;
    options.directory = disk_.path() + "/data";
    options.reserve_bytes = 0;
    auto store = Store::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    auto feed = AlertFeed::Create(
        AlertFeed::Options(), *store_,
        [](const AlertRecord& record) { return record.SerializeAsString(); });
    ASSERT_TRUE(feed.ok()) << feed.status();
    feed_ = *std::move(feed);
    SubscriptionBook::Options book_options;
    book_options.compile = &MatchAll;
    auto book =
        SubscriptionBook::Create(std::move(book_options), *store_, *feed_);
    ASSERT_TRUE(book.ok()) << book.status();
    book_ = *std::move(book);
  }
  void Close() {
    book_.reset();
    feed_.reset();
    store_.reset();
  }

  // Until not even a small write finds room.
  void FillUp() {
    disk_.SetFree(0);
    for (const size_t bytes : {1 << 20, 100 << 10, 4 << 10, 1}) {
      absl::Status status;
      for (int i = 0; i < 1000 && status.ok(); ++i) {
        StoreBatch batch(*store_);
        batch.Put(Family::kNames, "filler", std::string(bytes, 'x'));
        status = store_->Write(batch, /*sync=*/true);
      }
      ASSERT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    }
  }

  absl::Status Add(const std::string& id) {
    SubscriptionRecord record;
    record.set_ack_deadline(10'000'000);
    record.set_max_outstanding(100);
    return book_->Add(id, record, 0).status();
  }

  SmallDisk disk_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<AlertFeed> feed_;
  std::unique_ptr<SubscriptionBook> book_;
};

// They once waited for space holding the lock that every change takes, so calls
// that change piled up on the threads that serve reads, and a daemon that was
// told to stop waited for those calls.
TEST_F(SubscriptionFullDiskTest, ChangesAreRefusedAndNothingWaitsWithoutEnd) {
  ASSERT_TRUE(Add("desk").ok());
  FillUp();
  const absl::Time began = absl::Now();
  // It moves in memory first, so its state has to be written one day.
  EXPECT_EQ(book_->Seek("desk", 5).status().code(),
            absl::StatusCode::kResourceExhausted);
  const absl::Time refused = absl::Now();
  EXPECT_EQ(Add("other").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(book_->Delete("desk", "").code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(book_->Seek("desk", 6).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_LE(refused - began, kAnswersWithin);
  EXPECT_LE(absl::Now() - refused, kAnswersWithin);
  EXPECT_EQ(book_->List("", 10).size(), 1u);
  EXPECT_EQ(book_->Get("desk")->settled_through, 5u);

  disk_.SetFree(8 << 20);
  const absl::Time resumed = absl::Now();
  while (!Add("other").ok() && absl::Now() < resumed + kResumesWithin) {
  }
  EXPECT_EQ(Add("other").code(), absl::StatusCode::kAlreadyExists);
  Close();
  Open();
  EXPECT_EQ(book_->List("", 10).size(), 2u);
  EXPECT_EQ(book_->Get("desk")->settled_through, 5u);
}

TEST_F(SubscriptionFullDiskTest, EndsOnAFullDisk) {
  ASSERT_TRUE(Add("desk").ok());
  FillUp();
  EXPECT_FALSE(book_->Seek("desk", 5).ok());
  const absl::Time began = absl::Now();
  Close();
  EXPECT_LE(absl::Now() - began, 2 * kAnswersWithin);
}

}  // namespace
}  // namespace tocsin
