// Where a watch begins, and where it is kept.
#ifndef TOCSIN_CLI_WATCH_POSITION_H_
#define TOCSIN_CLI_WATCH_POSITION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin::cli {

// `now` (nullopt), `oldest`, a sequence to start after, a time (see ParseTime),
// or else a resume token.
std::optional<v1::StartPosition> ParseStart(absl::string_view from,
                                            absl::Time now,
                                            absl::TimeZone zone);

// A file that holds a resume token. Replaced whole, so it holds the old token
// or the new one whatever happens.
class PositionFile {
 public:
  explicit PositionFile(std::string path);

  // Empty if there is no such file yet. INVALID_ARGUMENT if it cannot be read
  // or holds something else.
  absl::StatusOr<std::string> Load() const;
  absl::Status Save(absl::string_view token) const;

 private:
  const std::string path_;
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_WATCH_POSITION_H_
