// A reader's place in the alert log and the batches that come after it. What a
// watcher is, without the network.
//
// Not thread-safe: one thread at a time.
#ifndef TOCSIN_SERVICE_WATCH_CURSOR_H_
#define TOCSIN_SERVICE_WATCH_CURSOR_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/alert_feed.h"
#include "service/watch_batches.h"
#include "storage/store.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {

// The sequence after which to begin; that of the last alert if nothing is set.
// INVALID_ARGUMENT, naming `field`, for what is no position;
// OUT_OF_RANGE, with a PositionLost, for one that the log does not have.
absl::StatusOr<uint64_t> ResolveStart(absl::string_view field,
                                      const v1::StartPosition& start,
                                      const AlertFeed& feed,
                                      const Store& store);

class WatchCursor {
 public:
  // The batches are not owned.
  WatchCursor(WatchBatches& batches,
              std::shared_ptr<const WatchSelection> selection, uint64_t after);

  // The next batch; the cursor is then after it.
  absl::StatusOr<std::shared_ptr<const WatchBatch>> Next();

  // A response without alerts.
  std::shared_ptr<const WatchBatch> ProgressMark() const;

  // Everything up to here was looked at.
  uint64_t position() const { return position_; }

 private:
  WatchBatches& batches_;
  std::shared_ptr<const WatchSelection> selection_;
  uint64_t position_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_WATCH_CURSOR_H_
