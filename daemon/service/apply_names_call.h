// One call of ApplyNames: gathers the names of the stream, then applies them.
//
// Belongs to gRPC: deletes itself when the call is done. Nothing else holds it.
#ifndef TOCSIN_SERVICE_APPLY_NAMES_CALL_H_
#define TOCSIN_SERVICE_APPLY_NAMES_CALL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "base/worker_pool.h"
#include "grpcpp/grpcpp.h"
#include "service/context.h"
#include "tocsin/v1/admin_service.pb.h"

namespace tocsin {

class ApplyNamesCall final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // What `services` names and the pool outlive the call; context and response
  // are gRPC's.
  ApplyNamesCall(grpc::CallbackServerContext* context,
                 grpc::ByteBuffer* response, const ServiceContext& services,
                 WorkerPool& changes);

  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  absl::Status Take(const v1::ApplyNamesRequest& request);
  absl::StatusOr<v1::ApplyNamesResponse> Apply();

  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const response_;
  const ServiceContext services_;
  WorkerPool& changes_;

  grpc::ByteBuffer request_;
  bool first_ = true;
  bool validate_only_ = false;
  int64_t name_count_ = 0;  // As promised; 0: not.
  size_t bytes_ = 0;
  std::vector<NameRecord> names_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_APPLY_NAMES_CALL_H_
