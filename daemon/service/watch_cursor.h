// A reader's place in the alert log: turns what comes after it into responses
// of WatchAlerts. What a watcher is, without the network.
//
// Not thread-safe: one thread at a time.
#ifndef TOCSIN_SERVICE_WATCH_CURSOR_H_
#define TOCSIN_SERVICE_WATCH_CURSOR_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "filter/filter.h"
#include "grpcpp/support/byte_buffer.h"
#include "pipeline/alert_feed.h"
#include "storage/store.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {

inline constexpr size_t kMaxAlertsPerMessage = 64;

// The sequence after which to begin. INVALID_ARGUMENT for what is no position;
// OUT_OF_RANGE, with a PositionLost, for one that the log does not have.
absl::StatusOr<uint64_t> ResolveStart(const v1::WatchAlertsRequest& request,
                                      const AlertFeed& feed,
                                      const Store& store);

class WatchCursor {
 public:
  // The feed is not owned.
  WatchCursor(const AlertFeed& feed, std::shared_ptr<const Filter> filter,
              uint64_t after);

  struct Step {
    // Alerts that match, and the position after all that was looked at.
    grpc::ByteBuffer response;
    size_t alert_count = 0;
    // The log ends here.
    bool at_end = false;
  };

  // Looks at the next alerts, a bounded number of them: there may be more even
  // if none matched.
  absl::StatusOr<Step> Next();

  // A response without alerts.
  grpc::ByteBuffer ProgressMark() const;

  // Everything up to here was looked at.
  uint64_t position() const { return position_; }

 private:
  bool Matches(const AlertRecord& record) const;
  // Ends a response: position and token.
  void AppendPosition(std::string& response) const;

  const AlertFeed& feed_;
  const std::shared_ptr<const Filter> filter_;  // Null: every alert.
  uint64_t position_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_WATCH_CURSOR_H_
