// The daemon: makes every part, in order, and takes them down in the other.
//
//   store ─ feed ─ rules ─ sequencer ─ services ─ server; a thread that ticks
#ifndef TOCSIN_APP_DAEMON_H_
#define TOCSIN_APP_DAEMON_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "app/config.h"

namespace tocsin {

class Daemon {
 public:
  // Serves when it returns. An error says what is in the way and what to do.
  static absl::StatusOr<std::unique_ptr<Daemon>> Start(const Config& config);

  // Stop() if it was not called.
  ~Daemon();

  int port() const;
  // HOST:PORT, with the port that was picked.
  const std::string& address() const;

  // Reads the rule files again. An error changes nothing.
  absl::Status ReloadRules();

  // Takes no more, answers what was accepted, ends all calls, closes the
  // store. DEADLINE_EXCEEDED if calls had to be cut off; everything that was
  // acked is durable in any case.
  absl::Status Stop();

 private:
  struct Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace tocsin

#endif  // TOCSIN_APP_DAEMON_H_
