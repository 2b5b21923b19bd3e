#include "cli/ingest_stream.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/interrupt.h"
#include "cli/status.h"
#include "cli/text.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

// A message holds at most so many articles (ingest_service.proto) and bytes;
// an article that is larger alone goes alone.
constexpr size_t kBatchArticles = 256;
constexpr size_t kBatchBytes = 512 << 10;
// gRPC refuses messages of more than 4 MiB, and with them the whole stream.
constexpr size_t kMaxArticleBytes = (4 << 20) - (64 << 10);
constexpr size_t kWindowArticles = 4096;
constexpr size_t kWindowBytes = 32 << 20;
constexpr int kInvalidArgument = 3;  // google.rpc.Code

}  // namespace

// One call, and the thread that reads its results.
class IngestStream::Session {
 public:
  explicit Session(const Connection& connection)
      : stub_(v1::IngestService::NewStub(connection.channel())),
        stream_(stub_->IngestArticles(&context_)),
        reader_([this] { Read(); }) {}

  ~Session() {
    context_.TryCancel();
    if (reader_.joinable()) reader_.join();
  }

  bool Write(const v1::IngestArticlesRequest& request) {
    return stream_->Write(request);
  }

  // Results that have come; waits for the first of them if `wait`, but not for
  // ever: an empty answer may come at any time. `ended` says that none will.
  std::vector<v1::IngestResult> Take(bool wait, bool& ended) {
    std::unique_lock<std::mutex> lock(mu_);
    if (wait) {
      changed_.wait_for(lock, std::chrono::milliseconds(100),
                        [&] { return ended_ || !results_.empty(); });
    }
    ended = ended_ && results_.empty();
    return std::exchange(results_, {});
  }

  // Why it ended. Once, after Take() said so.
  grpc::Status Finish() {
    reader_.join();
    return stream_->Finish();
  }

 private:
  void Read() {
    v1::IngestArticlesResponse response;
    while (stream_->Read(&response)) {
      std::lock_guard<std::mutex> lock(mu_);
      std::move(response.mutable_results()->begin(),
                response.mutable_results()->end(),
                std::back_inserter(results_));
      changed_.notify_all();
    }
    std::lock_guard<std::mutex> lock(mu_);
    ended_ = true;
    changed_.notify_all();
  }

  grpc::ClientContext context_;
  const std::unique_ptr<v1::IngestService::Stub> stub_;
  const std::unique_ptr<grpc::ClientReaderWriter<v1::IngestArticlesRequest,
                                                 v1::IngestArticlesResponse>>
      stream_;

  std::mutex mu_;
  std::condition_variable changed_;
  std::vector<v1::IngestResult> results_;  // Guarded by mu_.
  bool ended_ = false;                     // Guarded by mu_.

  std::thread reader_;  // Last: it uses the members above.
};

IngestStream::IngestStream(const Connection& connection, Terminal& out,
                           Options options, OnResult on_result)
    : connection_(connection),
      out_(out),
      options_(options),
      on_result_(std::move(on_result)) {}

IngestStream::~IngestStream() = default;

absl::Status IngestStream::Add(Origin origin, v1::Article article) {
  if (Interrupt::Requested()) return absl::CancelledError("interrupted");
  const size_t bytes = article.ByteSizeLong();
  if (bytes > kMaxArticleBytes) {
    // Results are in the order of the articles.
    CLI_RETURN_IF_ERROR(Settle());
    v1::IngestResult result;
    result.set_outcome(v1::IngestResult::REJECTED);
    result.mutable_error()->set_code(kInvalidArgument);
    result.mutable_error()->set_message(absl::StrCat(
        "article.body: has ",
        Counted(static_cast<int64_t>(article.body().size()), "byte", "bytes"),
        "; the limit is 2 MiB"));
    on_result_(origin, result);
    return absl::OkStatus();
  }
  if (unsent() >= kBatchArticles ||
      (unsent() > 0 && unsent_bytes_ + bytes > kBatchBytes)) {
    CLI_RETURN_IF_ERROR(Send());
  }
  outstanding_.push_back({std::move(origin), std::move(article), bytes});
  outstanding_bytes_ += bytes;
  unsent_bytes_ += bytes;
  CLI_RETURN_IF_ERROR(Deliver(false));
  while (outstanding_.size() >= kWindowArticles ||
         outstanding_bytes_ >= kWindowBytes) {
    CLI_RETURN_IF_ERROR(Send());
    CLI_RETURN_IF_ERROR(Deliver(true));
  }
  return absl::OkStatus();
}

