// Calls a function at a steady pace: how time gets into the parts below.
#ifndef TOCSIN_APP_TICKER_H_
#define TOCSIN_APP_TICKER_H_

#include <functional>
#include <thread>

#include "absl/time/time.h"
#include "base/mutex.h"

namespace tocsin {

// From its making to its end, the first time at once, on a thread of its own.
class Ticker {
 public:
  Ticker(absl::Duration period, std::function<void()> tick);
  ~Ticker();

  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run();

  const absl::Duration period_;
  const std::function<void()> tick_;
  Mutex mu_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace tocsin

#endif  // TOCSIN_APP_TICKER_H_
