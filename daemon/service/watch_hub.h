// The threads that watchers are served on. One wakes those that have read
// everything: when the log has grown, and once a second, so that they can mark
// their progress. Others go on with those that have more to read.
//
// A watcher costs its cursor and a place in a list; the sequencer only ever
// signals a thread. gRPC's own threads do none of this work: they look for what
// comes in only when they have nothing else to do, so watchers that always have
// more to read would keep queries and articles waiting. Thread-safe.
#ifndef TOCSIN_SERVICE_WATCH_HUB_H_
#define TOCSIN_SERVICE_WATCH_HUB_H_

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/worker_pool.h"
#include "pipeline/alert_feed.h"

namespace tocsin {

class WatchStream;

class WatchHub {
 public:
  // The feed is not owned and must outlive the hub.
  explicit WatchHub(AlertFeed& feed);
  // Ends the threads; nobody may be waiting any more.
  ~WatchHub();

  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Calls stream->Wake() once: when the log has gone past `position`, within
  // about a second at the latest. After Drain() at once, always.
  void Wait(std::shared_ptr<WatchStream> stream, uint64_t position);

  // Calls stream->Pump() once, soon.
  void Continue(std::shared_ptr<WatchStream> stream);

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
  WorkerPool pumps_;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_WATCH_HUB_H_
