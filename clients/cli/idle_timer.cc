#include "cli/idle_timer.h"

#include <utility>

#include "absl/time/clock.h"

namespace tocsin::cli {

IdleTimer::IdleTimer(absl::Duration time, std::function<void()> expired)
    : time_(time),
      on_expired_(std::move(expired)),
      deadline_(absl::Now() + time) {
  if (time_ != absl::InfiniteDuration()) {
    thread_ = std::thread([this] { Run(); });
  }
}

IdleTimer::~IdleTimer() {
  {
    std::lock_guard<std::mutex> lock(mu_);
    ended_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void IdleTimer::Restart() {
  std::lock_guard<std::mutex> lock(mu_);
  deadline_ = absl::Now() + time_;
}

bool IdleTimer::Expired() const {
  std::lock_guard<std::mutex> lock(mu_);
  return expired_;
}

void IdleTimer::Run() {
  std::unique_lock<std::mutex> lock(mu_);
  while (!ended_) {
    const absl::Duration left = deadline_ - absl::Now();
    if (left <= absl::ZeroDuration()) {
      expired_ = true;
      on_expired_();
      return;
    }
    changed_.wait_for(lock, absl::ToChronoNanoseconds(left));
  }
}

}  // namespace tocsin::cli
