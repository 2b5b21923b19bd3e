#include "cli/quiet_digest.h"

#include <vector>

#include "cli/time_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::Time At(int minute) { return absl::UnixEpoch() + absl::Minutes(minute); }

v1::Alert AlertOf(uint64_t sequence, int quiet_until) {
  v1::Alert alert;
  alert.set_sequence(sequence);
  if (quiet_until > 0) {
    *alert.mutable_quiet_until() = ToTimestamp(At(quiet_until));
  }
  return alert;
}

std::vector<uint64_t> Sequences(const std::vector<v1::Alert>& alerts) {
  std::vector<uint64_t> sequences;
  for (const v1::Alert& alert : alerts) sequences.push_back(alert.sequence());
  return sequences;
}

TEST(QuietDigest, HoldsUntilTheQuietHoursEnd) {
  QuietDigest digest;
  EXPECT_FALSE(digest.Hold(AlertOf(1, 0), "t0", At(10)));
  EXPECT_FALSE(digest.Hold(AlertOf(2, 10), "t1", At(10)));
  EXPECT_TRUE(digest.Hold(AlertOf(3, 60), "t2", At(10)));
  EXPECT_TRUE(digest.Hold(AlertOf(4, 30), "t3", At(10)));
  EXPECT_TRUE(digest.Hold(AlertOf(5, 60), "t4", At(10)));
  EXPECT_THAT(Sequences(digest.TakeDue(At(29))), IsEmpty());
  EXPECT_THAT(Sequences(digest.TakeDue(At(30))), ElementsAre(4));
  EXPECT_THAT(Sequences(digest.TakeDue(At(60))), ElementsAre(3, 5));
  EXPECT_TRUE(digest.empty());
}

TEST(QuietDigest, ItsPlaceIsBeforeWhatIsHeldFirst) {
  QuietDigest digest;
  EXPECT_EQ(digest.Place("latest"), "latest");
  digest.Hold(AlertOf(3, 60), "t2", At(0));
  digest.Hold(AlertOf(4, 30), "t3", At(0));
  EXPECT_EQ(digest.Place("latest"), "t2");
  digest.TakeDue(At(30));
  EXPECT_EQ(digest.Place("latest"), "t2");
  EXPECT_THAT(Sequences(digest.TakeDue(absl::InfiniteFuture())),
              ElementsAre(3));
  EXPECT_EQ(digest.Place("latest"), "latest");
}

}  // namespace
}  // namespace tocsin::cli
