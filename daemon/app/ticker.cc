#include "app/ticker.h"

#include <chrono>
#include <utility>

namespace tocsin {

Ticker::Ticker(absl::Duration period, std::function<void()> tick)
    : period_(period), tick_(std::move(tick)), thread_([this] { Run(); }) {}

Ticker::~Ticker() {
  {
    MutexLock lock(mu_);
    stopping_ = true;
  }
  stop_.NotifyAll();
  thread_.join();
}

void Ticker::Run() {
  while (true) {
    tick_();
    const auto next =
        std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(period_);
    MutexLock lock(mu_);
    while (!stopping_) {
      const auto left = next - std::chrono::steady_clock::now();
      if (left <= std::chrono::nanoseconds(0)) break;
      stop_.WaitFor(mu_, left);
    }
    if (stopping_) return;
  }
}

}  // namespace tocsin
