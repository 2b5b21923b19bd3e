#include "daemon_process.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "ingest_client.h"

extern char** environ;

namespace tocsin {
namespace fs = std::filesystem;

namespace {

// What a daemon that ended said last.
std::string LastLine(const std::string& log) {
  std::ifstream file(log);
  std::string line;
  std::string last;
  while (std::getline(file, line)) last = line;
  return last;
}

}  // namespace

absl::StatusOr<DaemonProcess> DaemonProcess::Start(
    const std::string& binary, const std::string& dir,
    const std::vector<std::string>& more) {
  std::string log = dir + "/tocsind.log";
  std::string port_file = dir + "/port";
  std::vector<std::string> words = {binary,     "--data",      dir + "/store",
                                    "--listen", "127.0.0.1:0", "--port-file",
                                    port_file};
  words.insert(words.end(), more.begin(), more.end());
  fs::remove(port_file);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t pid = 0;
  int error = posix_spawn(&pid, binary.c_str(), &actions, nullptr,
                          arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::NotFoundError(absl::StrCat("cannot run ", binary));
  }
  DaemonProcess daemon(pid, log);
  const absl::Time deadline = absl::Now() + absl::Seconds(120);
  std::string port;
  while (!(std::ifstream(port_file) >> port)) {
    if (waitpid(pid, nullptr, WNOHANG) == pid) {
      daemon.pid_ = 0;
      return absl::UnavailableError(
          absl::StrCat(binary, " ended at once: ", LastLine(log)));
    }
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat(binary, " does not serve; see ", log));
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  daemon.address_ = absl::StrCat("127.0.0.1:", port);
  TOCSIN_RETURN_IF_ERROR(WaitForServer(daemon.address_, absl::Seconds(10)));
  return daemon;
}

DaemonProcess::DaemonProcess(pid_t pid, std::string log)
    : pid_(pid), log_(std::move(log)) {}

DaemonProcess::DaemonProcess(DaemonProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      address_(std::move(other.address_)),
      log_(std::move(other.log_)) {}

DaemonProcess::~DaemonProcess() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

uint64_t DaemonProcess::ResidentBytes() const {
  std::ifstream file(absl::StrCat("/proc/", pid_, "/statm"));
  uint64_t all = 0;
  uint64_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t DaemonProcess::PeakBytes() const {
  std::ifstream status(absl::StrCat("/proc/", pid_, "/status"));
  std::string word;
  uint64_t kilobytes = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  return kilobytes * 1024;
}

absl::Status DaemonProcess::Stop() {
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(std::exchange(pid_, 0), &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("tocsind ended with wait status ", status, "; see ", log_));
}

absl::StatusOr<StoreFigures> ReadStoreFigures(const std::string& dir) {
  StoreFigures figures;
  std::string home;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    if (entry.is_regular_file()) figures.bytes += entry.file_size();
    if (entry.path().filename() == "CURRENT") {
      home = entry.path().parent_path().string();
    }
  }
  if (home.empty()) {
    return absl::NotFoundError(absl::StrCat("no RocksDB below ", dir));
  }
  rocksdb::Options options;
  std::vector<std::string> names;
  rocksdb::Status status =
      rocksdb::DB::ListColumnFamilies(options, home, &names);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  if (status.ok()) {
    status =
        rocksdb::DB::OpenForReadOnly(options, home, families, &handles, &db);
  }
  if (!status.ok()) return absl::InternalError(status.ToString());
  // RocksDB numbers every key that is written.
  figures.keys_written = db->GetLatestSequenceNumber();
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    db->DestroyColumnFamilyHandle(handle);
  }
  delete db;
  return figures;
}

Usage UsageSoFar() {
  Usage usage;
  for (int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used = {};
    getrusage(who, &used);
    usage.disk_bytes += 512 * static_cast<uint64_t>(used.ru_oublock);
    for (const timeval& time : {used.ru_utime, used.ru_stime}) {
      usage.cpu_seconds += static_cast<double>(time.tv_sec) +
                           1e-6 * static_cast<double>(time.tv_usec);
    }
  }
  return usage;
}

}  // namespace tocsin
