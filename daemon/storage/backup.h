// Backups of a store that is in use, and stores made of backups.
//
// A folder of backups holds any number of them, numbered 1, 2, 3 ...; files
// that two of them have in common stand there once, so that a backup costs what
// has changed since the one before. Every file has a checksum.
#ifndef TOCSIN_STORAGE_BACKUP_H_
#define TOCSIN_STORAGE_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/store.h"

namespace tocsin {

struct StoredBackup {
  uint32_t number = 0;
  absl::Time create_time;
  int64_t size_bytes = 0;  // What it has in common with others included.
  // The backup has everything up to here, and maybe a little more.
  std::string epoch;
  uint64_t last_sequence = 0;
  uint64_t last_commit = 0;
  // Not empty: it cannot be read, and why.
  std::string damage;
};

// Called with the bytes copied so far; false stops it.
using BackupProgress = std::function<bool(int64_t bytes)>;

// Returns when the backup is complete. RESOURCE_EXHAUSTED, and nothing is left
// of it, if the disk of the store comes below its reserve; CANCELLED if it was
// stopped. One at a time.
absl::StatusOr<StoredBackup> CreateBackup(const Store& store,
                                          const std::string& folder,
                                          absl::Time now,
                                          const BackupProgress& progress);

// By number; empty if there is no such folder.
absl::StatusOr<std::vector<StoredBackup>> ListBackups(
    const std::string& folder);

// Reads the whole backup and compares checksums. NOT_FOUND if there is none of
// that number; DATA_LOSS names the file that is damaged or missing.
absl::Status VerifyBackup(const std::string& folder, uint32_t number);

// Makes a store, in a directory that is empty or missing, of the latest backup
// or of that number (0: the latest), and begins the epoch `options.new_epoch`
// in it. Run again, it goes on after a crash. Returns what was restored.
absl::StatusOr<StoredBackup> RestoreBackup(const std::string& folder,
                                           uint32_t number,
                                           const StoreOptions& options);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_BACKUP_H_
