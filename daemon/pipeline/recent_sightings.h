// The latest entries of the mention index (`sightings`) of one entity: what the
// filter functions sources() and mentions() count.
//
// A scan looks at no more than kMaxScanEntries, the latest committed ones,
// whatever its window: so its cost is bounded, and the answer is the same from
// memory and from the store. Not thread-safe.
#ifndef TOCSIN_PIPELINE_RECENT_SIGHTINGS_H_
#define TOCSIN_PIPELINE_RECENT_SIGHTINGS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/records.h"
#include "storage/snapshot.h"
#include "storage/store.h"

namespace tocsin {

inline constexpr size_t kMaxScanEntries = 1000;

// Of a source's name, as rows of `sightings` have it.
uint32_t SourceHash(absl::string_view source);

class RecentSightings {
 public:
  // One row; in any order of commits, best in theirs.
  void Add(uint64_t commit, const EntitySighting& row);
  // Its parts; `mentions` is false if only amounts were news in it.
  void Add(uint64_t commit, int64_t event_time, uint32_t source, bool mentions);

  // Articles, or their distinct sources, with an event time in
  // (end - window, end]. Those of `hidden` commits do not count; null: none.
  using Commits = absl::flat_hash_set<uint64_t>;
  int64_t CountMentions(absl::Time end, absl::Duration window,
                        const Commits* hidden = nullptr) const;
  int64_t CountSources(absl::Time end, absl::Duration window,
                       const Commits* hidden = nullptr) const;

  size_t bytes() const { return entries_.capacity() * sizeof(Entry); }

 private:
  struct Entry {
    uint64_t commit = 0;
    int64_t event_time = 0;  // Microseconds.
    uint32_t source = 0;
    bool mentions = true;  // False: only amounts were news in it.
  };

  // Calls `visit(entry)` for each that counts.
  template <typename Visit>
  void ForEachWithin(absl::Time end, absl::Duration window,
                     const Commits* hidden, const Visit& visit) const;

  // Ascending by commit; those above kMaxScanEntries are let go in bulk.
  std::vector<Entry> entries_;
};

// Adds the latest rows of the entity `number` with a commit in [from, before),
// at most kMaxScanEntries. DATA_LOSS if one is damaged.
absl::Status ReadSightings(const Store& store, uint64_t number, uint64_t from,
                           uint64_t before, RecentSightings& recent);
absl::Status ReadSightings(const Snapshot& snapshot, uint64_t number,
                           uint64_t from, uint64_t before,
                           RecentSightings& recent);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_RECENT_SIGHTINGS_H_
