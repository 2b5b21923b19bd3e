#include "storage/log_room.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/logging.h"
#include "base/mutex.h"
#include "rocksdb/file_system.h"
#include "rocksdb/system_clock.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// So much is allocated at a time, if there is so much.
constexpr uint64_t kLogStep = 4 << 20;
constexpr uint64_t kSpareBytes = 1 << 20;
constexpr char kSparePrefix[] = "SPARE-";

// Each write may find that a new log is begun before it, and a flush that
// follows it may begin another.
constexpr size_t kSparesPerClaim = 2;

constexpr std::chrono::milliseconds kWaitPeriod{100};

// What a batch takes in a log: a header for each block of 32 KiB and for each
// record, and what it takes of the file system's blocks.
uint64_t LogBytes(size_t batch_bytes) {
  return batch_bytes + batch_bytes / 1024 + (64 << 10);
}

// 0, or an errno. Makes no file longer.
int Allocate(int fd, uint64_t begin, uint64_t end) {
  while (fallocate(fd, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(begin),
                   static_cast<off_t>(end - begin)) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

bool IsFull(int code) { return code == ENOSPC || code == EDQUOT; }

struct Spare {
  std::string path;
  uint64_t bytes = 0;
};

// RocksDB waits five seconds before it tries again what met the end of the
// disk.
constexpr uint64_t kRetryMicros = 500'000;
constexpr uint64_t kRocksRetryMicros = 5'000'000;

// A clock that is behind, so that what it is told to wait for comes sooner.
// Differences of its times are right, and RocksDB asks for no others but to
// wait.
class RetryClock final : public rocksdb::SystemClockWrapper {
 public:
  RetryClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "TocsinRetryClock"; }
  uint64_t NowMicros() override {
    return target_->NowMicros() - (kRocksRetryMicros - kRetryMicros);
  }
};

class RoomEnv final : public rocksdb::EnvWrapper {
 public:
  explicit RoomEnv(const std::shared_ptr<rocksdb::FileSystem>& files)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = std::make_shared<RetryClock>();
  }
};

}  // namespace

// RocksDB's diary for people, which meets the same assertion: what cannot be
// written of it is dropped.
class DiaryFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;

  IOStatus Append(const Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    return Drop(target()->Append(data, options, debug));
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*checked*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* debug) override {
    return Drop(target()->Flush(options, debug));
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Drop(target()->Sync(options, debug));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Drop(target()->Fsync(options, debug));
  }
  IOStatus RangeSync(uint64_t offset, uint64_t size, const IOOptions& options,
                     IODebugContext* debug) override {
    return Drop(target()->RangeSync(offset, size, options, debug));
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    return Drop(target()->Close(options, debug));
  }

 private:
  static IOStatus Drop(const IOStatus& status) {
    status.PermitUncheckedError();
    return IOStatus::OK();
  }
};

// The file system that RocksDB sees: the usual one, but for the logs.
class LogRoom::Files final : public rocksdb::FileSystemWrapper {
 public:
  explicit Files(const std::string& database)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), database_(database) {
    RemoveSpares();  // Of an earlier process; their size is not known.
  }
  ~Files() override { RemoveSpares(); }

  const char* Name() const override { return "TocsinLogRoom"; }

  IOStatus NewWritableFile(const std::string& path,
                           const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* debug) override;
  // RocksDB asks whether it is worth trying again, and only if it tries does it
  // notice that it is being closed.
  IOStatus GetFreeSpace(const std::string& path, const IOOptions& options,
                        uint64_t* bytes, IODebugContext* debug) override {
    if (path != database_) {
      return target()->GetFreeSpace(path, options, bytes, debug);
    }
    *bytes = std::numeric_limits<uint64_t>::max();
    return IOStatus::OK();
  }
  // By way of NewDiary().
  IOStatus NewLogger(const std::string& path, const IOOptions& options,
                     std::shared_ptr<rocksdb::Logger>* result,
                     IODebugContext* debug) override {
    return FileSystem::NewLogger(path, options, result, debug);
  }

  // False if the disk is full.
  bool Claim(uint64_t bytes);
  void Release(uint64_t bytes);

  // Of a log: what it was given when it was begun, what was written to it, and
  // its end.
  void Begun(LogFile* log);
  void Wrote(LogFile* log, uint64_t bytes);
  void Ended(LogFile* log);

  const std::string& database() const { return database_; }

 private:
  bool MakeRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool MakeRoomInLog() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool MakeSpare(Spare& spare) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Whether it may be taken for room: what cannot be allocated is looked for.
  bool Take(int code, uint64_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  uint64_t TakeSpare(const std::string& path);
  void RemoveSpares();
  IOStatus NewDiary(const std::string& path,
                    const rocksdb::FileOptions& options,
                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                    IODebugContext* debug);

  const std::string database_;

  Mutex mu_;
  LogFile* log_ ABSL_GUARDED_BY(mu_) = nullptr;  // The latest; may be none.
  std::vector<Spare> spares_ ABSL_GUARDED_BY(mu_);
  uint64_t spares_made_ ABSL_GUARDED_BY(mu_) = 0;
  size_t claims_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t claimed_ ABSL_GUARDED_BY(mu_) = 0;
};

