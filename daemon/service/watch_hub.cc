#include "service/watch_hub.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "service/watch_stream.h"

namespace tocsin {
namespace {

using Clock = std::chrono::steady_clock;

// How often the log is said to have grown. While articles come one by one, each
// would cost every watcher a message, and messages cost more than articles.
constexpr std::chrono::milliseconds kPace{1};

int PumpThreads() {
  return static_cast<int>(
      std::clamp(std::thread::hardware_concurrency() / 2, 2u, 16u));
}

}  // namespace

WatchHub::WatchHub(AlertFeed& feed)
    : feed_(feed), pumps_(PumpThreads()), thread_([this] { Run(); }) {}

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

void WatchHub::Continue(std::shared_ptr<WatchStream> stream) {
  pumps_.Add([stream = std::move(stream)] { stream->Pump(); });
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
      const auto tick = Clock::now() + std::chrono::seconds(1);
      while (!grown_ && !closing_) {
        const auto left = tick - Clock::now();
        if (left <= std::chrono::nanoseconds(0)) break;
        changed_.WaitFor(mu_, left);
      }
      if (closing_) break;
      grown = std::exchange(grown_, false);
      woken.swap(waiting_);
    }
    const auto began = Clock::now();
    if (grown) {
      // Watch for the next growth before anybody reads: none goes unseen.
      feed_.Cancel(handle);
      seen = feed_.last_sequence();
      handle = feed_.CallWhenPast(seen, grow);
    }
    for (Waiter& waiter : woken) waiter.stream->Wake();
    woken.clear();
    std::this_thread::sleep_until(began + kPace);
  }
  feed_.Cancel(handle);
}

}  // namespace tocsin
