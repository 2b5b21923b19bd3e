// Calls back when nothing happened for a while.
#ifndef TOCSIN_CLI_IDLE_TIMER_H_
#define TOCSIN_CLI_IDLE_TIMER_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace tocsin::cli {

// Thread-safe. An infinite time never expires.
class IdleTimer {
 public:
  // `expired` is called at most once, on another thread.
  IdleTimer(absl::Duration time, std::function<void()> expired);
  ~IdleTimer();
  IdleTimer(const IdleTimer&) = delete;
  IdleTimer& operator=(const IdleTimer&) = delete;

  void Restart();
  bool Expired() const;

 private:
  void Run();

  const absl::Duration time_;
  const std::function<void()> on_expired_;

  mutable std::mutex mu_;
  std::condition_variable changed_;
  absl::Time deadline_;  // Guarded by mu_, as are the following.
  bool expired_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_IDLE_TIMER_H_
