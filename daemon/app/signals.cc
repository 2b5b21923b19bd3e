#include "app/signals.h"

#include <signal.h>
#include <string.h>

#include "base/logging.h"

namespace tocsin {
namespace {

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&signals, signal);
  }
  return signals;
}

}  // namespace

void BlockSignals() {
  const sigset_t signals = Signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void ObeySignals(Daemon& daemon) {
  const sigset_t signals = Signals();
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
    const absl::Status reloaded = daemon.ReloadRules();
    if (!reloaded.ok()) {
      Log(LogLevel::kError, "rules not reloaded; the old ones stay",
          {{"error", reloaded}});
    }
  }
  Log(LogLevel::kInfo, "stopping", {{"signal", strsignal(signal)}});
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace tocsin
