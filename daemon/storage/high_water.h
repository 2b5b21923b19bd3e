// The high-water file: how far the store has come, noted beside the database.
//
// RocksDB takes a deleted log for one that never was, and a cut manifest for an
// older one: it opens with less than was acked. So after each synced write the
// position reached is written here, and a store that does not reach it at its
// next start, or reaches it with other content, is refused.
//
// The file is written in place after every synced write, which survives the end
// of the process, but synced itself only once a second: after a power failure
// it may be a second old, and what was lost of that second goes unnoticed.
#ifndef TOCSIN_STORAGE_HIGH_WATER_H_
#define TOCSIN_STORAGE_HIGH_WATER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "storage/records.h"

namespace tocsin {

struct HighWater {
  std::string epoch;
  uint64_t write = 0;   // RocksDB's number of the last key written.
  uint64_t commit = 0;  // CommitRecord::last_commit, and its chain.
  uint64_t chain = 0;
};

// The chain after one more revision: a hash of the one before, of the article's
// identity and of the revision's content.
uint64_t NextChain(uint64_t chain, const ArticleRecord& record);

// One line, ending in its own checksum.
std::string FormatHighWater(const HighWater& mark);
// DATA_LOSS, naming the file, if it is damaged; NOT_FOUND if it is missing.
absl::StatusOr<HighWater> ReadHighWater(const std::string& path);

// Thread-safe.
class HighWaterFile {
 public:
  // Made or replaced, with `mark`, and synced. `now` is a time that never goes
  // back.
  static absl::StatusOr<std::unique_ptr<HighWaterFile>> Create(
      const std::string& path, const HighWater& mark, absl::Duration now);
  ~HighWaterFile();

  HighWaterFile(const HighWaterFile&) = delete;
  HighWaterFile& operator=(const HighWaterFile&) = delete;

  // Everything up to `write` is durable; of `commit` only if it is not null.
  // Syncs if the last sync is a second old. Marks that come late change
  // nothing. An error of a sync is for ever.
  absl::Status Advance(uint64_t write, const CommitRecord* commit,
                       absl::Duration now);
  absl::Status Sync();

  HighWater mark() const;

 private:
  HighWaterFile(std::string path, int fd, HighWater mark, absl::Duration now);
  absl::Status WriteMark() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status SyncLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::string path_;
  const int fd_;

  mutable Mutex mu_;
  HighWater mark_ ABSL_GUARDED_BY(mu_);
  absl::Duration synced_at_ ABSL_GUARDED_BY(mu_);
  absl::Status failure_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_HIGH_WATER_H_
