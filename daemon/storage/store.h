// The store: one RocksDB database in one directory, opened by one daemon.
//
// Thread-safe. One writer at a time calls Write() (the sequencer); readers take
// snapshots and never wait for it. A read that finds nothing is not an error.
// After a write or a sync has failed, every later write fails with the same
// error, for what is on disk is no longer known.
#ifndef TOCSIN_STORAGE_STORE_H_
#define TOCSIN_STORAGE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/records.h"
#include "storage/schema.h"

namespace rocksdb {
class WriteBatch;
}  // namespace rocksdb

namespace tocsin {

class Snapshot;
class Store;

struct StoreOptions {
  // Made if it does not exist (its parent must).
  std::string directory;
  // Names the epoch of a store that is made now; a random text of app/'s.
  std::string new_epoch = "0";
  // Memory for blocks read from disk.
  size_t cache_bytes = 128 << 20;
  // Memory for what is not yet in files, over all families.
  size_t write_buffer_bytes = 128 << 20;
  // Below so much free space CheckSpace() refuses.
  uint64_t reserve_bytes = 512 << 20;
};

// What is written at once or not at all. Not thread-safe. `store` is not owned
// and must outlive it.
class StoreBatch {
 public:
  explicit StoreBatch(const Store& store);
  ~StoreBatch();

  void Put(Family family, absl::string_view key, absl::string_view value);
  void Delete(Family family, absl::string_view key);
  // Every key in [from, to), at the cost of one.
  void DeleteRange(Family family, absl::string_view from, absl::string_view to);
  void Clear();
  size_t bytes() const;
  size_t keys() const;

 private:
  friend class Store;
  const Store& store_;
  const std::unique_ptr<rocksdb::WriteBatch> batch_;
};

class Store {
 public:
  // Each error names the directory. FAILED_PRECONDITION: another daemon has it
  // open, it is not empty and not a store, or a newer version wrote it.
  // PERMISSION_DENIED: it cannot be written. DATA_LOSS: it is damaged, and the
  // message names the file.
  static absl::StatusOr<std::unique_ptr<Store>> Open(StoreOptions options);

  // What was synced is safe without it; it makes the next start faster.
  ~Store();

  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Durable when it returns, if `sync`.
  absl::Status Write(StoreBatch& batch, bool sync);

  // A point read of the latest state.
  absl::StatusOr<std::optional<std::string>> Get(Family family,
                                                 absl::string_view key) const;
  // Calls `visit` for each row with a key in [from, to), in key order or, if
  // `reverse`, backwards, until it returns false. An empty `to` has no end.
  absl::Status Scan(
      Family family, absl::string_view from, absl::string_view to, bool reverse,
      const std::function<bool(absl::string_view key, absl::string_view value)>&
          visit) const;

  // Reads of one moment. Must not outlive the store.
  Snapshot GetSnapshot() const;

  // RESOURCE_EXHAUSTED, with directory and figures, if less than the reserve is
  // free. Asks the file system at most every 100 ms; cheap.
  absl::Status CheckSpace() const;
  // The same for acks of subscriptions, which are small and go on into half of
  // the reserve.
  absl::Status CheckSpaceForAcks() const;
  // The sticky error of a failed write; OK if there is none.
  absl::Status Health() const;

  uint64_t DiskBytes() const;
  uint64_t FreeBytes() const;

  const std::string& directory() const;
  const std::string& epoch() const;

  // RocksDB's files and levels, for people.
  std::string DebugString() const;
  // Everything in memory to files; for tests and benchmarks.
  absl::Status Flush();

 private:
  friend class StoreBatch;
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_STORE_H_
