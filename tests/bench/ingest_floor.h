// The floor of ingest_bench: what gRPC and RocksDB cost by themselves.
//
// A server of IngestArticles that looks at nothing. Of each message it writes
// every body and kKeysPerArticle - 1 small keys, as one synced batch, and then
// answers. Both halves can be left out, to see what each costs.
#ifndef TOCSIN_TESTS_BENCH_INGEST_FLOOR_H_
#define TOCSIN_TESTS_BENCH_INGEST_FLOOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace tocsin {

// The body, and one key for each of the 15 names and 3 amounts that an article
// of ArticleGenerator has at least.
inline constexpr int kKeysPerArticle = 1 + 15 + 3;

// RocksDB with default options. Not thread-safe.
class FloorStore {
 public:
  static absl::StatusOr<FloorStore> Create(const std::string& dir);
  FloorStore(FloorStore&&) = default;
  FloorStore& operator=(FloorStore&&) = default;
  ~FloorStore();

  // Writes the articles in one synced batch.
  absl::Status Write(const v1::IngestArticlesRequest& request);

 private:
  explicit FloorStore(std::unique_ptr<rocksdb::DB> db);

  std::unique_ptr<rocksdb::DB> db_;
  uint64_t articles_ = 0;
};

// Time to write all `requests` into a new store at `dir`, without gRPC.
absl::StatusOr<absl::Duration> TimeFloorStore(
    const std::string& dir,
    const std::vector<v1::IngestArticlesRequest>& requests);

// Time to send all `requests` to a floor server in this process over a real
// socket. With an empty `dir` the server stores nothing.
absl::StatusOr<absl::Duration> TimeFloorServer(
    const std::string& dir,
    const std::vector<v1::IngestArticlesRequest>& requests);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_INGEST_FLOOR_H_
