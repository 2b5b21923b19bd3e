#include "ingest_floor.h"

#include <grpcpp/grpcpp.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "ingest_client.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"

namespace tocsin {
namespace {

absl::Status FromRocks(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(status.ToString());
}

void AppendNumber(std::string& key, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    key += static_cast<char>(number >> shift & 0xFF);
  }
}

class FloorService final : public v1::IngestService::Service {
 public:
  // `store` may be null: then nothing is stored.
  explicit FloorService(FloorStore* store) : store_(store) {}

  grpc::Status IngestArticles(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::IngestArticlesResponse,
                               v1::IngestArticlesRequest>* stream) override {
    v1::IngestArticlesRequest request;
    while (stream->Read(&request)) {
      if (store_ != nullptr) {
        absl::Status written = store_->Write(request);
        if (!written.ok()) {
          return grpc::Status(grpc::INTERNAL, std::string(written.message()));
        }
      }
      v1::IngestArticlesResponse response;
      for (const v1::Article& article : request.articles()) {
        v1::IngestResult* result = response.add_results();
        result->set_outcome(v1::IngestResult::STORED);
        result->set_article(absl::StrCat("sources/", article.source(),
                                         "/articles/", article.id()));
        result->set_revision(1);
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

 private:
  FloorStore* store_;
};

}  // namespace

absl::StatusOr<FloorStore> FloorStore::Create(const std::string& dir) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* db = nullptr;
  TOCSIN_RETURN_IF_ERROR(FromRocks(rocksdb::DB::Open(options, dir, &db)));
  return FloorStore(std::unique_ptr<rocksdb::DB>(db));
}

FloorStore::FloorStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}
FloorStore::~FloorStore() = default;

absl::Status FloorStore::Write(const v1::IngestArticlesRequest& request) {
  rocksdb::WriteBatch batch;
  for (const v1::Article& article : request.articles()) {
    ++articles_;
    std::string body_key = "b";
    AppendNumber(body_key, articles_);
    batch.Put(body_key, article.body());
    for (int i = 1; i < kKeysPerArticle; ++i) {
      // As an index would have it: what is mentioned, then where.
      std::string key = "m";
      AppendNumber(key, (articles_ * 31 + static_cast<uint64_t>(i)) % 18000);
      AppendNumber(key, articles_);
      batch.Put(key, "span of text");
    }
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  return FromRocks(db_->Write(options, &batch));
}

absl::StatusOr<absl::Duration> TimeFloorStore(
    const std::string& dir,
    const std::vector<v1::IngestArticlesRequest>& requests) {
  TOCSIN_ASSIGN_OR_RETURN(FloorStore store, FloorStore::Create(dir));
  const absl::Time start = absl::Now();
  for (const auto& request : requests) {
    TOCSIN_RETURN_IF_ERROR(store.Write(request));
  }
  return absl::Now() - start;
}

absl::StatusOr<absl::Duration> TimeFloorServer(
    const std::string& dir,
    const std::vector<v1::IngestArticlesRequest>& requests) {
  std::optional<FloorStore> store;
  if (!dir.empty()) {
    TOCSIN_ASSIGN_OR_RETURN(store, FloorStore::Create(dir));
  }
  FloorService service(store.has_value() ? &*store : nullptr);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    return absl::UnavailableError("the floor's server does not start");
  }
  absl::StatusOr<absl::Duration> time =
      TimeIngest(absl::StrCat("127.0.0.1:", port), requests);
  server->Shutdown();
  return time;
}

}  // namespace tocsin
