#include "storage/high_water.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/failpoint.h"
#include "base/status_macros.h"
#include "storage/files.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

constexpr absl::Duration kSyncPeriod = absl::Seconds(1);
constexpr absl::string_view kTitle = "tocsin high-water 1";

// Always so long, so that one that is written over another leaves nothing of
// it; and far below a disk's sector, so that it is never half written.
constexpr size_t kFileBytes = 256;
constexpr size_t kChecksumBytes = 16;

std::string Checksum(absl::string_view text) {
  return absl::StrFormat("%016x", XXH3_64bits(text.data(), text.size()));
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(absl::StrCat(
      path,
      " is damaged. It says how far the store had come; without it nobody can "
      "tell whether something is missing. Put the file back, or restore a "
      "backup (tocsind --restore), or, if the store is known to be whole, run "
      "tocsind --accept-loss"));
}

}  // namespace

uint64_t NextChain(uint64_t chain, const ArticleRecord& record) {
  std::string link;
  AppendNumber(chain, link);
  AppendText(record.source(), link);
  AppendText(record.id(), link);
  link += record.content_hash();
  return XXH3_64bits(link.data(), link.size());
}

std::string FormatHighWater(const HighWater& mark) {
  std::string line =
      absl::StrFormat("%s epoch %s write %d commit %d chain %016x ", kTitle,
                      mark.epoch, mark.write, mark.commit, mark.chain);
  line.resize(kFileBytes - kChecksumBytes - 1, ' ');
  return absl::StrCat(line, Checksum(line), "\n");
}

absl::StatusOr<HighWater> ReadHighWater(const std::string& path) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string text, ReadSmallFile(path));
  if (text.size() != kFileBytes) return Damaged(path);
  const absl::string_view line =
      absl::string_view(text).substr(0, kFileBytes - kChecksumBytes - 1);
  if (text != absl::StrCat(line, Checksum(line), "\n")) return Damaged(path);
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, ' ', absl::SkipEmpty());
  HighWater mark;
  if (words.size() != 11 || !absl::SimpleAtoi(words[6], &mark.write) ||
      !absl::SimpleAtoi(words[8], &mark.commit) ||
      !absl::SimpleHexAtoi(words[10], &mark.chain)) {
    return Damaged(path);
  }
  mark.epoch = std::string(words[4]);
  return mark;
}

absl::StatusOr<std::unique_ptr<HighWaterFile>> HighWaterFile::Create(
    const std::string& path, const HighWater& mark, absl::Duration now) {
  // By way of another file: what was there stays until this one is whole.
  const std::string written = path + ".new";
  TOCSIN_RETURN_IF_ERROR(WriteSmallFile(written, FormatHighWater(mark)));
  TOCSIN_RETURN_IF_ERROR(RenameDurably(written, path));
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  return std::unique_ptr<HighWaterFile>(new HighWaterFile(path, fd, mark, now));
}

HighWaterFile::HighWaterFile(std::string path, int fd, HighWater mark,
                             absl::Duration now)
    : path_(std::move(path)),
      fd_(fd),
      mark_(std::move(mark)),
      synced_at_(now) {}

HighWaterFile::~HighWaterFile() { close(fd_); }

absl::Status HighWaterFile::Advance(uint64_t write, const CommitRecord* commit,
                                    absl::Duration now) {
  MutexLock lock(mu_);
  TOCSIN_RETURN_IF_ERROR(failure_);
  if (write > mark_.write) mark_.write = write;
  if (commit != nullptr) {
    mark_.commit = commit->last_commit();
    mark_.chain = commit->chain();
  }
  TOCSIN_RETURN_IF_ERROR(TOCSIN_FAILPOINT("high_water.write.before"));
  TOCSIN_RETURN_IF_ERROR(WriteMark());
  TOCSIN_RETURN_IF_ERROR(TOCSIN_FAILPOINT("high_water.write.after"));
  if (now - synced_at_ < kSyncPeriod) return absl::OkStatus();
  synced_at_ = now;
  return SyncLocked();
}

absl::Status HighWaterFile::Sync() {
  MutexLock lock(mu_);
  TOCSIN_RETURN_IF_ERROR(failure_);
  return SyncLocked();
}

HighWater HighWaterFile::mark() const {
  MutexLock lock(mu_);
  return mark_;
}

absl::Status HighWaterFile::WriteMark() {
  const std::string text = FormatHighWater(mark_);
  if (pwrite(fd_, text.data(), text.size(), 0) ==
      static_cast<ssize_t>(text.size())) {
    return absl::OkStatus();
  }
  // A mark that is behind is still true; the next one is written again.
  if (errno == ENOSPC) return absl::OkStatus();
  failure_ = absl::InternalError(
      absl::StrCat("cannot write ", path_, ": ", std::strerror(errno)));
  return failure_;
}

absl::Status HighWaterFile::SyncLocked() {
  if (fdatasync(fd_) == 0) return absl::OkStatus();
  failure_ = absl::InternalError(
      absl::StrCat("cannot sync ", path_, ": ", std::strerror(errno)));
  return failure_;
}

}  // namespace tocsin
