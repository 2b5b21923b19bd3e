// Generated articles as requests, and the few calls that benchmarks of the
// running daemon share.
#ifndef TOCSIN_TESTS_BENCH_BENCH_ARTICLES_H_
#define TOCSIN_TESTS_BENCH_BENCH_ARTICLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin {

// Articles `first` .. `first` + `count` - 1 of ArticleGenerator, `batch` a
// message.
absl::StatusOr<std::vector<v1::IngestArticlesRequest>> MakeIngestRequests(
    uint64_t seed, uint64_t first, uint64_t count, uint64_t batch);

// Sequence of the latest alert of the daemon at `address`; 0 if there is none.
absl::StatusOr<uint64_t> LastSequence(const std::string& address);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_BENCH_ARTICLES_H_
