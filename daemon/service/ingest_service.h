// tocsin.v1.IngestService: takes articles in, and analyzes without storing.
#ifndef TOCSIN_SERVICE_INGEST_SERVICE_H_
#define TOCSIN_SERVICE_INGEST_SERVICE_H_

#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "pipeline/ingest_budget.h"
#include "service/context.h"
#include "service/ingest_stream.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"

namespace tocsin {

using IngestServiceBase =
    v1::IngestService::WithRawCallbackMethod_IngestArticle<
        v1::IngestService::WithRawCallbackMethod_IngestArticles<
            v1::IngestService::WithRawCallbackMethod_AnalyzeArticle<
                v1::IngestService::Service>>>;

class IngestService final : public IngestServiceBase {
 public:
  explicit IngestService(const ServiceContext& context);

  // Takes nothing more: streams end with UNAVAILABLE once what they sent is
  // answered. Returns when everything is, or at `deadline`.
  void Drain(absl::Time deadline);

  grpc::ServerUnaryReactor* IngestArticle(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* IngestArticles(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* AnalyzeArticle(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;

 private:
  // False while draining. Whoever was let in leaves.
  bool Enter();
  void Leave();

  const ServiceContext context_;
  const std::shared_ptr<IngestBudget> budget_;  // Of all calls together.

  Mutex mu_;
  CondVar left_;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  int inside_ ABSL_GUARDED_BY(mu_) = 0;  // Calls that store something.
  absl::flat_hash_set<IngestStream*> streams_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_INGEST_SERVICE_H_
