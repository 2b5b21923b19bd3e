#include "base/failpoint.h"

#include <signal.h>

#include <cstdlib>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

// The variable is read once a process, so each test that sets it is a process
// of its own: a death test that ends with what it saw.
class FailpointDeathTest : public testing::Test {
 protected:
  FailpointDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST(FailpointTest, DoesNothingUnlessToldTo) {
  EXPECT_TRUE(HitFailpoint("nobody.set.this").ok());
  EXPECT_FALSE(IsBroken("nobody.set.this"));
}

TEST_F(FailpointDeathTest, FailsAtItsHit) {
  const auto fails_at = [] {
    setenv("TOCSIN_FAILPOINTS", "other=kill@9,a.b=error@3", 1);
    for (int hit = 1; hit < 10; ++hit) {
      if (!HitFailpoint("a.b").ok()) std::exit(hit);
    }
  };
  EXPECT_EXIT(fails_at(), testing::ExitedWithCode(3), "");
}

TEST_F(FailpointDeathTest, SaysThatTheDiskIsFull) {
  const auto is_full = [] {
    setenv("TOCSIN_FAILPOINTS", "a.b=full@1", 1);
    std::exit(absl::IsResourceExhausted(HitFailpoint("a.b")) ? 7 : 0);
  };
  EXPECT_EXIT(is_full(), testing::ExitedWithCode(7), "failpoint a.b");
}

TEST_F(FailpointDeathTest, KillsAtItsHit) {
  const auto kills = [] {
    setenv("TOCSIN_FAILPOINTS", "a.b=kill@2", 1);
    (void)HitFailpoint("a.b");
    (void)HitFailpoint("a.b");
  };
  EXPECT_EXIT(kills(), testing::KilledBySignal(SIGKILL), "");
}

TEST_F(FailpointDeathTest, BreaksEverySoManyHits) {
  const auto breaks = [] {
    setenv("TOCSIN_FAILPOINTS", "a.b=break@3", 1);
    int broken = 0;
    for (int hit = 1; hit <= 10; ++hit) broken += IsBroken("a.b");
    if (!HitFailpoint("a.b").ok()) broken = 99;
    std::exit(broken);
  };
  EXPECT_EXIT(breaks(), testing::ExitedWithCode(3), "");
}

TEST_F(FailpointDeathTest, EndsOnWhatItCannotRead) {
  for (const char* text : {"a.b", "a.b=kill", "a.b=kill@0", "a.b=stop@1"}) {
    const auto reads = [text] {
      setenv("TOCSIN_FAILPOINTS", text, 1);
      (void)HitFailpoint("a.b");
    };
    EXPECT_DEATH(reads(), "is not NAME=ACTION@COUNT") << text;
  }
}

}  // namespace
}  // namespace tocsin
