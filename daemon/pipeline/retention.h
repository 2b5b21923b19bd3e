// Deletes what is older, or more, than is to be kept: a little at each Tick,
// the oldest first.
//
// A function of the rows and the limits, like everything that the sequencer
// does. What was seen stays seen: entities, their counters and the marks of
// rules are not touched, so nothing that is deleted here becomes news again. An
// article that comes once more after it was deleted is a new one.
#ifndef TOCSIN_PIPELINE_RETENTION_H_
#define TOCSIN_PIPELINE_RETENTION_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "pipeline/overlay.h"
#include "storage/records.h"

namespace tocsin {

struct RetentionLimit {
  absl::Duration age = absl::InfiniteDuration();
  int64_t bytes = 0;  // Of keys and values, before compression; 0: no limit.
};

struct RetentionLimits {
  RetentionLimit articles;  // With bodies and mentions.
  RetentionLimit alerts;
};

// At most so many rows of a kind are looked at in one Tick.
inline constexpr int kMaxDeletedPerTick = 1000;

// What came within this time is kept, whatever the limits: the next start
// compares it with the high-water file.
inline constexpr absl::Duration kAlwaysKept = absl::Minutes(1);

// Moves the marks in `state`, at the time in it. Everything before must be in
// the store: nothing that is due is only in `rows`.
absl::Status DeleteOld(const RetentionLimits& limits, CommitRecord& state,
                       Overlay& rows);

// One revision, stored as `commit` and not under embargo, with all that hangs
// on it. Does not move a mark.
absl::Status DeleteRevision(uint64_t commit, const ArticleRecord& article,
                            CommitRecord& state, Overlay& rows);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_RETENTION_H_
