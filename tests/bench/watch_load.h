// Watchers by the thousand, as light as a client can be: they look at the
// bytes of a response only to count its alerts and to find its position.
#ifndef TOCSIN_TESTS_BENCH_WATCH_LOAD_H_
#define TOCSIN_TESTS_BENCH_WATCH_LOAD_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {

struct WatchTotals {
  uint64_t alerts = 0;
  uint64_t messages = 0;
  uint64_t bytes = 0;
};

// What a response carries.
struct ResponseFigures {
  uint64_t alerts = 0;
  uint64_t sequence = 0;
};
// Not thread-safe.
class WatchLoad {
 public:
  struct Options {
    std::string address;
    int watchers = 1;
    int connections = 1;  // The watchers are spread over them.
    // What watcher number `i` asks for.
    std::function<v1::WatchAlertsRequest(int i)> request;
    // They read one response and then nothing more, until the end.
    bool stall = false;
    // Called with every response of watcher number `i`, if set: by several
    // threads at once, but one at a time for each watcher.
    std::function<void(int i, const ResponseFigures& figures,
                       const grpc::ByteBuffer& response)>
        on_response;
  };

  // Starts the calls; they are cancelled when it is destroyed.
  static absl::StatusOr<std::unique_ptr<WatchLoad>> Start(Options options);
  ~WatchLoad();

  // Until every watcher has reached `sequence`. UNAVAILABLE if one of them
  // ended before.
  absl::Status WaitUntil(uint64_t sequence, absl::Duration timeout);
  // Until every watcher has a first response. To be called of those that stall.
  absl::Status WaitUntilConnected(absl::Duration timeout);

  WatchTotals totals() const;

 private:
  struct Impl;
  explicit WatchLoad(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

ResponseFigures FiguresOf(const grpc::ByteBuffer& response);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_WATCH_LOAD_H_
