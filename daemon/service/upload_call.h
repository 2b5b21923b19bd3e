// A client-streaming call that gathers a list and then acts on the whole of it,
// or on nothing.
#ifndef TOCSIN_SERVICE_UPLOAD_CALL_H_
#define TOCSIN_SERVICE_UPLOAD_CALL_H_

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "base/worker_pool.h"
#include "grpcpp/grpcpp.h"
#include "service/status_conversion.h"
#include "service/wire.h"

namespace tocsin {

// An Upload has
//   using Request = ...;
//   absl::Status Take(const Request& request, size_t bytes);
//   absl::StatusOr<Response> Apply();
// Take() gets every message in order, with the bytes that came so far, its own
// among them; an error ends the call. Apply() runs once, on the pool, if the
// client has ended the stream: one that broke is not a whole list.
//
// Belongs to gRPC: deletes itself when the call is done. Nothing else holds it.
template <class Upload>
class UploadCall final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // The pool outlives the call; context and response are gRPC's.
  UploadCall(grpc::CallbackServerContext* context, grpc::ByteBuffer* response,
             WorkerPool& pool, Upload upload)
      : context_(context),
        response_(response),
        pool_(pool),
        upload_(std::move(upload)) {
    StartRead(&bytes_);
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      typename Upload::Request request;
      absl::Status status = ParseMessage(bytes_, request);
      byte_count_ += bytes_.Length();
      if (status.ok()) status = upload_.Take(request, byte_count_);
      if (!status.ok()) return Finish(ToGrpcStatus(status));
      StartRead(&bytes_);
      return;
    }
    pool_.Add([this] {
      if (context_->IsCancelled()) return Finish(grpc::Status::CANCELLED);
      const auto applied = upload_.Apply();
      if (applied.ok()) *response_ = SerializeMessage(*applied);
      Finish(ToGrpcStatus(applied.status()));
    });
  }
  void OnDone() override { delete this; }

 private:
  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const response_;
  WorkerPool& pool_;
  Upload upload_;

  grpc::ByteBuffer bytes_;  // Of the message that is being read.
  size_t byte_count_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_UPLOAD_CALL_H_
