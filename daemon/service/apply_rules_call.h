// One call of ApplyRules: gathers the rules of the stream, then applies them.
//
// Belongs to gRPC: deletes itself when the call is done. Nothing else holds it.
#ifndef TOCSIN_SERVICE_APPLY_RULES_CALL_H_
#define TOCSIN_SERVICE_APPLY_RULES_CALL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/worker_pool.h"
#include "grpcpp/grpcpp.h"
#include "pipeline/rule_book.h"
#include "tocsin/v1/rule_service.pb.h"

namespace tocsin {

class ApplyRulesCall final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // The book and the pool outlive the call; context and response are gRPC's.
  ApplyRulesCall(grpc::CallbackServerContext* context,
                 grpc::ByteBuffer* response, RuleBook& book,
                 WorkerPool& changes);

  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  absl::Status Take(const v1::ApplyRulesRequest& request);
  absl::StatusOr<v1::ApplyRulesResponse> Apply();

  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const response_;
  RuleBook& book_;
  WorkerPool& changes_;

  grpc::ByteBuffer request_;
  bool first_ = true;
  std::string rule_set_;
  bool validate_only_ = false;
  int64_t rule_count_ = 0;  // As promised; 0: not.
  size_t bytes_ = 0;
  std::vector<RulePtr> rules_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_APPLY_RULES_CALL_H_
