#include "cli/private_daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/interrupt.h"
#include "cli/status.h"
#include "cli/text.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kProgram[] = "tocsind";
constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr int kNoProgram = 127;  // As a shell says it.

std::string ProgramPath() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = self.parent_path() / kProgram;
  if (!error && fs::exists(beside, error)) return beside.string();
  return kProgram;
}

std::string TextOf(const std::string& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

absl::StatusOr<std::unique_ptr<PrivateDaemon>> PrivateDaemon::Start() {
  std::error_code error;
  std::string directory =
      (fs::temp_directory_path(error) / "tocsin-XXXXXX").string();
  if (error || mkdtemp(directory.data()) == nullptr) {
    return absl::InternalError(
        absl::StrCat("cannot make a temporary directory ", directory));
  }
  std::unique_ptr<PrivateDaemon> daemon(
      new PrivateDaemon(std::move(directory)));
  CLI_RETURN_IF_ERROR(daemon->Spawn());
  CLI_RETURN_IF_ERROR(daemon->WaitUntilItServes());
  return daemon;
}

PrivateDaemon::~PrivateDaemon() {
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  std::error_code error;
  fs::remove_all(directory_, error);
}

absl::Status PrivateDaemon::Spawn() {
  // Everything that the child needs is made before the fork: between fork and
  // exec it may call next to nothing.
  std::vector<std::string> words = {
      ProgramPath(), "--data",      directory_ + "/data", "--listen",
      "127.0.0.1:0", "--port-file", directory_ + "/port"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string log = directory_ + "/log";

  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) return absl::InternalError("cannot start another program");
  if (pid_ > 0) return absl::OkStatus();

  // It ends with this program, however that ends.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);
  const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  execvp(arguments[0], arguments.data());
  _exit(kNoProgram);
}

absl::Status PrivateDaemon::WaitUntilItServes() {
  const absl::Time deadline = absl::Now() + kPatience;
  while (absl::Now() < deadline) {
    if (Interrupt::Requested()) return absl::CancelledError("interrupted");
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      if (WIFEXITED(status) && WEXITSTATUS(status) == kNoProgram) {
        return absl::NotFoundError(absl::StrCat(
            "there is no ", kProgram, " beside this program or in PATH"));
      }
      return absl::InternalError(absl::StrCat(
          "a private ", kProgram,
          " did not start: ", PrintableLines(TextOf(directory_ + "/log"))));
    }
    if (const std::string port = TextOf(directory_ + "/port"); !port.empty()) {
      address_ = absl::StrCat("127.0.0.1:", std::stoi(port));
      return absl::OkStatus();
    }
    Interrupt::Sleep(0.01);
  }
  return absl::DeadlineExceededError(
      absl::StrCat("a private ", kProgram, " did not start in time"));
}

}  // namespace tocsin::cli
