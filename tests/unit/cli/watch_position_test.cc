#include "cli/watch_position.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "temp_dir.h"

namespace tocsin::cli {
namespace {

TEST(ParseStartTest, TellsTheFormsApart) {
  const absl::Time now = absl::FromUnixSeconds(1739959200);
  const absl::TimeZone utc = absl::UTCTimeZone();
  EXPECT_FALSE(ParseStart("now", now, utc).has_value());
  EXPECT_TRUE(ParseStart("oldest", now, utc)->has_oldest());
  EXPECT_EQ(ParseStart("17", now, utc)->after_sequence(), 17u);
  EXPECT_EQ(ParseStart("0", now, utc)->start_case(),
            v1::StartPosition::kAfterSequence);
  EXPECT_EQ(ParseStart("1h", now, utc)->time().seconds(), 1739959200 - 3600);
  EXPECT_EQ(ParseStart("2025-02-19", now, utc)->time().seconds(), 1739923200);
  for (const char* token : {"k3.1z.9q", "e2h.5.x", "opaque"}) {
    EXPECT_EQ(ParseStart(token, now, utc)->resume_token(), token);
  }
}

TEST(PositionFileTest, KeepsTheToken) {
  const TempDir dir;
  const PositionFile file(dir.File("place"));
  EXPECT_EQ(*file.Load(), "");
  ASSERT_TRUE(file.Save("k3.1z.9q").ok());
  EXPECT_EQ(*file.Load(), "k3.1z.9q");
  ASSERT_TRUE(file.Save("k3.2.7").ok());
  EXPECT_EQ(*file.Load(), "k3.2.7");
  EXPECT_FALSE(std::filesystem::exists(dir.File("place.next")));
}

TEST(PositionFileTest, RefusesOtherFiles) {
  const TempDir dir;
  const PositionFile text(dir.Write("notes", "these are my notes\n"));
  EXPECT_EQ(text.Load().status().code(), absl::StatusCode::kInvalidArgument);
  const PositionFile big(dir.Write("big", std::string(5000, 'x')));
  EXPECT_EQ(big.Load().status().code(), absl::StatusCode::kInvalidArgument);
  const PositionFile nowhere("/no/such/folder/place");
  EXPECT_EQ(nowhere.Save("t").code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tocsin::cli
