#include "ingest_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"

namespace tocsin {
namespace {

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  // Its own connection each time, not one left over from an earlier run.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace

absl::Status WaitForServer(const std::string& address, absl::Duration timeout) {
  std::shared_ptr<grpc::Channel> channel = Connect(address);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() +
                                 absl::ToChronoMilliseconds(timeout))) {
    return absl::DeadlineExceededError(
        absl::StrCat("no server answers at ", address));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Duration> TimeIngest(
    const std::string& address,
    const std::vector<v1::IngestArticlesRequest>& requests) {
  std::shared_ptr<grpc::Channel> channel = Connect(address);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() +
                                 std::chrono::seconds(5))) {
    return absl::UnavailableError(absl::StrCat("cannot reach ", address));
  }
  std::unique_ptr<v1::IngestService::Stub> stub =
      v1::IngestService::NewStub(channel);

  grpc::ClientContext context;
  const absl::Time start = absl::Now();
  auto stream = stub->IngestArticles(&context);
  std::thread writer([&] {
    for (const v1::IngestArticlesRequest& request : requests) {
      if (!stream->Write(request)) return;  // Finish() says why.
    }
    stream->WritesDone();
  });
  int expected = 0;
  for (const auto& request : requests) expected += request.articles_size();
  int stored = 0;
  std::string refused;
  absl::Time last = start;
  v1::IngestArticlesResponse response;
  while (stream->Read(&response)) {
    for (const v1::IngestResult& result : response.results()) {
      if (result.outcome() == v1::IngestResult::STORED) {
        ++stored;
      } else {
        refused = result.ShortDebugString();
      }
    }
    last = absl::Now();
  }
  writer.join();
  grpc::Status status = stream->Finish();
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat("IngestArticles: ", status.error_message()));
  }
  if (stored != expected) {
    return absl::FailedPreconditionError(
        absl::StrCat("stored ", stored, " of ", expected, "; ", refused));
  }
  return last - start;
}

}  // namespace tocsin
