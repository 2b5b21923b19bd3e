#include "daemon_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
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
namespace {

namespace fs = std::filesystem;

// A port that was free a moment ago.
absl::StatusOr<int> FreePort() {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bool ok =
      fd >= 0 &&
      bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (fd >= 0) close(fd);
  if (!ok) return absl::UnavailableError("no free port on loopback");
  return ntohs(address.sin_port);
}

}  // namespace

absl::StatusOr<DaemonProcess> DaemonProcess::Start(const std::string& binary,
                                                   const std::string& dir) {
  TOCSIN_ASSIGN_OR_RETURN(int port, FreePort());
  std::string address = absl::StrCat("127.0.0.1:", port);
  std::string log = dir + "/tocsind.log";
  std::vector<std::string> words = {binary, "--data", dir + "/store",
                                    "--listen", address};
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
  DaemonProcess daemon(pid, address, log);
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  absl::Status up;
  do {
    up = WaitForServer(address, absl::Milliseconds(200));
    if (!up.ok() && waitpid(pid, nullptr, WNOHANG) == pid) {
      daemon.pid_ = 0;
      up = absl::UnavailableError("it ended at once");
      break;
    }
  } while (!up.ok() && absl::Now() < deadline);
  if (!up.ok()) {
    return absl::UnavailableError(
        absl::StrCat(binary, ": ", up.message(), "; see ", log));
  }
  return daemon;
}

DaemonProcess::DaemonProcess(pid_t pid, std::string address, std::string log)
    : pid_(pid), address_(std::move(address)), log_(std::move(log)) {}

DaemonProcess::DaemonProcess(DaemonProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      address_(std::move(other.address_)),
      log_(std::move(other.log_)) {}

DaemonProcess::~DaemonProcess() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
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

uint64_t BytesWrittenToDisk() {
  rusage self = {};
  rusage children = {};
  getrusage(RUSAGE_SELF, &self);
  getrusage(RUSAGE_CHILDREN, &children);
  constexpr uint64_t kBlock = 512;
  return kBlock * static_cast<uint64_t>(self.ru_oublock + children.ru_oublock);
}

}  // namespace tocsin
