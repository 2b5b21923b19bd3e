// A daemon in this process, and calls of it that a fuzzer makes up: messages
// that are nearly right or not at all, halves of streams, calls that are broken
// off. Nothing of it may crash the daemon, keep it from answering, or be
// answered as if the daemon were at fault.
//
// TOCSIN_FUZZED_METHODS is the list of the methods that are called; each
// program of this file has its own (CMakeLists.txt).
#include <stdlib.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "app/daemon.h"
#include "fuzz/byte_source.h"
#include "fuzz/message_maker.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "tocsin/v1/alert_service.grpc.pb.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"

namespace tocsin {
namespace {

using google::protobuf::MethodDescriptor;

// After so many inputs the daemon starts anew, with an empty store.
constexpr int kInputsPerStore = 5000;
constexpr int kInputsPerCheck = 200;
constexpr std::chrono::milliseconds kHang{20'000};
// For what may never come.
constexpr std::chrono::milliseconds kPatience{5};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

Dictionary MakeDictionary() {
  Dictionary dictionary = {
      "",
      "a",
      "1",
      "2",
      "en",
      "nl",
      "und",
      "sources/a/articles/1",
      "subscriptions/s",
      "subscriptions/t",
      "s",
      "t",
      "rules/all",
      "entities/microsoft",
      "urgency <= 3",
      "rule = \"rules/all\"",
      "article.language = (\"sv\" OR \"da\")",
      "new(entity)",
      "labels.topic:*",
      "NOT (urgency > 2 AND urgency < 9)",
      "Microsoft said on Monday that it pays 500 million dollars to OpenAI.",
      "De minister trekt 2,5 miljard euro uit voor Philips en ASML.",
      "resource_token",
      "filter",
      "ack_deadline",
      "*",
      "\xff\xfe",
      "\xc3\x28"};
  dictionary.push_back(std::string(300, 'x'));
  return dictionary;
}

class Fuzzed {
 public:
  Fuzzed() : dictionary_(MakeDictionary()) {
    for (absl::string_view name :
         absl::StrSplit(TOCSIN_FUZZED_METHODS, ' ', absl::SkipEmpty())) {
      const auto* method =
          google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
              absl::StrCat("tocsin.v1.", name));
      if (method == nullptr) Fail(absl::StrCat("no method ", name));
      methods_.push_back(method);
    }
    const bool memory = std::filesystem::is_directory("/dev/shm");
    directory_ =
        memory ? "/dev/shm/tocsin-fuzz-XXXXXX" : "/tmp/tocsin-fuzz-XXXXXX";
    if (mkdtemp(directory_.data()) == nullptr) Fail("no temporary directory");
    Start();
  }

  ~Fuzzed() {
    channel_.reset();
    daemon_.reset();
    std::filesystem::remove_all(directory_);
  }

  void Run(ByteSource source) {
    if (++inputs_ % kInputsPerStore == 0) Start();
    for (size_t calls = 1 + source.Below(4); calls > 0; --calls) {
      Call(source, *methods_[source.Below(methods_.size())]);
    }
    if (inputs_ % kInputsPerCheck == 0) CheckHealth();
  }

 private:
  void Start() {
    channel_.reset();
    daemon_.reset();
    std::filesystem::remove_all(directory_ + "/data");
    Config config;
    config.data = directory_ + "/data";
    config.listen = "127.0.0.1:0";
    config.lexicon = TOCSIN_SOURCE_DIR "/daemon/data";
    config.rules = TOCSIN_SOURCE_DIR "/deploy/rules/default.yaml";
    config.threads = 1;
    config.log_level = LogLevel::kError;
    auto daemon = Daemon::Start(config);
    if (!daemon.ok()) Fail(daemon.status().ToString());
    daemon_ = *std::move(daemon);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel_ = grpc::CreateCustomChannel(
        daemon_->address(), grpc::InsecureChannelCredentials(), arguments);
    CheckHealth();  // Also: something is in the log.
  }

  // Waits for the operation that was started; false if it failed. The call is
  // broken off if nothing comes for a while.
  bool Await(grpc::ClientContext& context, grpc::CompletionQueue& queue,
             std::chrono::milliseconds patience) {
    void* tag = nullptr;
    bool ok = false;
    auto next =
        queue.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + patience);
    if (next == grpc::CompletionQueue::TIMEOUT) {
      if (patience == kHang) Fail("a call hangs");
      context.TryCancel();
      next =
          queue.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + kHang);
    }
    if (next != grpc::CompletionQueue::GOT_EVENT) Fail("a call hangs");
    return ok;
  }

