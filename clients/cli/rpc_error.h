// What stands in the details of a failed call (tocsin.v1.Error, in the trailer
// grpc-status-details-bin).
#ifndef TOCSIN_CLI_RPC_ERROR_H_
#define TOCSIN_CLI_RPC_ERROR_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"
#include "tocsin/v1/alert_service.pb.h"
#include "tocsin/v1/error.pb.h"

namespace tocsin::cli {

// The daemon's message; for an error in a filter, with the line at fault and a
// caret below the place, `filter` being the text that was sent.
std::string DescribeError(const grpc::Status& status,
                          const std::string& filter);

// The line `line` of `text` and below it a caret at `column`, both from 1 and
// in characters, each indented and ended by no line feed. Empty if there is no
// such place.
std::string CaretText(absl::string_view text, int line, int column);

std::optional<v1::FieldViolation> ViolationOf(const grpc::Status& status);
// Of an error in a list that was sent: which item, from 0. Its field is such as
// `rules[2].filter`, counted over the whole stream.
std::optional<size_t> IndexAtFault(const grpc::Status& status);
std::optional<v1::PositionLost> PositionLostOf(const grpc::Status& status);
// Seconds after which the daemon asks to be tried again; 0 if it says nothing.
double RetryDelayOf(const grpc::Status& status);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_RPC_ERROR_H_
