// The floor of watch_bench, a process of its own like the daemon: a bare gRPC
// server stream. Every call of WatchAlerts gets the messages of a file, the
// same bytes for everybody, one write after the other, and then stays open.
//
//   watch_floor --messages FILE --listen 127.0.0.1:0 --port-file FILE
#include <grpcpp/grpcpp.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin {
namespace {

using Messages = std::vector<grpc::ByteBuffer>;

// Each message after its length, as watch_bench writes them.
Messages ReadMessages(const std::string& path) {
  Messages messages;
  std::ifstream file(path, std::ios::binary);
  uint64_t size = 0;
  while (file.read(reinterpret_cast<char*>(&size), sizeof(size))) {
    std::string bytes(size, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    const grpc::Slice slice(bytes);
    messages.emplace_back(&slice, 1);
  }
  return messages;
}

class Stream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  explicit Stream(const Messages& messages) : messages_(messages) { Next(); }

  void OnWriteDone(bool ok) override {
    if (ok) Next();
  }
  void OnCancel() override { Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (next_ < messages_.size()) StartWrite(&messages_[next_++]);
  }

  const Messages& messages_;
  size_t next_ = 0;
};

class Service final
    : public v1::AlertService::WithRawCallbackMethod_WatchAlerts<
          v1::AlertService::Service> {
 public:
  explicit Service(Messages messages) : messages_(std::move(messages)) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchAlerts(
      grpc::CallbackServerContext* /*context*/,
      const grpc::ByteBuffer* /*request*/) override {
    return new Stream(messages_);
  }

 private:
  const Messages messages_;
};

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  std::string data;
  std::string messages;
  std::string listen;
  std::string port_file;
  CLI::App app{"A bare gRPC server stream, for watch_bench."};
  app.add_option("--data", data, "ignored: benchmarks give it to every server");
  app.add_option("--messages", messages)->check(CLI::ExistingFile)->required();
  app.add_option("--listen", listen)->required();
  app.add_option("--port-file", port_file)->required();
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  tocsin::Service service(tocsin::ReadMessages(messages));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::ofstream(port_file) << port << "\n" << std::flush;
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}
