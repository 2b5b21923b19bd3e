#include "app/ticker.h"

#include <chrono>

#include "app/clock.h"

namespace tocsin {

Ticker::Ticker(Sequencer& sequencer)
    : sequencer_(sequencer), thread_([this] { Run(); }) {}

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
    // A refused tick needs no answer: the next start brings its own.
    sequencer_.Submit(TickCommand{WallClock()}, [](const CommandResult&) {});
    const auto next =
        std::chrono::steady_clock::now() + std::chrono::seconds(1);
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
