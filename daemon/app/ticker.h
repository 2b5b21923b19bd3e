// Tells the sequencer the time, once a second.
#ifndef TOCSIN_APP_TICKER_H_
#define TOCSIN_APP_TICKER_H_

#include <thread>

#include "base/mutex.h"
#include "pipeline/sequencer.h"

namespace tocsin {

// Ticks from its making to its end. The sequencer is not owned.
class Ticker {
 public:
  explicit Ticker(Sequencer& sequencer);
  ~Ticker();

  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run();

  Sequencer& sequencer_;
  Mutex mu_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace tocsin

#endif  // TOCSIN_APP_TICKER_H_
