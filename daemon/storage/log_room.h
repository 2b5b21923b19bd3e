// Room on the disk for RocksDB's log of writes, made before it is written.
//
// This RocksDB has its assertions compiled in, and one of them aborts the
// process when a log is touched again after a write to it has failed, be it for
// want of space. So the log never meets the end of the disk: who writes claims
// room first, and is refused if there is none. A claim is room in the log that
// is being written, and in spare files beside it, which become the next logs:
// RocksDB begins a new one when it likes, in the middle of a write too.
//
//   db/SPARE-1, SPARE-2 ...   empty files with allocated blocks
//
// The same holds of RocksDB's diary for people (db/LOG), which just loses what
// does not fit. All other files may meet the end of the disk: RocksDB gives the
// flush or the compaction up, and tries again by itself, twice a second. (Not
// by DB::Resume(): when that fails, this version may forget a flush that it had
// scheduled, and the next Resume() waits for it without end.)
//
// A file system that cannot allocate ahead of the data is asked how much is
// free. If it fills up all the same, the write to the log waits, however long
// that takes, and reads go on.
#ifndef TOCSIN_STORAGE_LOG_ROOM_H_
#define TOCSIN_STORAGE_LOG_ROOM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/env.h"

namespace tocsin {

// Thread-safe. Outlives the database that is opened with its env().
class LogRoom {
 public:
  // Room for one write, until it is destroyed. Must not outlive the LogRoom.
  class Claim {
   public:
    Claim(Claim&& other) noexcept;
    Claim& operator=(Claim&& other) = delete;
    ~Claim();

   private:
    friend class LogRoom;
    Claim(LogRoom* room, uint64_t bytes) : room_(room), bytes_(bytes) {}
    LogRoom* room_;
    const uint64_t bytes_;
  };

  // `database` is the directory of the database, which may not exist yet.
  explicit LogRoom(const std::string& database);
  ~LogRoom();

  LogRoom(const LogRoom&) = delete;
  LogRoom& operator=(const LogRoom&) = delete;

  rocksdb::Env* env() const { return env_.get(); }

  // RESOURCE_EXHAUSTED, naming the directory, if the disk is full.
  absl::StatusOr<Claim> Make(size_t batch_bytes);

 private:
  class Files;
  class LogFile;
  void Release(uint64_t bytes);

  const std::shared_ptr<Files> files_;
  const std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_LOG_ROOM_H_
