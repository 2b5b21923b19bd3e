#include "base/worker_pool.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <vector>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(WorkerPool, RunsEverythingBeforeItEnds) {
  std::atomic<int> count{0};
  {
    WorkerPool pool(3);
    for (int i = 0; i < 1000; ++i) {
      pool.Add([&] {
        ++count;
        pool.Add([&] { ++count; });
      });
    }
  }
  EXPECT_EQ(count, 2000);
}

TEST(WorkerPool, StartsInOrder) {
  std::vector<int> order;
  std::promise<void> go;
  {
    WorkerPool pool(1);
    pool.Add([&] { go.get_future().wait(); });
    pool.Add([&] { order.push_back(1); });
    pool.Add([&] { order.push_back(2); });
    go.set_value();
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(WorkerPool, LetsOthersGoFirst) {
  const auto niceness = [](pid_t thread) {
    return getpriority(PRIO_PROCESS, static_cast<id_t>(thread));
  };
  std::promise<int> of_pool;
  WorkerPool pool(1, 3);
  pool.Add([&] { of_pool.set_value(niceness(gettid())); });
  EXPECT_EQ(of_pool.get_future().get(), std::min(niceness(getpid()) + 3, 19));
  EXPECT_EQ(niceness(gettid()), niceness(getpid()));
}

}  // namespace
}  // namespace tocsin
