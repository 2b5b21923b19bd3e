#include "watch_load.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <atomic>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/mutex.h"

namespace tocsin {
namespace {

constexpr int kThreads = 2;

grpc::ByteBuffer Serialize(const v1::WatchAlertsRequest& request) {
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

ResponseFigures FiguresOf(const grpc::ByteBuffer& response) {
  using google::protobuf::internal::WireFormatLite;
  ResponseFigures figures;
  grpc::ByteBuffer bytes = response;  // A reference.
  grpc::ProtoBufferReader reader(&bytes);
  google::protobuf::io::CodedInputStream in(&reader);
  while (const uint32_t tag = in.ReadTag()) {
    switch (WireFormatLite::GetTagFieldNumber(tag)) {
      case v1::WatchAlertsResponse::kAlertsFieldNumber:
        ++figures.alerts;
        break;
      case v1::WatchAlertsResponse::kSequenceFieldNumber:
        in.ReadVarint64(&figures.sequence);
        continue;
      default:
        break;
    }
    if (!WireFormatLite::SkipField(&in, tag)) break;
  }
  return figures;
}

struct WatchLoad::Impl {
  struct Watcher {
    explicit Watcher(int watcher_number) : number(watcher_number) {}
    const int number;
    grpc::ClientContext context;
    std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
    grpc::ByteBuffer request;
    grpc::ByteBuffer response;
    enum {
      kStarting,
      kAsking,
      kReading,
      kStalled,
      kEnding,
      kEnded
    } state = kStarting;
    grpc::Status status;
    uint64_t position = 0;  // Under mu of Impl.
    bool connected = false;
  };

  Options options;
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  std::vector<std::unique_ptr<Watcher>> watchers;
  std::vector<std::thread> threads;
  std::atomic<uint64_t> alerts{0};
  std::atomic<uint64_t> messages{0};
  std::atomic<uint64_t> bytes{0};

  Mutex mu;
  CondVar changed;
  uint64_t goal ABSL_GUARDED_BY(mu) = ~uint64_t{0};
  size_t at_goal ABSL_GUARDED_BY(mu) = 0;
  size_t connected ABSL_GUARDED_BY(mu) = 0;
  size_t ended ABSL_GUARDED_BY(mu) = 0;
  std::string why_ended ABSL_GUARDED_BY(mu);

  void Run() {
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) Step(*static_cast<Watcher*>(tag), ok);
  }

  void Step(Watcher& watcher, bool ok) {
    if (watcher.state == Watcher::kEnding) return NoteEnd(watcher);
    if (!ok) {
      watcher.state = Watcher::kEnding;
      return watcher.call->Finish(&watcher.status, &watcher);
    }
    switch (watcher.state) {
      case Watcher::kStarting:
        watcher.state = Watcher::kAsking;
        return watcher.call->WriteLast(watcher.request, grpc::WriteOptions(),
                                       &watcher);
      case Watcher::kReading:
        if (options.stall) watcher.state = Watcher::kStalled;
        Take(watcher);
        if (options.stall) return;
        [[fallthrough]];
      default:
        watcher.state = Watcher::kReading;
        return watcher.call->Read(&watcher.response, &watcher);
    }
  }

  void Take(Watcher& watcher) {
    const ResponseFigures figures = FiguresOf(watcher.response);
    alerts.fetch_add(figures.alerts, std::memory_order_relaxed);
    messages.fetch_add(1, std::memory_order_relaxed);
    bytes.fetch_add(watcher.response.Length(), std::memory_order_relaxed);
    if (options.on_response) {
      options.on_response(watcher.number, figures, watcher.response);
    }
    MutexLock lock(mu);
    const bool was_there = watcher.position >= goal;
    watcher.position = figures.sequence;
    if (!std::exchange(watcher.connected, true)) ++connected;
    if (!was_there && watcher.position >= goal) ++at_goal;
    if (at_goal == watchers.size() || connected == watchers.size()) {
      changed.NotifyAll();
    }
  }

  void NoteEnd(Watcher& watcher) {
    watcher.state = Watcher::kEnded;
    MutexLock lock(mu);
    ++ended;
    why_ended = absl::StrCat("a watcher ended: ", watcher.status.error_code(),
                             " ", watcher.status.error_message());
    changed.NotifyAll();
  }

  template <typename Condition>
  absl::Status Wait(absl::Duration timeout, Condition condition) {
    const auto deadline =
        std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
    MutexLock lock(mu);
    while (!condition()) {
      if (ended > 0) return absl::UnavailableError(why_ended);
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= std::chrono::nanoseconds(0)) {
        return absl::DeadlineExceededError(absl::StrCat(
            "after ", absl::FormatDuration(timeout), " ", connected,
            " watchers are connected and ", at_goal, " have everything"));
      }
      changed.WaitFor(mu, left);
    }
    return absl::OkStatus();
  }
};

WatchLoad::WatchLoad(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

absl::StatusOr<std::unique_ptr<WatchLoad>> WatchLoad::Start(Options options) {
  auto impl = std::make_unique<Impl>();
  for (int i = 0; i < options.connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // As little as possible is read ahead for those that do not read.
    if (options.stall) arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    impl->stubs.push_back(
        std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(
            options.address, grpc::InsecureChannelCredentials(), arguments)));
  }
  impl->options = std::move(options);
  for (int i = 0; i < impl->options.watchers; ++i) {
    auto watcher = std::make_unique<Impl::Watcher>(i);
    watcher->request = Serialize(impl->options.request(i));
    impl->watchers.push_back(std::move(watcher));
  }
  for (int i = 0; i < kThreads; ++i) {
    impl->threads.emplace_back([raw = impl.get()] { raw->Run(); });
  }
  for (size_t i = 0; i < impl->watchers.size(); ++i) {
    Impl::Watcher& watcher = *impl->watchers[i];
    grpc::GenericStub& stub = *impl->stubs[i % impl->stubs.size()];
    watcher.context.set_wait_for_ready(true);
    watcher.call = stub.PrepareCall(
        &watcher.context, "/tocsin.v1.AlertService/WatchAlerts", &impl->queue);
    watcher.call->StartCall(&watcher);
  }
  return std::unique_ptr<WatchLoad>(new WatchLoad(std::move(impl)));
}

WatchLoad::~WatchLoad() {
  for (const auto& watcher : impl_->watchers) {
    watcher->context.TryCancel();
    if (watcher->state == Impl::Watcher::kStalled) {
      watcher->state = Impl::Watcher::kEnding;
      watcher->call->Finish(&watcher->status, watcher.get());
    }
  }
  {
    MutexLock lock(impl_->mu);
    while (impl_->ended < impl_->watchers.size()) {
      impl_->changed.Wait(impl_->mu);
    }
  }
  impl_->queue.Shutdown();
  for (std::thread& thread : impl_->threads) thread.join();
}

absl::Status WatchLoad::WaitUntil(uint64_t sequence, absl::Duration timeout) {
  {
    MutexLock lock(impl_->mu);
    impl_->goal = sequence;
    impl_->at_goal = 0;
    for (const auto& watcher : impl_->watchers) {
      impl_->at_goal += watcher->position >= sequence;
    }
  }
  return impl_->Wait(timeout, [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return impl_->at_goal == impl_->watchers.size();
  });
}

absl::Status WatchLoad::WaitUntilConnected(absl::Duration timeout) {
  return impl_->Wait(timeout, [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return impl_->connected == impl_->watchers.size();
  });
}

WatchTotals WatchLoad::totals() const {
  return {impl_->alerts, impl_->messages, impl_->bytes};
}

}  // namespace tocsin
