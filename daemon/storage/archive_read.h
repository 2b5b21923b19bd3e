// Reads the archive from front to back: articles in commit order, each with
// what it mentions, as backtests and explanations need them.
#ifndef TOCSIN_STORAGE_ARCHIVE_READ_H_
#define TOCSIN_STORAGE_ARCHIVE_READ_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/records.h"
#include "storage/snapshot.h"

namespace tocsin {

// One revision, without its body. While it is under embargo it has no mentions.
struct ArchivedArticle {
  ArticleRecord record;  // With its commit.
  MentionList mentions;
};

// Revisions with a commit in [from, to), in order. Commits that are no longer
// kept are passed over. `articles` is reused: its records keep their memory.
absl::Status ReadArchive(const Snapshot& snapshot, uint64_t from, uint64_t to,
                         std::vector<ArchivedArticle>& articles);

absl::StatusOr<std::string> ReadBody(const Snapshot& snapshot, uint64_t commit);

// A commit before which every revision was received before `time`; the first
// one if there is none. Looks at few rows.
absl::StatusOr<uint64_t> FirstCommitSince(const Snapshot& snapshot,
                                          absl::Time time);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_ARCHIVE_READ_H_
