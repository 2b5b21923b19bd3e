// The connection to a daemon, and what its errors say to a person.
#ifndef TOCSIN_CLI_CONNECTION_H_
#define TOCSIN_CLI_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/interrupt.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace tocsin::cli {

// Thread-safe. Connects with the first call, and again by itself.
class Connection {
 public:
  struct Options {
    // host:port or unix:PATH.
    std::string server;
    // How long one call may take.
    absl::Duration timeout = absl::Seconds(30);
    // Notice a dead peer on a stream on which only the daemon sends.
    bool keepalive = false;
  };
  explicit Connection(Options options);

  const std::string& server() const { return options_.server; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // One unary call with the deadline:
  //   Call(&v1::ArchiveService::Stub::GetEntity, request)
  // `filter` is the text that the request carries, to show an error in it.
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request, const std::string& filter = "") const {
    grpc::ClientContext context;
    SetDeadline(context);
    const Interrupt::Scope scope([&context] { context.TryCancel(); });
    Stub stub(channel_);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return Explain(status, filter);
    return response;
  }

  void SetDeadline(grpc::ClientContext& context) const;

  // The error of a call for a person: names the thing and the fix. The code is
  // kept.
  absl::Status Explain(const grpc::Status& status,
                       const std::string& filter = "") const;

 private:
  const Options options_;
  const std::shared_ptr<grpc::Channel> channel_;
};

// Whether the same call may succeed later: the daemon is away, stopping, or the
// connection broke.
bool IsTransient(const grpc::Status& status);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_CONNECTION_H_
