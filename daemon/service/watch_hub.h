// Wakes the watchers that have read everything: when the log has grown, and
// once a second, so that they can mark their progress.
//
// One thread for all of them. A watcher costs its cursor and a place in a list;
// the sequencer only ever signals this thread. Thread-safe.
#ifndef TOCSIN_SERVICE_WATCH_HUB_H_
#define TOCSIN_SERVICE_WATCH_HUB_H_

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "pipeline/alert_feed.h"

namespace tocsin {

class WatchStream;

class WatchHub {
 public:
  // The feed is not owned and must outlive the hub.
  explicit WatchHub(AlertFeed& feed);
  // Ends the thread; nobody may be waiting any more.
  ~WatchHub();

  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Calls stream->Wake() once: when the log has gone past `position`, within
  // about a second at the latest. After Drain() at once, always.
  void Wait(std::shared_ptr<WatchStream> stream, uint64_t position);

  // Wakes everybody and tells them to end.
  void Drain();
  bool draining() const;

 private:
  struct Waiter {
    std::shared_ptr<WatchStream> stream;
    uint64_t position;
  };

  void Run();

  AlertFeed& feed_;

  mutable Mutex mu_;
  CondVar changed_;
  std::vector<Waiter> waiting_ ABSL_GUARDED_BY(mu_);
  bool grown_ ABSL_GUARDED_BY(mu_) = false;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_WATCH_HUB_H_
