// A folder into which others drop articles.
//
// A file is offered once it is complete: when its writer closed it, or when it
// was moved in. It stays where it is until Done() or Rejected() moves it aside,
// so a process that dies in between finds it again, and a file that was
// not moved is offered again after a while. Files whose names begin
// with a point or end in .tmp, .part or ~ are never looked at, so a writer may
// use such a name until it is done.
#ifndef TOCSIN_CLI_DROP_FOLDER_H_
#define TOCSIN_CLI_DROP_FOLDER_H_

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tocsin::cli {

// Not thread-safe.
class DropFolder {
 public:
  // INVALID_ARGUMENT if `path` is no directory that can be read and written.
  static absl::StatusOr<DropFolder> Create(const std::string& path);

  ~DropFolder();
  DropFolder(DropFolder&& other) noexcept;

  // A complete file, and the state in which it was offered.
  struct File {
    std::string path;
    ino_t inode = 0;
    off_t size = 0;
    int64_t mtime_ns = 0;
  };

  // The complete files, by name; waits until there is one, or for so long.
  absl::StatusOr<std::vector<File>> Wait(absl::Duration timeout);

  // Moves the file to .done/ or .rejected/ in the folder, under a new name if
  // its own is taken. A file that was changed since it was offered stays, and
  // is offered again.
  absl::Status Done(const File& file) { return MoveTo(file, ".done"); }
  absl::Status Rejected(const File& file) { return MoveTo(file, ".rejected"); }

 private:
  DropFolder(std::string path, int inotify);
  absl::Status MoveTo(const File& file, const std::string& subfolder);
  // Notes all files in the folder as candidates.
  absl::Status Scan();
  absl::Status ReadEvents();

  std::string path_;
  int inotify_ = -1;
  std::set<std::string> closed_;  // Names whose writer closed them.
  std::set<std::string> found_;   // Names seen, perhaps still being written.
  absl::Time next_scan_ = absl::InfinitePast();
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_DROP_FOLDER_H_
