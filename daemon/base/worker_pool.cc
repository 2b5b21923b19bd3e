#include "base/worker_pool.h"

#include <utility>

#include "base/background.h"

namespace tocsin {

WorkerPool::WorkerPool(int threads, int niceness) : niceness_(niceness) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerPool::~WorkerPool() {
  {
    MutexLock lock(mu_);
    closing_ = true;
  }
  added_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Add(Task task) {
  bool wake;
  {
    MutexLock lock(mu_);
    tasks_.push_back(std::move(task));
    wake = idle_ > 0;
  }
  if (wake) added_.NotifyOne();
}

void WorkerPool::Work() {
  if (niceness_ > 0) LetOthersGoFirst(niceness_);
  while (true) {
    Task task;
    {
      MutexLock lock(mu_);
      while (tasks_.empty()) {
        if (closing_) return;
        ++idle_;
        added_.Wait(mu_);
        --idle_;
      }
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace tocsin
