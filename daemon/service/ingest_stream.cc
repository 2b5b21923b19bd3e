#include "service/ingest_stream.h"

#include <utility>
#include <vector>

#include "base/failpoint.h"
#include "service/convert_result.h"
#include "service/ingest_request.h"
#include "service/status_conversion.h"
#include "service/wire.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin {
namespace {

constexpr size_t kResultsPerMessage = 256;

}  // namespace

std::shared_ptr<IngestStream> IngestStream::Start(
    const ServiceContext& context, std::shared_ptr<IngestBudget> budget,
    std::function<void(IngestStream*)> on_done) {
  std::shared_ptr<IngestStream> stream(
      new IngestStream(context, std::move(budget), std::move(on_done)));
  stream->self_ = stream;
  // Weak: the lane may be held by what is under way after the call has ended.
  stream->lane_ = IngestLane::Create(
      IngestLane::Options(), *context.names, *context.sequencer,
      *context.analysis_pool, *context.answer_pool, stream->budget_,
      [weak = std::weak_ptr(stream)] {
        const std::shared_ptr<IngestStream> target = weak.lock();
        if (target == nullptr) return;
        MutexLock lock(target->mu_);
        target->Advance();
      });
  MutexLock lock(stream->mu_);
  stream->Advance();
  return stream;
}

IngestStream::IngestStream(const ServiceContext& context,
                           std::shared_ptr<IngestBudget> budget,
                           std::function<void(IngestStream*)> on_done)
    : context_(context),
      budget_(std::move(budget)),
      on_done_(std::move(on_done)) {}

void IngestStream::Stop(const absl::Status& why) {
  MutexLock lock(mu_);
  if (!ending_) {
    ending_ = true;
    end_ = why;
  }
  Advance();
}

void IngestStream::OnReadDone(bool ok) {
  bool taken = false;
  {
    MutexLock lock(mu_);
    taken = ok && !ending_;
  }
  absl::Status end;
  if (taken) {
    end = budget_->Check();
    if (end.ok()) end = context_.store->CheckSpace();
    if (end.ok()) {
      // Nothing else touches the request while the read counts as under way.
      auto articles = ReadIngestRequest(request_);
      end = articles.status();
      if (end.ok()) lane_->Add(*std::move(articles), context_.now());
    }
    request_.Clear();
  }
  MutexLock lock(mu_);
  reading_ = false;
  if ((!ok || !end.ok()) && !ending_) {
    ending_ = true;
    end_ = end;
  }
  Advance();
}

void IngestStream::OnWriteDone(bool ok) {
  (void)TOCSIN_FAILPOINT("ingest.send.after");
  MutexLock lock(mu_);
  writing_ = false;
  if (!ok) {
    deaf_ = true;
    ending_ = true;
  }
  Advance();
}

void IngestStream::OnCancel() {
  MutexLock lock(mu_);
  deaf_ = true;
  if (!ending_) {
    ending_ = true;
    end_ = absl::CancelledError("the client went away");
  }
  Advance();
}

void IngestStream::Advance() {
  if (finished_) return;
  if (deaf_) {
    // What was read is stored all the same; its results go nowhere.
    while (!lane_->Take(kResultsPerMessage).empty()) {
    }
  } else if (!writing_ && WriteResults()) {
    writing_ = true;
    (void)TOCSIN_FAILPOINT("ingest.send.before");
    StartWrite(&response_);
  }
  if (!reading_ && !ending_ && lane_->HasRoom()) {
    reading_ = true;
    StartRead(&request_);
  }
  if (ending_ && !writing_ && (deaf_ || lane_->Idle())) {
    finished_ = true;
    Finish(ToGrpcStatus(end_));
  }
}

bool IngestStream::WriteResults() {
  v1::IngestArticlesResponse response;
  while (response.results_size() == 0) {
    std::vector<LaneResult> results = lane_->Take(kResultsPerMessage);
    if (results.empty()) return false;
    for (LaneResult& result : results) {
      // Other errors are not the article's but the daemon's, and end the call
      // there: what has no result may be sent again.
      if (!failed_ && !result.status.ok() &&
          !absl::IsInvalidArgument(result.status)) {
        failed_ = true;
        ending_ = true;
        end_ = result.status;
      }
      if (!failed_) ResultToProto(std::move(result), *response.add_results());
    }
  }
  response_ = SerializeMessage(response);
  return true;
}

void IngestStream::OnDone() {
  on_done_(this);
  self_.reset();
}

}  // namespace tocsin