// A log as RocksDB writes it. Its numbers are the Files' to guard.
class LogRoom::LogFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  LogFile(std::unique_ptr<rocksdb::FSWritableFile> target, Files* files, int fd,
          uint64_t room)
      : FSWritableFileOwnerWrapper(std::move(target)),
        files_(files),
        fd_(fd),
        end_(room) {
    files_->Begun(this);
  }
  ~LogFile() override { End(); }

  IOStatus Append(const Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = target()->Append(data, options, debug);
    if (status.IsNoSpace()) status = Wait(data, options, debug);
    if (status.ok()) files_->Wrote(this, data.size());
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*checked*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  // For want of space or not: nobody knows what of it is on the disk.
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Failed(target()->Sync(options, debug));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Failed(target()->Fsync(options, debug));
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    End();
    return target()->Close(options, debug);
  }

  // RocksDB allocates as well, as much as a whole log may need, and does not
  // mind if that fails.
  void SetPreallocationBlockSize(size_t /*size*/) override {}
  void PrepareWrite(size_t, size_t, const IOOptions&,
                    IODebugContext*) override {}

 private:
  friend class Files;

  static IOStatus Failed(const IOStatus& status) {
    return status.IsNoSpace() ? IOStatus::IOError(status.ToString()) : status;
  }

  // Part of the data may be there. Nothing else can be done: an error here is
  // what aborts the process. A daemon that is told to stop meanwhile ends when
  // there is space, or by SIGKILL, which loses nothing that was acknowledged.
  IOStatus Wait(const Slice& data, const IOOptions& options,
                IODebugContext* debug) {
    Log(LogLevel::kError, "the disk is full, and a write waits for space",
        {{"directory", files_->database()}});
    IOStatus status;
    do {
      status = target()->Truncate(written_, options, debug);
      if (!status.ok()) return status;
      std::this_thread::sleep_for(kWaitPeriod);
      status = target()->Append(data, options, debug);
    } while (status.IsNoSpace());
    return status;
  }

  // Gives back what was not needed.
  void End() {
    if (fd_ < 0) return;
    files_->Ended(this);
    if (end_ > written_ && ftruncate(fd_, static_cast<off_t>(written_)) == 0) {
      // Some file systems keep the blocks behind an end that stays the same.
      (void)fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                      static_cast<off_t>(written_),
                      static_cast<off_t>(end_ - written_));
    }
    close(std::exchange(fd_, -1));
  }

  Files* const files_;
  int fd_;
  uint64_t end_;          // Of the blocks allocated.
  uint64_t written_ = 0;  // By one thread at a time.
};

IOStatus LogRoom::Files::NewWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) {
  if (fs::path(path).filename() == "LOG") {
    return NewDiary(path, options, result, debug);
  }
  if (!absl::EndsWith(path, ".log")) {
    return target()->NewWritableFile(path, options, result, debug);
  }
  const uint64_t room = TakeSpare(path);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status;
  if (room == 0) {
    status = target()->NewWritableFile(path, options, &file, debug);
    if (!status.ok()) return status;
    file.reset();
  }
  // Opened so that it is appended to, wherever it was cut.
  status = target()->ReopenWritableFile(path, options, &file, debug);
  if (!status.ok()) return status;
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return IOStatus::IOError(absl::StrCat("cannot open ", path),
                             std::strerror(errno));
  }
  *result = std::make_unique<LogFile>(std::move(file), this, fd, room);
  return IOStatus::OK();
}

IOStatus LogRoom::Files::NewDiary(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = target()->NewWritableFile(path, options, &file, debug);
  if (!status.ok()) {
    status = target()->NewWritableFile("/dev/null", options, &file, debug);
  }
  if (status.ok()) *result = std::make_unique<DiaryFile>(std::move(file));
  return status;
}

