#include "service/watch_hub.h"

#include <chrono>
#include <utility>

#include "service/watch_stream.h"

namespace tocsin {

WatchHub::WatchHub(AlertFeed& feed) : feed_(feed), thread_([this] { Run(); }) {}

WatchHub::~WatchHub() {
  {
    MutexLock lock(mu_);
    closing_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

void WatchHub::Wait(std::shared_ptr<WatchStream> stream, uint64_t position) {
  bool wake = false;
  {
    MutexLock lock(mu_);
    waiting_.push_back({std::move(stream), position});
    // The log may have grown between the stream's last read and now.
    if (draining_ || feed_.last_sequence() > position) {
      grown_ = true;
      wake = true;
    }
  }
  if (wake) changed_.NotifyAll();
}

void WatchHub::Drain() {
  {
    MutexLock lock(mu_);
    draining_ = true;
    grown_ = true;
  }
  changed_.NotifyAll();
}

bool WatchHub::draining() const {
  MutexLock lock(mu_);
  return draining_;
}

void WatchHub::Run() {
  uint64_t seen = feed_.last_sequence();
  auto grow = [this] {
    {
      MutexLock lock(mu_);
      grown_ = true;
    }
    changed_.NotifyAll();
  };
  AlertFeed::Handle handle = feed_.CallWhenPast(seen, grow);
  while (true) {
    std::vector<Waiter> woken;
    bool grown = false;
    {
      MutexLock lock(mu_);
      const auto tick =
          std::chrono::steady_clock::now() + std::chrono::seconds(1);
      while (!grown_ && !closing_) {
        const auto left = tick - std::chrono::steady_clock::now();
        if (left <= std::chrono::nanoseconds(0)) break;
        changed_.WaitFor(mu_, left);
      }
      if (closing_) break;
      grown = std::exchange(grown_, false);
      woken.swap(waiting_);
    }
    if (grown) {
      // Watch for the next growth before anybody reads: none goes unseen.
      feed_.Cancel(handle);
      seen = feed_.last_sequence();
      handle = feed_.CallWhenPast(seen, grow);
    }
    for (Waiter& waiter : woken) waiter.stream->Wake();
  }
  feed_.Cancel(handle);
}

}  // namespace tocsin
