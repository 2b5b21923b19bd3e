#include "service/server.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/logging.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"

namespace tocsin {
namespace {

constexpr int kMaxReceiveBytes = 4 << 20;
constexpr int kMaxSendBytes = 16 << 20;
constexpr int kMaxMetadataBytes = 16 << 10;
constexpr int kMaxStreamsPerConnection = 1024;
constexpr size_t kMaxBufferBytes = 512 << 20;

// Clients may ping this often even without a call under way.
constexpr int kMinPingIntervalMs = 10'000;
// A connection without calls, and any connection at all: they are asked to
// come again, so that they spread and nothing is kept for ever. Watches get
// the grace to notice; they resume without loss.
constexpr int kMaxIdleMs = 30 * 60 * 1000;
constexpr int kMaxAgeMs = 24 * 3600 * 1000;
constexpr int kAgeGraceMs = 60 * 1000;

// The libraries below would write to stderr on their own: gRPC what we say in
// our own words, such as a taken port, and protobuf a line for every text that
// is not UTF-8, which a client could fill a disk with.
void QuietLibraries() {
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_function([](gpr_log_func_args* args) {
    Log(LogLevel::kDebug, "grpc", {{"says", args->message}});
  });
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  builder.SetMaxSendMessageSize(kMaxSendBytes);
  const std::pair<const char*, int> arguments[] = {
      {GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes},
      {GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection},
      {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
       kMinPingIntervalMs},
      {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1},
      {GRPC_ARG_MAX_CONNECTION_IDLE_MS, kMaxIdleMs},
      {GRPC_ARG_MAX_CONNECTION_AGE_MS, kMaxAgeMs},
      {GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kAgeGraceMs},
      // Two daemons on one port would each get half of the connections.
      {GRPC_ARG_ALLOW_REUSEPORT, 0},
  };
  for (const auto& [name, value] : arguments) {
    builder.AddChannelArgument(name, value);
  }
  grpc::ResourceQuota quota("tocsind");
  quota.Resize(kMaxBufferBytes);
  builder.SetResourceQuota(quota);
}

}  // namespace

Server::Server(const ServiceContext& context, const Options& options)
    : ingest_(context),
      alerts_(context),
      archive_(context),
      admin_(context, {options.version, options.start_time,
                       [this] { return alerts_.watcher_count(); },
                       options.backup_folder}) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServiceContext& context, Options options) {
  QuietLibraries();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  std::unique_ptr<Server> server(new Server(context, options));
  grpc::ServerBuilder builder;
  SetLimits(builder);
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(),
                           &server->port_);
  builder.RegisterService(&server->ingest_);
  builder.RegisterService(&server->alerts_);
  builder.RegisterService(&server->archive_);
  builder.RegisterService(&server->admin_);
  for (grpc::Service* service : options.more_services) {
    builder.RegisterService(service);
  }
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", options.address,
        ": is another program using that port? Choose another one with "
        "--listen, or stop that program"));
  }
  return server;
}

Server::~Server() {
  if (server_ != nullptr) Stop(absl::InfinitePast());
}

void Server::StopIngest(absl::Time deadline) {
  if (auto* health = server_->GetHealthCheckService(); health != nullptr) {
    health->SetServingStatus(false);
  }
  ingest_.Drain(deadline);
}

bool Server::Stop(absl::Time deadline) {
  alerts_.Drain();
  admin_.Drain();
  server_->Shutdown(absl::ToChronoTime(deadline));
  server_->Wait();
  server_.reset();
  return absl::Now() < deadline;
}

}  // namespace tocsin
