// tocsind: reads the command line, starts the daemon, obeys signals.
#include <signal.h>

#include <iostream>

#include "app/config.h"
#include "app/daemon.h"
#include "base/logging.h"

namespace {

// The exit codes of --help.
enum Exit { kStopped = 0, kUsage = 2, kCannotStart = 3, kCutOff = 4 };

int Fail(Exit code, const absl::Status& why) {
  std::cerr << "tocsind: " << why.message() << "\n";
  return code;
}

// Until SIGTERM or SIGINT, which from then on end the process at once.
void ObeySignals(const sigset_t& signals, tocsin::Daemon& daemon) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
    const absl::Status reloaded = daemon.ReloadRules();
    if (!reloaded.ok()) {
      tocsin::Log(tocsin::LogLevel::kError,
                  "rules not reloaded; the old ones stay",
                  {{"error", reloaded}});
    }
  }
  tocsin::Log(tocsin::LogLevel::kInfo, "stopping",
              {{"signal", strsignal(signal)}});
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed =
      tocsin::ParseConfig({argv + 1, argv + argc}, tocsin::ShareDir());
  if (!parsed.ok()) return Fail(kUsage, parsed.status());
  if (!parsed->print.empty()) {
    std::cout << parsed->print;
    return kStopped;
  }
  tocsin::SetUpLogging(parsed->config.log_level, parsed->config.log_format);
  // Before there are threads, so that only sigwait() sees them.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto daemon = tocsin::Daemon::Start(parsed->config);
  if (!daemon.ok()) return Fail(kCannotStart, daemon.status());
  ObeySignals(signals, **daemon);
  const absl::Status stopped = (*daemon)->Stop();
  if (!stopped.ok()) return Fail(kCutOff, stopped);
  tocsin::Log(tocsin::LogLevel::kInfo, "stopped");
  return kStopped;
}
