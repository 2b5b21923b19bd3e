// What watchers are sent: the alerts after a position, in batches that are put
// together once and shared by all who stand at the same place with the same
// filter.
//
// A batch ends at fixed places of the log, wherever its first reader began, so
// that readers come to share batches soon and equal filters are evaluated once
// an alert. What was built last is kept, up to a number of bytes; everything
// else is built anew from the feed. Thread-safe.
#ifndef TOCSIN_SERVICE_WATCH_BATCHES_H_
#define TOCSIN_SERVICE_WATCH_BATCHES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "filter/filter.h"
#include "grpcpp/support/byte_buffer.h"
#include "pipeline/alert_feed.h"

namespace tocsin {

inline constexpr size_t kMaxAlertsPerMessage = 64;

// A WatchAlertsResponse, serialized. Immutable.
struct WatchBatch {
  grpc::ByteBuffer response;
  size_t alert_count = 0;
  // Everything up to here was looked at; the response says so.
  uint64_t end = 0;
  // Reached a place where batches end, so the growth of the log changes
  // nothing.
  bool complete = false;
  // The log ended there when the batch was made.
  bool at_end = false;
};

// Which alerts a watcher gets; watchers with equal filters share one.
struct WatchSelection {
  uint64_t number = 0;
  std::shared_ptr<const Filter> filter;  // Null: every alert.
};

class WatchBatches {
 public:
  // The feed is not owned.
  WatchBatches(const AlertFeed& feed, size_t cache_bytes);

  // INVALID_ARGUMENT says where the filter is wrong.
  absl::StatusOr<std::shared_ptr<const WatchSelection>> Select(
      const std::string& filter);

  // The next alerts after `after`, a bounded number of them: there may be more
  // even if none matched. OUT_OF_RANGE if the log does not have that position.
  absl::StatusOr<std::shared_ptr<const WatchBatch>> Next(
      const std::shared_ptr<const WatchSelection>& selection, uint64_t after);

  // A response without alerts.
  std::shared_ptr<const WatchBatch> ProgressMark(uint64_t position) const;

  const AlertFeed& feed() const { return feed_; }

 private:
  using Key = std::pair<uint64_t, uint64_t>;  // Selection, `after`.

  absl::StatusOr<std::shared_ptr<const WatchBatch>> Build(const Filter* filter,
                                                          uint64_t after) const;
  std::shared_ptr<const WatchBatch> Finish(std::string response,
                                           WatchBatch batch) const;
  std::shared_ptr<const WatchBatch> Find(const Key& key, uint64_t last);
  void Keep(const Key& key, std::shared_ptr<const WatchBatch> batch);

  const AlertFeed& feed_;
  const size_t cache_bytes_;

  Mutex mu_;
  absl::flat_hash_map<std::string, std::weak_ptr<const WatchSelection>>
      selections_ ABSL_GUARDED_BY(mu_);
  uint64_t last_number_ ABSL_GUARDED_BY(mu_) = 0;
  absl::flat_hash_map<Key, std::shared_ptr<const WatchBatch>> kept_
      ABSL_GUARDED_BY(mu_);
  std::deque<Key> oldest_kept_ ABSL_GUARDED_BY(mu_);  // Each key once.
  size_t kept_bytes_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_WATCH_BATCHES_H_
