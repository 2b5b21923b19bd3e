// A tocsind of its own for a benchmark: a child process on a free port.
#ifndef TOCSIN_TESTS_BENCH_DAEMON_PROCESS_H_
#define TOCSIN_TESTS_BENCH_DAEMON_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tocsin {

// Not thread-safe. Kills the daemon if it still runs when destroyed.
class DaemonProcess {
 public:
  // Runs `binary` on the store `dir`/store, with its own default rules unless
  // `more` arguments say otherwise, its output in `dir`/tocsind.log, and waits
  // until it answers.
  static absl::StatusOr<DaemonProcess> Start(
      const std::string& binary, const std::string& dir,
      const std::vector<std::string>& more = {});
  DaemonProcess(DaemonProcess&& other) noexcept;
  DaemonProcess& operator=(DaemonProcess&&) = delete;
  ~DaemonProcess();

  const std::string& address() const { return address_; }
  // The file with its output.
  const std::string& log() const { return log_; }

  // In memory now, and at most so far.
  uint64_t ResidentBytes() const;
  uint64_t PeakBytes() const;

  // Asks it to drain, and waits for it. INTERNAL if it did not end well.
  absl::Status Stop();

 private:
  DaemonProcess(pid_t pid, std::string log);

  pid_t pid_;  // 0: ended.
  std::string address_;
  std::string log_;
};

// What a closed store has been through.
struct StoreFigures {
  uint64_t keys_written = 0;  // Puts, merges and deletes, ever.
  uint64_t bytes = 0;         // Of all files on disk.
};

// Reads the RocksDB that lies at or below `dir`. NOT_FOUND if there is none.
absl::StatusOr<StoreFigures> ReadStoreFigures(const std::string& dir);

// What this process and its ended children have used.
struct Usage {
  uint64_t disk_bytes = 0;  // Written.
  double cpu_seconds = 0;
};
Usage UsageSoFar();

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_DAEMON_PROCESS_H_
