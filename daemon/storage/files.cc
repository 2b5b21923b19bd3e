#include "storage/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace tocsin {
namespace {

constexpr size_t kMaxBytes = 64 << 10;

// Closes on every way out.
class File {
 public:
  File(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::Status Failed(absl::string_view what, const std::string& path) {
  const int code = errno;
  const std::string message =
      absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(code));
  if (code == ENOSPC) return absl::ResourceExhaustedError(message);
  if (code == ENOENT) return absl::NotFoundError(message);
  return absl::PermissionDeniedError(message);
}

absl::Status SyncDirectoryOf(const std::string& path) {
  const std::string directory =
      std::filesystem::path(path).parent_path().string();
  const File file(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY);
  if (file.fd() < 0 || fsync(file.fd()) != 0) return Failed("sync", directory);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path) {
  const File file(path, O_RDONLY);
  if (file.fd() < 0) return Failed("read", path);
  std::string text(kMaxBytes, '\0');
  const ssize_t got = read(file.fd(), text.data(), text.size());
  if (got < 0) return Failed("read", path);
  text.resize(static_cast<size_t>(got));
  return text;
}

absl::Status WriteSmallFile(const std::string& path, absl::string_view text) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.fd() < 0) return Failed("write", path);
  if (write(file.fd(), text.data(), text.size()) !=
          static_cast<ssize_t>(text.size()) ||
      fsync(file.fd()) != 0) {
    return Failed("write", path);
  }
  return SyncDirectoryOf(path);
}

absl::Status RenameDurably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return Failed("rename", from);
  return SyncDirectoryOf(to);
}

}  // namespace tocsin
