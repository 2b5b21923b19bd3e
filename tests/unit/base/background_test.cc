#include "base/background.h"

#include <sys/resource.h>

#include <thread>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

int Niceness() { return getpriority(PRIO_PROCESS, 0); }  // Of this thread.

TEST(Background, LowersOneThreadAndThoseItStarts) {
  const int before = Niceness();
  int inside = before, child = before;
  RunInBackground([&] {
    inside = Niceness();
    std::thread([&] { child = Niceness(); }).join();
  });
  // Of at most 19, which the whole test may have already.
  EXPECT_TRUE(inside > before || before >= 15);
  EXPECT_EQ(child, inside);
  EXPECT_EQ(Niceness(), before);
}

}  // namespace
}  // namespace tocsin
