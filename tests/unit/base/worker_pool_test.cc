#include "base/worker_pool.h"

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

TEST(WorkerPool, StartsInOrderAndUrgentFirst) {
  std::vector<int> order;
  std::promise<void> go;
  {
    WorkerPool pool(1);
    pool.Add([&] { go.get_future().wait(); });
    pool.Add([&] { order.push_back(1); });
    pool.Add([&] { order.push_back(2); });
    pool.AddUrgent([&] { order.push_back(0); });
    go.set_value();
  }
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

}  // namespace
}  // namespace tocsin
