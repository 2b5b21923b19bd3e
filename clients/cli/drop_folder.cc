#include "cli/drop_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/article_reader.h"
#include "cli/status.h"

namespace tocsin::cli {
namespace {

// Files that no event told of are looked for so often, which also brings back
// those to be retried.
const absl::Duration kScanEvery = absl::Seconds(5);
// Where the system cannot say whether a file is open for writing, one that
// nobody touched for so long counts as complete.
const absl::Duration kQuiet = absl::Seconds(2);

absl::Status Errno(absl::string_view path, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", what, ": ", std::strerror(errno)));
}

bool IsCandidate(absl::string_view name) {
  return !absl::StartsWith(name, ".") && !absl::EndsWith(name, ".tmp") &&
         !absl::EndsWith(name, ".part") && !absl::EndsWith(name, "~") &&
         IsArticleFile(name);
}

enum class Writing { kNo, kYes, kUnknown };

// Whether a process has the file open for writing: then it grants no read
// lease.
Writing IsBeingWritten(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Writing::kUnknown;
  Writing writing = Writing::kNo;
  if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
    fcntl(fd, F_SETLEASE, F_UNLCK);
  } else {
    writing = errno == EAGAIN ? Writing::kYes : Writing::kUnknown;
  }
  close(fd);
  return writing;
}

int64_t MtimeNanos(const struct stat& s) {
  return static_cast<int64_t>(s.st_mtim.tv_sec) * 1000000000 +
         s.st_mtim.tv_nsec;
}

std::optional<DropFolder::File> Stat(const std::string& path) {
  struct stat s;
  if (stat(path.c_str(), &s) != 0 || !S_ISREG(s.st_mode)) return std::nullopt;
  return DropFolder::File{path, s.st_ino, s.st_size, MtimeNanos(s)};
}

}  // namespace

DropFolder::DropFolder(std::string path, int inotify)
    : path_(std::move(path)), inotify_(inotify) {}

DropFolder::DropFolder(DropFolder&& other) noexcept
    : path_(std::move(other.path_)),
      inotify_(std::exchange(other.inotify_, -1)),
      closed_(std::move(other.closed_)),
      found_(std::move(other.found_)),
      next_scan_(other.next_scan_) {}

DropFolder::~DropFolder() {
  if (inotify_ >= 0) close(inotify_);
}

absl::StatusOr<DropFolder> DropFolder::Create(const std::string& path) {
  struct stat s;
  if (stat(path.c_str(), &s) != 0) return Errno(path, "cannot be followed");
  if (!S_ISDIR(s.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is not a directory; --follow takes one"));
  }
  if (access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return Errno(path, "files must be readable and movable here");
  }
  // The breaking of a lease is told by a signal that would end the process.
  std::signal(SIGIO, SIG_IGN);
  const int inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (inotify < 0) return Errno(path, "cannot be watched");
  DropFolder folder(path, inotify);
  // The watch first, then the scan: nothing falls between.
  if (inotify_add_watch(inotify, path.c_str(),
                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
    return Errno(path, "cannot be watched");
  }
  return folder;
}

absl::Status DropFolder::Scan() {
  DIR* const dir = opendir(path_.c_str());
  if (dir == nullptr) return Errno(path_, "cannot be read");
  while (const dirent* entry = readdir(dir)) {
    if (IsCandidate(entry->d_name)) found_.insert(entry->d_name);
  }
  closedir(dir);
  return absl::OkStatus();
}

absl::Status DropFolder::ReadEvents() {
  alignas(inotify_event) char buffer[64 << 10];
  for (;;) {
    const ssize_t n = read(inotify_, buffer, sizeof(buffer));
    if (n <= 0) return absl::OkStatus();
    for (const char* p = buffer; p < buffer + n;) {
      const auto* event = reinterpret_cast<const inotify_event*>(p);
      p += sizeof(inotify_event) + event->len;
      if (event->mask & (IN_IGNORED | IN_UNMOUNT)) {
        return absl::InvalidArgumentError(
            absl::StrCat(path_, ": the folder is gone"));
      }
      if (event->mask & IN_Q_OVERFLOW) next_scan_ = absl::InfinitePast();
      if (event->len > 0 && IsCandidate(event->name)) {
        closed_.insert(event->name);
      }
    }
  }
}

absl::StatusOr<std::vector<DropFolder::File>> DropFolder::Wait(
    absl::Duration timeout) {
  pollfd fd = {inotify_, POLLIN, 0};
  if (closed_.empty() && absl::Now() < next_scan_) {
    const absl::Duration wait = std::min(timeout, next_scan_ - absl::Now());
    poll(&fd, 1, static_cast<int>(absl::ToInt64Milliseconds(wait)));
  }
  CLI_RETURN_IF_ERROR(ReadEvents());
  const absl::Time now = absl::Now();
  if (now >= next_scan_) {
    CLI_RETURN_IF_ERROR(Scan());
    next_scan_ = now + kScanEvery;
  }
  std::set<std::string> names = std::exchange(found_, {});
  names.insert(closed_.begin(), closed_.end());
  std::vector<File> files;
  for (const std::string& name : names) {
    const std::string path = absl::StrCat(path_, "/", name);
    const Writing writing = IsBeingWritten(path);
    // The event of its closing is still to come.
    if (writing == Writing::kYes) continue;
    const std::optional<File> file = Stat(path);
    if (!file.has_value()) continue;
    const bool is_quiet = now - absl::FromUnixNanos(file->mtime_ns) > kQuiet;
    if (writing == Writing::kUnknown && !closed_.contains(name) && !is_quiet) {
      continue;
    }
    files.push_back(*file);
  }
  closed_.clear();
  return files;
}

absl::Status DropFolder::MoveTo(const File& file,
                                const std::string& subfolder) {
  const std::optional<File> current = Stat(file.path);
  const std::string name = file.path.substr(file.path.rfind('/') + 1);
  if (!current.has_value()) return absl::OkStatus();  // Its owner took it.
  if (current->inode != file.inode || current->size != file.size ||
      current->mtime_ns != file.mtime_ns ||
      IsBeingWritten(file.path) == Writing::kYes) {
    next_scan_ = std::min(next_scan_, absl::Now() + absl::Seconds(1));
    return absl::OkStatus();
  }
  const std::string folder = absl::StrCat(path_, "/", subfolder);
  if (mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
    return Errno(folder, "cannot be made");
  }
  std::string target = absl::StrCat(folder, "/", name);
  for (int i = 1; access(target.c_str(), F_OK) == 0; ++i) {
    target = absl::StrCat(folder, "/", name, ".~", i, "~");
  }
  if (rename(file.path.c_str(), target.c_str()) != 0) {
    return Errno(file.path, "cannot be moved aside");
  }
  return absl::OkStatus();
}

}  // namespace tocsin::cli
