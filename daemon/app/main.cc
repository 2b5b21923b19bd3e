// tocsind: reads the command line, starts the daemon, obeys signals.
#include <iostream>

#include "app/config.h"
#include "app/daemon.h"
#include "app/maintenance.h"
#include "app/signals.h"
#include "base/logging.h"

namespace {

// The exit codes of --help.
enum Exit { kStopped, kFound, kUsage, kCannotStart, kCutOff };

int Fail(Exit code, const absl::Status& why) {
  std::cerr << "tocsind: " << why.message() << "\n";
  return code;
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
  if (tocsin::IsMaintenance(parsed->config)) {
    const auto whole = tocsin::Maintain(parsed->config);
    if (!whole.ok()) return Fail(kCannotStart, whole.status());
    return *whole ? kStopped : kFound;
  }
  tocsin::BlockSignals();
  auto daemon = tocsin::Daemon::Start(parsed->config);
  if (!daemon.ok()) return Fail(kCannotStart, daemon.status());
  tocsin::ObeySignals(**daemon);
  const absl::Status stopped = (*daemon)->Stop();
  if (!stopped.ok()) return Fail(kCutOff, stopped);
  tocsin::Log(tocsin::LogLevel::kInfo, "stopped");
  return kStopped;
}
