// Unary methods as plain functions: parse, run on a pool, answer.
#ifndef TOCSIN_SERVICE_UNARY_H_
#define TOCSIN_SERVICE_UNARY_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "base/worker_pool.h"
#include "grpcpp/grpcpp.h"
#include "service/status_conversion.h"
#include "service/wire.h"

namespace tocsin {

// `handler` maps a Request& to absl::StatusOr<Response>; it runs on `pool`. The
// buffers are gRPC's and live until the call is finished.
template <typename Request, typename Handler>
grpc::ServerUnaryReactor* AnswerUnary(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request_bytes,
                                      grpc::ByteBuffer* response_bytes,
                                      WorkerPool& pool, Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto request = std::make_unique<Request>();
  if (absl::Status parsed = ParseMessage(*request_bytes, *request);
      !parsed.ok()) {
    reactor->Finish(ToGrpcStatus(parsed));
    return reactor;
  }
  pool.Add([reactor, response_bytes, request = std::move(request),
            handler = std::move(handler)] {
    auto response = handler(*request);
    if (response.ok()) *response_bytes = SerializeMessage(*response);
    reactor->Finish(ToGrpcStatus(response.status()));
  });
  return reactor;
}

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_UNARY_H_
