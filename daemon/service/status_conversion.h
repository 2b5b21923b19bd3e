// The one place where absl::Status and grpc::Status meet.
//
// Codes are the same numbers. What a status carries as payloads (details)
// travels as tocsin.v1.Error in the trailer `grpc-status-details-bin`
// (AIP-193). An INVALID_ARGUMENT whose message begins with a field's path
// (`article.body: is empty`) gets a FieldViolation made from its message.
//
// Pure functions, thread-safe.
#ifndef TOCSIN_SERVICE_STATUS_CONVERSION_H_
#define TOCSIN_SERVICE_STATUS_CONVERSION_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"
#include "tocsin/v1/error.pb.h"

namespace tocsin {

grpc::Status ToGrpcStatus(const absl::Status& status);

// Details become payloads again.
absl::Status FromGrpcStatus(const grpc::Status& status);

// For an error that is part of a response.
v1::Error ToErrorProto(const absl::Status& status);

// Adds `detail` to what a client gets with this error.
void AddDetail(absl::Status& status, const google::protobuf::Message& detail);

// UNAVAILABLE, with a RetryHint: the daemon is stopping, and `advice`.
absl::Status StoppingError(absl::string_view advice);

// INVALID_ARGUMENT `field: description`, with its FieldViolation.
absl::Status FieldError(absl::string_view field, absl::string_view description);

// The same error, told of a field further out: `filter: ...` within `rule`
// becomes `rule.filter: ...`. Other codes and OK are returned unchanged.
absl::Status InField(absl::string_view outer, const absl::Status& status);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_STATUS_CONVERSION_H_
