// Messages of PullAlerts, to and from what the subscription book works with.
// Pure functions.
#ifndef TOCSIN_SERVICE_CONVERT_PULL_H_
#define TOCSIN_SERVICE_CONVERT_PULL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "pipeline/shared_subscription.h"

namespace tocsin {

inline constexpr int kMaxAcksPerMessage = 10'000;

struct PullRequest {
  std::string subscription;  // Resource name.
  size_t max_outstanding = 0;
  std::vector<PullVerdict> verdicts;
  uint64_t ack_through = 0;
};

// INVALID_ARGUMENT names the field, as `acks[3].delay`.
absl::StatusOr<PullRequest> ReadPullRequest(const grpc::ByteBuffer& bytes);

// The id of the subscription that the first message names.
absl::StatusOr<std::string> CheckFirstPullRequest(const PullRequest& request);
// That a later one names none.
absl::Status CheckLaterPullRequest(const PullRequest& request);

// A PullAlertsResponse; alerts are copied as the feed encoded them.
grpc::ByteBuffer EncodePullResponse(const PullBatch& batch);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_PULL_H_