absl::Status IngestStream::Flush() {
  CLI_RETURN_IF_ERROR(Send());
  return Deliver(false);
}

absl::Status IngestStream::Settle() {
  while (!outstanding_.empty()) {
    CLI_RETURN_IF_ERROR(Send());
    CLI_RETURN_IF_ERROR(Deliver(true));
  }
  return absl::OkStatus();
}

absl::Status IngestStream::Send() {
  while (unsent() > 0) {
    if (session_ == nullptr) session_ = std::make_unique<Session>(connection_);
    v1::IngestArticlesRequest request;
    request.set_suppress_alerts(options_.suppress_alerts);
    size_t bytes = 0;
    size_t end = sent_;
    for (; end < outstanding_.size() && end - sent_ < kBatchArticles; ++end) {
      const Pending& pending = outstanding_[end];
      if (end > sent_ && bytes + pending.bytes > kBatchBytes) break;
      bytes += pending.bytes;
      *request.add_articles() = pending.article;
    }
    // A broken stream refuses it; Deliver then opens another, on which it is
    // sent again.
    session_->Write(request);
    sent_ = end;
    unsent_bytes_ -= bytes;
    CLI_RETURN_IF_ERROR(Deliver(false));
  }
  return absl::OkStatus();
}

absl::Status IngestStream::Deliver(bool wait) {
  if (session_ == nullptr) return absl::OkStatus();
  bool ended = false;
  for (v1::IngestResult& result : session_->Take(wait, ended)) {
    if (sent_ == 0) {
      return absl::InternalError(
          "the daemon answered for more articles than it was sent");
    }
    if (away_since_ != absl::InfinitePast())
      out_.Note("tocsin: connected again");
    away_since_ = absl::InfinitePast();
    was_connected_ = true;
    const Pending pending = std::move(outstanding_.front());
    outstanding_.pop_front();
    --sent_;
    outstanding_bytes_ -= pending.bytes;
    on_result_(pending.origin, result);
  }
  return ended ? Reconnect() : absl::OkStatus();
}

absl::Status IngestStream::Reconnect() {
  const grpc::Status status = session_->Finish();
  session_ = nullptr;
  sent_ = 0;
  unsent_bytes_ = outstanding_bytes_;
  // Nobody waits for anything: the next article opens another stream.
  if (outstanding_.empty() && (status.ok() || IsTransient(status))) {
    return absl::OkStatus();
  }
  if (status.ok()) return absl::InternalError("the daemon ended the stream");
  const absl::Status problem = connection_.Explain(status);
  const bool is_first = away_since_ == absl::InfinitePast();
  if (is_first) {
    away_since_ = absl::Now();
    pause_seconds_ = 0.2;
  }
  if (!IsTransient(status) || !(was_connected_ || options_.wait_for_daemon) ||
      absl::Now() - away_since_ > options_.retry_for) {
    return problem;
  }
  if (is_first) {
    out_.Note(absl::StrCat("tocsin: ", problem.message(), "; trying again"));
  }
  Interrupt::Sleep(pause_seconds_);
  if (Interrupt::Requested()) return absl::CancelledError("interrupted");
  pause_seconds_ = std::min(pause_seconds_ * 2, 5.0);
  return absl::OkStatus();
}

}  // namespace tocsin::cli