  void Call(ByteSource& source, const MethodDescriptor& method) {
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    grpc::GenericStub stub(channel_);
    const auto call = stub.PrepareCall(
        &context,
        absl::StrCat("/", method.service()->full_name(), "/", method.name()),
        &queue);
    call->StartCall(nullptr);
    bool alive = Await(context, queue, kHang);
    // Only a stream takes more than one message, or none.
    size_t messages = 1;
    if (method.client_streaming() || source.Once(16))
      messages = source.Below(5);
    for (; alive && messages > 0; --messages) {
      alive = Write(source, method, context, queue, *call);
      if (alive && source.Once(4)) {
        alive = Read(context, queue, *call, kPatience);
      }
    }
    if (source.Once(4)) context.TryCancel();
    if (alive) {
      call->WritesDone(nullptr);
      Await(context, queue, kHang);
    }
    // A call has no end before what it answered is read, also where it takes
    // nothing more. A watch has no end of its own.
    const std::chrono::milliseconds patience =
        method.server_streaming() ? kPatience : kHang;
    bool more = true;
    for (int i = 0; more && i < 4; ++i) {
      more = Read(context, queue, *call, patience);
    }
    if (more) context.TryCancel();
    grpc::Status status;
    call->Finish(&status, nullptr);
    Await(context, queue, kHang);
    queue.Shutdown();
    Judge(status, method);
  }

  bool Write(ByteSource& source, const MethodDescriptor& method,
             grpc::ClientContext& context, grpc::CompletionQueue& queue,
             grpc::GenericClientAsyncReaderWriter& call) {
    const std::unique_ptr<google::protobuf::Message> message(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(method.input_type())
            ->New());
    Fill(source, dictionary_, *message);
    const grpc::Slice slice(Serialize(source, *message));
    call.Write(grpc::ByteBuffer(&slice, 1), nullptr);
    return Await(context, queue, kHang);
  }

  bool Read(grpc::ClientContext& context, grpc::CompletionQueue& queue,
            grpc::GenericClientAsyncReaderWriter& call,
            std::chrono::milliseconds patience) {
    grpc::ByteBuffer response;
    call.Read(&response, nullptr);
    return Await(context, queue, patience);
  }

  void Judge(const grpc::Status& status, const MethodDescriptor& method) {
    switch (status.error_code()) {
      case grpc::StatusCode::UNKNOWN:
      case grpc::StatusCode::INTERNAL:
      case grpc::StatusCode::DATA_LOSS:
      case grpc::StatusCode::UNAVAILABLE:
        // What gRPC itself says of a unary call with no message or with two.
        if (!method.client_streaming() && status.error_details().empty()) {
          return;
        }
        Fail(absl::StrCat(method.full_name(), " ended with ",
                          status.error_code(), ": ", status.error_message()));
      default:
        return;
    }
  }

  void CheckHealth() {
    const auto stub = v1::IngestService::NewStub(channel_);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kHang);
    context.set_wait_for_ready(true);
    v1::IngestArticleRequest request;
    request.mutable_article()->set_id(absl::StrCat("health-", inputs_));
    request.mutable_article()->set_body(
        absl::StrCat("Microsoft said on Monday that it raised ", 1000 + inputs_,
                     " million dollars."));
    v1::IngestArticleResponse response;
    const grpc::Status status =
        stub->IngestArticle(&context, request, &response);
    if (!status.ok() || response.result().revision() == 0) {
      Fail(absl::StrCat("the daemon is not well: ", status.error_message(), " ",
                        response.ShortDebugString()));
    }
  }

  const Dictionary dictionary_;
  std::vector<const MethodDescriptor*> methods_;
  std::string directory_;
  std::unique_ptr<Daemon> daemon_;
  std::shared_ptr<grpc::Channel> channel_;
  int inputs_ = 0;
};

}  // namespace
}  // namespace tocsin

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static tocsin::Fuzzed fuzzed;
  fuzzed.Run(tocsin::ByteSource(data, size));
  return 0;
}
