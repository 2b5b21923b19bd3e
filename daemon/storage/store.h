// The store: one RocksDB database in one directory, opened by one daemon.
//
// Thread-safe. One writer at a time calls Commit() (the sequencer); readers
// take snapshots and never wait for it. A read that finds nothing is not an
// error. After a write or a sync has failed, every later write fails with the
// same error, for what is on disk is no longer known. What else stands in the
// directory is told in storage/store_directory.h.
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
#include "absl/time/time.h"
#include "storage/records.h"
#include "storage/schema.h"

namespace rocksdb {
class WriteBatch;
}  // namespace rocksdb

namespace tocsin {

class Snapshot;
class Store;
struct Rocks;

// Time since some moment; it never goes back.
absl::Duration MonotonicNow();

struct StoreOptions {
  // Made if it does not exist (its parent must).
  std::string directory;
  // Names the epoch that begins now, if one does; a random text of app/'s.
  std::string new_epoch = "0";
  // Opens a store that does not reach its high-water file, as it is, and begins
  // a new epoch.
  bool accept_loss = false;
  // Opens what RestoreBackup() has copied, and begins a new epoch.
  bool restored = false;
  // Compacts in the background and when closing; not while it is checked.
  bool maintain = true;
  absl::Duration (*monotonic_now)() = &MonotonicNow;
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
  StoreBatch(StoreBatch&&) noexcept;
  StoreBatch& operator=(StoreBatch&&) noexcept;

  void Put(Family family, absl::string_view key, absl::string_view value);
  void Delete(Family family, absl::string_view key);
  // Every key in [from, to), at the cost of one.
  void DeleteRange(Family family, absl::string_view from, absl::string_view to);
  void Clear();
  size_t bytes() const;
  size_t keys() const;

 private:
  friend class Store;
  const Store* store_;
  std::unique_ptr<rocksdb::WriteBatch> batch_;
};

class Store {
 public:
  // Each error names the directory. FAILED_PRECONDITION: another daemon has it
  // open, it is not empty and not a store, or a newer version wrote it.
  // PERMISSION_DENIED: it cannot be written. DATA_LOSS: it is damaged, and the
  // message names the file; or it has less than was acked, or something else,
  // and the message says what to do. A store of an older format is brought to
  // that of today.
  static absl::StatusOr<std::unique_ptr<Store>> Open(StoreOptions options);

  // What was synced is safe without it; it makes the next start faster.
  ~Store();

  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // RESOURCE_EXHAUSTED from either, which may be tried again: the disk stayed
  // full for a second, and nothing was written (storage/log_room.h).

  // Durable when it returns, if `sync`. Not for the row `commit`.
  absl::Status Write(StoreBatch& batch, bool sync);
  // Adds `state` to the batch as the row `commit`, and writes it, synced.
  absl::Status Commit(StoreBatch& batch, const CommitRecord& state);

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
  // The same if there is so little that nothing is written at all: a quarter of
  // the reserve.
  absl::Status CheckRoom() const;
  // The sticky error of a failed write; OK if there is none.
  absl::Status Health() const;

  // Gives back the space of what retention has deleted, if there is enough of
  // it to be worth the work. Takes as long as that is much; one at a time.
  absl::Status Reclaim();

  // The daemon is stopping: from now on nothing waits for space, and Reclaim()
  // ends soon.
  void BeginStop();

  uint64_t DiskBytes() const;
  uint64_t FreeBytes() const;

  const std::string& directory() const;
  const std::string& epoch() const;
  // Those before epoch().
  const EpochHistory& ended_epochs() const;
  // Begins the epoch `id`: the log as it is now, the latest alert included, is
  // what it shares with the one that ends. Before there are readers.
  absl::Status BeginEpoch(const std::string& id);

  // For storage/ alone.
  const Rocks& rocks() const;

  // RocksDB's files and levels, for people.
  std::string DebugString() const;
  // Everything in memory to files; for tests and benchmarks.
  absl::Status Flush();

 private:
  friend class StoreBatch;
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  absl::Status Make();
  absl::Status Resume(int format);
  absl::Status SetFormat(int format);
  absl::Status CheckHighWater();
  absl::Status LoadEpochs();
  absl::Status NewHighWater();
  absl::Status WriteBatch(StoreBatch& batch, bool sync,
                          const CommitRecord* commit);
  absl::Status TryToWrite(StoreBatch& batch, bool sync, uint64_t& write);
  absl::Status Fail(const absl::Status& failure);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_STORE_H_
