// Ingests articles over one IngestArticles stream and takes the time.
#ifndef TOCSIN_TESTS_BENCH_INGEST_CLIENT_H_
#define TOCSIN_TESTS_BENCH_INGEST_CLIENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin {

// Waits until a server answers at `address`. DEADLINE_EXCEEDED if none does.
absl::Status WaitForServer(const std::string& address, absl::Duration timeout);

// Sends `requests` over one connection as fast as the server reads, while
// another thread reads the results. Returns the time from the first write to
// the last result. FAILED_PRECONDITION if an article was not STORED as a new
// one: then nothing was measured.
absl::StatusOr<absl::Duration> TimeIngest(
    const std::string& address,
    const std::vector<v1::IngestArticlesRequest>& requests);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_INGEST_CLIENT_H_
