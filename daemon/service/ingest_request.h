// Reads an IngestArticlesRequest article by article, so that a bad one spoils
// no other.
#ifndef TOCSIN_SERVICE_INGEST_REQUEST_H_
#define TOCSIN_SERVICE_INGEST_REQUEST_H_

#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "pipeline/ingest_lane.h"

namespace tocsin {

inline constexpr size_t kMaxArticlesPerMessage = 256;

// An article that cannot be read comes with its error. INVALID_ARGUMENT if the
// bytes are no message at all or hold too many articles: nothing after them can
// be trusted then.
absl::StatusOr<std::vector<LaneArticle>> ReadIngestRequest(
    const grpc::ByteBuffer& buffer);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_INGEST_REQUEST_H_
