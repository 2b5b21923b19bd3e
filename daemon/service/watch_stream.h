// One call of WatchAlerts: a cursor with one response in flight.
//
// At any time it is doing one of these, and whoever holds that state is the
// only one that touches the cursor:
//   pumping  a thread of the hub reads the log and starts a write, or will
//   writing  gRPC has a response; OnWriteDone() has it pumped again
//   waiting  everything was read; the hub's Wake() pumps again
//   ended    Finish() was called
// So a slow reader costs its own cursor and nobody anything.
#ifndef TOCSIN_SERVICE_WATCH_STREAM_H_
#define TOCSIN_SERVICE_WATCH_STREAM_H_

#include <chrono>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "grpcpp/grpcpp.h"
#include "service/watch_cursor.h"
#include "service/watch_hub.h"

namespace tocsin {

class WatchStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  // The hub is not owned and must outlive the call. `on_done` is called once,
  // as the last thing.
  static std::shared_ptr<WatchStream> Start(WatchHub& hub, WatchCursor cursor,
                                            std::function<void()> on_done);

  // For the hub, once for each Wait().
  void Wake();
  // For the hub, once for each Continue(). Reads on, until there is something
  // to write or nothing to read.
  void Pump();

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  enum class State { kPumping, kWriting, kWaiting, kEnded };

  WatchStream(WatchHub& hub, WatchCursor cursor, std::function<void()> on_done);

  void Write(std::shared_ptr<const WatchBatch> batch);
  void End(const absl::Status& status);

  WatchHub& hub_;
  const std::function<void()> on_done_;
  std::shared_ptr<WatchStream> self_;  // Until OnDone().

  // Of whoever is pumping.
  WatchCursor cursor_;
  std::shared_ptr<const WatchBatch> writing_;
  std::chrono::steady_clock::time_point last_write_;

  Mutex mu_;
  State state_ ABSL_GUARDED_BY(mu_) = State::kPumping;
  bool cancelled_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_WATCH_STREAM_H_
