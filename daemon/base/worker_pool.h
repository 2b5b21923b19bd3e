// A fixed number of threads that run short tasks.
//
// Thread-safe. Tasks start in the order they were added. A task may add tasks;
// it must not wait for one.
#ifndef TOCSIN_BASE_WORKER_POOL_H_
#define TOCSIN_BASE_WORKER_POOL_H_

#include <deque>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "base/mutex.h"

namespace tocsin {

class WorkerPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  // Others go before the threads so much (base/background.h).
  explicit WorkerPool(int threads, int niceness = 0);
  // Runs everything that was added, by tasks too, then ends the threads.
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void Add(Task task);

 private:
  void Work();

  const int niceness_;

  Mutex mu_;
  CondVar added_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mu_);
  int idle_ ABSL_GUARDED_BY(mu_) = 0;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;  // Last: they use what stands above.
};

}  // namespace tocsin

#endif  // TOCSIN_BASE_WORKER_POOL_H_
