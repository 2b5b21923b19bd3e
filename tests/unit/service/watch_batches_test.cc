#include "service/watch_batches.h"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/convert_alert.h"
#include "service/wire.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

// A feed that is filled by hand.
class WatchBatchesTest : public testing::Test {
 protected:
  WatchBatchesTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = testing::TempDir() + "/watch_batches_" + test->name();
    std::filesystem::remove_all(directory_);
    StoreOptions options;
    options.directory = directory_;
    store_ = Store::Open(options).value();
    feed_ = AlertFeed::Create(AlertFeed::Options(), *store_,
                              MakeAlertEncoder(store_->epoch()))
                .value();
    batches_ = std::make_unique<WatchBatches>(*feed_, 64 << 10);
  }
  ~WatchBatchesTest() override {
    feed_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  // `urgency(sequence)` of each.
  template <typename Urgency>
  void Publish(uint64_t count, Urgency urgency, size_t headline_bytes = 10) {
    std::vector<AlertRecord> records(count);
    for (AlertRecord& record : records) {
      record.set_sequence(++last_);
      record.set_urgency(urgency(last_));
      record.set_headline(std::string(headline_bytes, 'x'));
    }
    feed_->Publish(std::move(records));
  }
  void Publish(uint64_t count) {
    Publish(count, [](uint64_t) { return 5; });
  }

  static v1::WatchAlertsResponse Parse(const WatchBatch& batch) {
    v1::WatchAlertsResponse response;
    EXPECT_TRUE(ParseMessage(batch.response, response).ok());
    EXPECT_EQ(response.sequence(), batch.end);
    EXPECT_EQ(static_cast<size_t>(response.alerts_size()), batch.alert_count);
    return response;
  }

  std::string directory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<AlertFeed> feed_;
  std::unique_ptr<WatchBatches> batches_;
  uint64_t last_ = 0;
};

TEST_F(WatchBatchesTest, ReadersAtOnePlaceShareABatch) {
  Publish(200);
  const auto one = batches_->Select("urgency <= 9").value();
  const auto two = batches_->Select("urgency <= 9").value();
  const auto other = batches_->Select("urgency <= 8").value();
  EXPECT_EQ(one, two);
  const auto batch = batches_->Next(one, 7).value();
  EXPECT_EQ(batches_->Next(two, 7).value(), batch);
  EXPECT_NE(batches_->Next(other, 7).value(), batch);
  EXPECT_NE(batches_->Next(one, 8).value(), batch);
}

TEST_F(WatchBatchesTest, ReadersOfEveryAlertMeetWhereverTheyBegan) {
  Publish(200);
  const auto all = batches_->Select("").value();
  EXPECT_EQ(batches_->Next(all, 0).value()->end, 64);
  EXPECT_EQ(batches_->Next(all, 50).value()->end, 64);
  EXPECT_EQ(batches_->Next(all, 64).value()->end, 128);
}

TEST_F(WatchBatchesTest, ABatchThatEndedWithTheLogIsNotKeptShort) {
  const auto reader = batches_->Select("").value();
  const auto another = batches_->Select("").value();
  Publish(3);
  EXPECT_EQ(batches_->Next(reader, 0).value()->end, 3);
  EXPECT_TRUE(batches_->Next(reader, 0).value()->at_end);
  Publish(2);
  EXPECT_EQ(batches_->Next(another, 0).value()->end, 5);
}

TEST_F(WatchBatchesTest, AWrongFilterIsAnError) {
  const auto selection = batches_->Select("urgency <= AND");
  EXPECT_EQ(selection.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(WatchBatchesTest, LargeAlertsMakeSmallBatches) {
  Publish(
      40, [](uint64_t) { return 5; }, 300'000);
  const auto all = batches_->Select("").value();
  uint64_t at = 0;
  while (at < last_) {
    const auto batch = batches_->Next(all, at).value();
    EXPECT_LE(batch->response.Length(), 1'100'000);
    EXPECT_GT(batch->alert_count, 0);
    at = batch->end;
  }
}

// The slow twin is the filter itself, applied to one alert after the other.
TEST_F(WatchBatchesTest, EveryReaderGetsWhatMatchesOnceInOrder) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  struct Reader {
    int urgency;
    std::shared_ptr<const WatchSelection> selection;
    uint64_t began;
    uint64_t at;
    std::vector<uint64_t> seen;
  };
  std::vector<int> urgencies = {0};  // By sequence.
  std::vector<Reader> readers;
  for (int round = 0; round < 300; ++round) {
    Publish(random() % 40, [&](uint64_t) {
      return urgencies.emplace_back(1 + static_cast<int>(random() % 9));
    });
    for (int i = 0; i < 3; ++i) {
      if (readers.size() < 60) {
        const int urgency = 1 + static_cast<int>(random() % 10);
        const std::string filter =
            urgency == 10 ? "" : absl::StrCat("urgency <= ", urgency);
        const uint64_t began = random() % (last_ + 1);
        readers.push_back(
            {urgency, batches_->Select(filter).value(), began, began, {}});
      }
      Reader& reader = readers[random() % readers.size()];
      const auto batch = batches_->Next(reader.selection, reader.at).value();
      const v1::WatchAlertsResponse response = Parse(*batch);
      for (const v1::Alert& alert : response.alerts()) {
        reader.seen.push_back(alert.sequence());
      }
      ASSERT_GE(batch->end, reader.at);
      ASSERT_TRUE(batch->end > reader.at || batch->at_end);
      ASSERT_LE(batch->alert_count, kMaxAlertsPerMessage);
      reader.at = batch->end;
    }
  }
  for (const Reader& reader : readers) {
    std::vector<uint64_t> expected;
    for (uint64_t s = reader.began + 1; s <= reader.at; ++s) {
      if (urgencies[s] <= reader.urgency) expected.push_back(s);
    }
    EXPECT_EQ(reader.seen, expected) << "urgency <= " << reader.urgency;
  }
}

}  // namespace
}  // namespace tocsin
