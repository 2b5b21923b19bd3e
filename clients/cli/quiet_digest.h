// Alerts that rang in quiet hours, held until those end.
#ifndef TOCSIN_CLI_QUIET_DIGEST_H_
#define TOCSIN_CLI_QUIET_DIGEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tocsin/v1/alert.pb.h"

namespace tocsin::cli {

// Not thread-safe.
class QuietDigest {
 public:
  // Keeps the alert, if its quiet hours last beyond `now`. `before` is the
  // resume token of the place before it; empty if that is not known.
  bool Hold(const v1::Alert& alert, absl::string_view before, absl::Time now);

  // Those whose quiet hours are over, in the order of the log; all of them at
  // the infinite future.
  std::vector<v1::Alert> TakeDue(absl::Time now);

  // Where to go on so that what is held is seen again: `latest`, if nothing is.
  const std::string& Place(const std::string& latest) const;

  bool empty() const { return held_.empty(); }

 private:
  struct Held {
    v1::Alert alert;
    std::string before;
  };
  std::vector<Held> held_;  // In the order of the log.
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_QUIET_DIGEST_H_