void LogRoom::Files::Begun(LogFile* log) {
  MutexLock lock(mu_);
  log_ = log;
}

void LogRoom::Files::Wrote(LogFile* log, uint64_t bytes) {
  MutexLock lock(mu_);
  log->written_ += bytes;
}

void LogRoom::Files::Ended(LogFile* log) {
  MutexLock lock(mu_);
  if (log_ == log) log_ = nullptr;
}

bool LogRoom::Files::Claim(uint64_t bytes) {
  MutexLock lock(mu_);
  ++claims_;
  claimed_ += bytes;
  if (MakeRoom()) return true;
  --claims_;
  claimed_ -= bytes;
  return false;
}

void LogRoom::Files::Release(uint64_t bytes) {
  MutexLock lock(mu_);
  --claims_;
  claimed_ -= bytes;
}

// What is claimed is counted in full until it is released, though some of it
// may be written already.
bool LogRoom::Files::MakeRoom() {
  if (!MakeRoomInLog()) return false;
  spares_.resize(std::max(spares_.size(), kSparesPerClaim * claims_));
  for (Spare& spare : spares_) {
    if (!MakeSpare(spare)) return false;
  }
  return true;
}

bool LogRoom::Files::MakeRoomInLog() {
  if (log_ == nullptr || log_->end_ >= log_->written_ + claimed_) return true;
  const uint64_t least = log_->written_ + claimed_;
  const uint64_t begin = std::max(log_->end_, log_->written_);
  for (const uint64_t end : {least + kLogStep, least}) {
    if (Take(Allocate(log_->fd_, begin, end), end - begin)) {
      log_->end_ = end;
      return true;
    }
  }
  return false;
}

bool LogRoom::Files::MakeSpare(Spare& spare) {
  const uint64_t bytes = std::max(claimed_, kSpareBytes);
  if (spare.bytes >= bytes) return true;
  if (spare.path.empty()) {
    spare.path = absl::StrCat(database_, "/", kSparePrefix, ++spares_made_);
  }
  const int fd = open(spare.path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  const bool made = Take(Allocate(fd, spare.bytes, bytes), bytes - spare.bytes);
  close(fd);
  if (made) spare.bytes = bytes;
  return made;
}

bool LogRoom::Files::Take(int code, uint64_t bytes) {
  if (code == 0) return true;
  if (IsFull(code)) return false;
  struct statvfs stat;
  return statvfs(database_.c_str(), &stat) != 0 ||
         static_cast<uint64_t>(stat.f_bavail) * stat.f_frsize >=
             bytes + claimed_;
}

// The bytes allocated in what is now `path`; 0 if there is no spare.
uint64_t LogRoom::Files::TakeSpare(const std::string& path) {
  MutexLock lock(mu_);
  while (!spares_.empty()) {
    const auto largest = std::max_element(
        spares_.begin(), spares_.end(),
        [](const Spare& a, const Spare& b) { return a.bytes < b.bytes; });
    const Spare spare = *largest;
    spares_.erase(largest);
    if (spare.bytes == 0) continue;
    std::error_code error;
    fs::rename(spare.path, path, error);
    if (!error) return spare.bytes;
  }
  return 0;
}

void LogRoom::Files::RemoveSpares() {
  std::error_code error;
  for (fs::directory_iterator it(database_, error), end; !error && it != end;
       it.increment(error)) {
    if (!absl::StartsWith(it->path().filename().string(), kSparePrefix)) {
      continue;
    }
    std::error_code ignored;
    fs::remove(it->path(), ignored);
  }
}

LogRoom::LogRoom(const std::string& database)
    : files_(std::make_shared<Files>(database)),
      env_(std::make_unique<RoomEnv>(files_)) {}

LogRoom::~LogRoom() = default;

absl::StatusOr<LogRoom::Claim> LogRoom::Make(size_t batch_bytes) {
  const uint64_t bytes = LogBytes(batch_bytes);
  if (files_->Claim(bytes)) return Claim(this, bytes);
  return absl::ResourceExhaustedError(absl::StrCat(
      "the disk of ", files_->database(),
      " is full: it has no room for a write of ", batch_bytes, " bytes"));
}

void LogRoom::Release(uint64_t bytes) { files_->Release(bytes); }

LogRoom::Claim::Claim(Claim&& other) noexcept
    : room_(std::exchange(other.room_, nullptr)), bytes_(other.bytes_) {}

LogRoom::Claim::~Claim() {
  if (room_ != nullptr) room_->Release(bytes_);
}

}  // namespace tocsin
