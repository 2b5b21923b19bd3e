// Answers what a rule's sources() and mentions() ask of the archive: how it was
// when the article at hand was not in it yet.
//
// Not thread-safe. Scans cannot fail, so an error of the store is kept: ask
// status() when the rules have been asked.
#ifndef TOCSIN_PIPELINE_SCANS_H_
#define TOCSIN_PIPELINE_SCANS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "filter/subject.h"
#include "pipeline/knowledge.h"
#include "pipeline/recent_sightings.h"
#include "storage/snapshot.h"

namespace tocsin {

// The sequencer's: the archive and what the batch has added to it so far.
class LiveScans {
 public:
  // Not owned; must outlive this.
  explicit LiveScans(Knowledge& knowledge);
  LiveScans(const LiveScans&) = delete;
  LiveScans& operator=(const LiveScans&) = delete;

  const Scans& scans() const { return scans_; }
  const absl::Status& status() const { return failure_; }

 private:
  const RecentSightings* Find(absl::string_view entity_key);

  Knowledge& knowledge_;
  Scans scans_;
  absl::Status failure_;
};

// Those of a moment in the past: only commits before one count, and not those
// that were under embargo then. Asking about ascending commits costs one short
// read a question.
class PastScans {
 public:
  // Not owned; must outlive this.
  explicit PastScans(const Snapshot& snapshot);
  PastScans(const PastScans&) = delete;
  PastScans& operator=(const PastScans&) = delete;

  // Which article is asked about from now on.
  void SetCommit(uint64_t commit) { commit_ = commit; }
  // Commits that are to count from later on. Not owned, and read at every
  // question.
  void SetHidden(const RecentSightings::Commits* hidden) { hidden_ = hidden; }

  const Scans& scans() const { return scans_; }
  const absl::Status& status() const { return failure_; }

 private:
  // An entity's latest entries with a commit below `end`.
  struct History {
    std::vector<uint64_t> numbers;  // Its own and those merged into it.
    RecentSightings recent;
    uint64_t end = 0;
  };

  absl::StatusOr<const RecentSightings*> Read(absl::string_view entity_key);
  const RecentSightings* Find(absl::string_view entity_key);

  const Snapshot& snapshot_;
  Scans scans_;
  uint64_t commit_ = 0;
  const RecentSightings::Commits* hidden_ = nullptr;
  absl::flat_hash_map<std::string, History> histories_;
  absl::Status failure_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_SCANS_H_
