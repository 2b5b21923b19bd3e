// A tocsind of one's own, with an empty archive in a temporary directory: for
// commands that need a daemon, but nobody's archive.
#ifndef TOCSIN_CLI_PRIVATE_DAEMON_H_
#define TOCSIN_CLI_PRIVATE_DAEMON_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace tocsin::cli {

class PrivateDaemon {
 public:
  // Returns when it serves. The program is the tocsind beside this one, else
  // the one in PATH. NOT_FOUND if there is none.
  static absl::StatusOr<std::unique_ptr<PrivateDaemon>> Start();
  // Ends it, and removes its directory.
  ~PrivateDaemon();
  PrivateDaemon(const PrivateDaemon&) = delete;
  PrivateDaemon& operator=(const PrivateDaemon&) = delete;

  // host:port
  const std::string& address() const { return address_; }

 private:
  explicit PrivateDaemon(std::string directory)
      : directory_(std::move(directory)) {}
  absl::Status Spawn();
  absl::Status WaitUntilItServes();

  const std::string directory_;
  pid_t pid_ = -1;
  std::string address_;
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_PRIVATE_DAEMON_H_
