// Sending a list of any length over one client-streaming call.
#ifndef TOCSIN_CLI_UPLOAD_H_
#define TOCSIN_CLI_UPLOAD_H_

#include <cstddef>
#include <memory>

#include "cli/connection.h"
#include "cli/interrupt.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace tocsin::cli {

// Under the 4 MiB that a message may have, whatever the items look like.
inline constexpr size_t kUploadMessageBytes = 1 << 20;

// Sends `items`, put into copies of `head` by `add(item, request)`, in as few
// messages as their size allows, but one at least. The status is the call's.
template <class Stub, class Request, class Response, class Items, class Add>
grpc::Status Upload(const Connection& connection,
                    std::unique_ptr<grpc::ClientWriter<Request>> (
                        Stub::*method)(grpc::ClientContext*, Response*),
                    const Request& head, const Items& items, Add add,
                    Response& response) {
  grpc::ClientContext call;
  connection.SetDeadline(call);
  const Interrupt::Scope scope([&call] { call.TryCancel(); });
  Stub stub(connection.channel());
  const auto writer = (stub.*method)(&call, &response);
  Request request = head;
  size_t bytes = 0;
  bool open = true;  // The daemon may refuse before it has seen everything.
  for (const auto& item : items) {
    const size_t size = item.ByteSizeLong();
    if (bytes > 0 && bytes + size > kUploadMessageBytes) {
      open = writer->Write(request);
      request = head;
      bytes = 0;
      if (!open) break;
    }
    add(item, request);
    bytes += size;
  }
  if (open) writer->Write(request);
  writer->WritesDone();
  return writer->Finish();
}

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_UPLOAD_H_
