#include "service/pull_stream.h"

#include <utility>
#include <vector>

#include "base/failpoint.h"
#include "base/status_macros.h"
#include "service/convert_pull.h"
#include "service/status_conversion.h"
#include "service/wire.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

// Answers that may wait for a client to read them before it is read from again.
constexpr size_t kMaxAnswersWaiting = 20'000;

// Takes without a match after which a thread goes on to something else.
constexpr int kTakesPerTurn = 8;

// With where to seek, if the place was lost.
absl::Status EndOf(const PullBatch& batch, const AlertFeed& feed) {
  absl::Status status = *batch.end;
  if (batch.missed > 0) {
    v1::PositionLost lost;
    lost.set_reason(v1::PositionLost::NOT_KEPT);
    lost.set_resume_token(feed.TokenFor(feed.oldest_sequence() - 1));
    lost.set_missed(batch.missed);
    AddDetail(status, lost);
  }
  return status;
}

}  // namespace

std::shared_ptr<PullStream> PullStream::Start(const ServiceContext& context,
                                              std::function<void()> on_done) {
  std::shared_ptr<PullStream> stream(
      new PullStream(context, std::move(on_done)));
  stream->self_ = stream;
  MutexLock lock(stream->mu_);
  stream->Advance();
  return stream;
}

PullStream::PullStream(const ServiceContext& context,
                       std::function<void()> on_done)
    : context_(context), on_done_(std::move(on_done)) {}

absl::Status PullStream::TakeRequest() {
  TOCSIN_ASSIGN_OR_RETURN(PullRequest request, ReadPullRequest(request_));
  if (consumer_ == nullptr) {
    TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                            CheckFirstPullRequest(request));
    TOCSIN_ASSIGN_OR_RETURN(
        consumer_, context_.subscriptions->Join(
                       id, request.max_outstanding, [weak = weak_from_this()] {
                         if (const auto stream = weak.lock()) stream->Wake();
                       }));
  } else {
    TOCSIN_RETURN_IF_ERROR(CheckLaterPullRequest(request));
  }
  if (!request.verdicts.empty() || request.ack_through > 0) {
    consumer_->Apply(request.verdicts, request.ack_through,
                     context_.steady_now());
  }
  return absl::OkStatus();
}

void PullStream::OnReadDone(bool ok) {
  MutexLock lock(mu_);
  reading_ = false;
  if (ok && !ending_) {
    const absl::Status status = TakeRequest();
    request_.Clear();
    if (!status.ok()) EndWith(status);
  } else if (!ok && !closed_) {
    closed_ = true;
    if (consumer_ != nullptr) {
      consumer_->Close(context_.steady_now());
    } else {
      EndWith(FieldError("subscription", "is missing: nothing was sent"));
    }
  }
  Advance();
}

void PullStream::OnWriteDone(bool ok) {
  MutexLock lock(mu_);
  writing_ = false;
  if (const absl::Status status = TOCSIN_FAILPOINT("pull.send.after");
      !status.ok()) {
    EndWith(status);
  }
  if (!ok) EndWith(absl::CancelledError("the client went away"));
  Advance();
}

void PullStream::OnCancel() {
  MutexLock lock(mu_);
  EndWith(absl::CancelledError("the client went away"));
  Advance();
}

void PullStream::Wake() {
  MutexLock lock(mu_);
  Advance();
}

void PullStream::EndWith(const absl::Status& status) {
  if (ending_) return;
  ending_ = true;
  end_ = status;
  // What it did not ack goes to others now, not when gRPC is done.
  consumer_.reset();
}

void PullStream::Advance() {
  if (finished_) return;
  if (!writing_ && !ending_ && consumer_ != nullptr) Send();
  if (!reading_ && !ending_ && !closed_ &&
      (consumer_ == nullptr ||
       consumer_->AnswersWaiting() < kMaxAnswersWaiting)) {
    reading_ = true;
    StartRead(&request_);
  }
  if (ending_ && !writing_) {
    finished_ = true;
    Finish(ToGrpcStatus(end_));
  }
}

void PullStream::Send() {
  for (int takes = 0; takes < kTakesPerTurn; ++takes) {
    PullBatch batch = consumer_->Take(context_.steady_now());
    if (!batch.empty()) {
      if (const absl::Status status = TOCSIN_FAILPOINT("pull.send.before");
          !status.ok()) {
        return EndWith(status);
      }
      response_ = EncodePullResponse(batch);
      writing_ = true;
      StartWrite(&response_);
    }
    if (batch.end.has_value()) return EndWith(EndOf(batch, *context_.feed));
    if (!batch.empty() || !batch.more) return;
  }
  // Others want this thread as well.
  context_.query_pool->Add([weak = weak_from_this()] {
    if (const auto stream = weak.lock()) stream->Wake();
  });
}

void PullStream::OnDone() {
  on_done_();
  self_.reset();
}

}  // namespace tocsin
