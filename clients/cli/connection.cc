#include "cli/connection.h"

#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/rpc_error.h"
#include "cli/time_text.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace tocsin::cli {
namespace {

std::shared_ptr<grpc::Channel> MakeChannel(const Connection::Options& options) {
  grpc::ChannelArguments arguments;
  // An answer is as large as the archive makes it.
  arguments.SetMaxReceiveMessageSize(256 << 20);
  // The daemon is next door; a proxy for the web has no part in this.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  if (options.keepalive) {
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  }
  return grpc::CreateCustomChannel(
      options.server, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Connection::Connection(Options options)
    : options_(std::move(options)), channel_(MakeChannel(options_)) {}

void Connection::SetDeadline(grpc::ClientContext& context) const {
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoMilliseconds(options_.timeout));
}

absl::Status Connection::Explain(const grpc::Status& status,
                                 const std::string& filter) const {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  const std::string& message = status.error_message();
  const std::string& server = options_.server;
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return absl::OkStatus();
    case grpc::StatusCode::UNAVAILABLE:
      if (absl::StrContains(message, "failed to connect") ||
          absl::StrContains(message, "connections to all backends")) {
        return absl::Status(
            code, absl::StrCat("no daemon at ", server,
                               ": start it with `tocsind --data DIR`, or name "
                               "another with --server HOST:PORT"));
      }
      if (absl::StrContains(message, "DNS resolution failed")) {
        return absl::Status(
            code, absl::StrCat("no host for '", server,
                               "': --server takes HOST:PORT or unix:PATH"));
      }
      return absl::Status(
          code, absl::StrCat("the daemon at ", server, " is away: ", message));
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::Status(code,
                          absl::StrCat("no answer from ", server, " within ",
                                       DurationText(options_.timeout),
                                       ": --timeout SECONDS waits longer"));
    case grpc::StatusCode::UNIMPLEMENTED:
      return absl::Status(
          code, absl::StrCat("the daemon at ", server,
                             " does not offer this: it may be of another "
                             "version (see `tocsin status`)"));
    default:
      return absl::Status(code, DescribeError(status, filter));
  }
}

bool IsTransient(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         // What a killed daemon may leave of a stream.
         (status.error_code() == grpc::StatusCode::INTERNAL &&
          absl::StrContains(status.error_message(), "RST_STREAM")) ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

}  // namespace tocsin::cli
