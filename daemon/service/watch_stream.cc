#include "service/watch_stream.h"

#include <utility>

#include "base/failpoint.h"
#include "service/status_conversion.h"

namespace tocsin {
namespace {

// The API promises a mark every 5 s; the hub wakes once a second. Not the time
// of day, which may be set back.
using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kProgressEvery{3};

// Steps without a match after which a thread goes on to something else: the
// place reached is marked, and the write's end continues.
constexpr int kStepsPerTurn = 16;

}  // namespace

std::shared_ptr<WatchStream> WatchStream::Start(WatchHub& hub,
                                                WatchCursor cursor,
                                                std::function<void()> on_done) {
  std::shared_ptr<WatchStream> stream(
      new WatchStream(hub, std::move(cursor), std::move(on_done)));
  stream->self_ = stream;
  // The first thing a watcher gets is its place, so that it can resume even if
  // nothing has rung yet.
  stream->Write(stream->cursor_.ProgressMark());
  return stream;
}

WatchStream::WatchStream(WatchHub& hub, WatchCursor cursor,
                         std::function<void()> on_done)
    : hub_(hub), on_done_(std::move(on_done)), cursor_(std::move(cursor)) {}

void WatchStream::Pump() {
  for (int steps = 1;; ++steps) {
    {
      MutexLock lock(mu_);
      if (cancelled_) break;
    }
    auto batch = cursor_.Next();
    if (!batch.ok()) return End(batch.status());
    const bool mark_due =
        steps >= kStepsPerTurn || Clock::now() - last_write_ >= kProgressEvery;
    if ((*batch)->alert_count > 0 || mark_due) {
      return Write(*std::move(batch));
    }
    if (!(*batch)->at_end) continue;
    if (hub_.draining()) {
      return End(StoppingError("resume with the last token"));
    }
    {
      MutexLock lock(mu_);
      if (cancelled_) break;
      state_ = State::kWaiting;
    }
    return hub_.Wait(shared_from_this(), cursor_.position());
  }
  End(absl::CancelledError("the client went away"));
}

void WatchStream::Write(std::shared_ptr<const WatchBatch> batch) {
  writing_ = std::move(batch);
  last_write_ = Clock::now();
  {
    MutexLock lock(mu_);
    state_ = State::kWriting;
  }
  (void)TOCSIN_FAILPOINT("watch.send.before");
  StartWrite(&writing_->response);
}

void WatchStream::End(const absl::Status& status) {
  {
    MutexLock lock(mu_);
    state_ = State::kEnded;
  }
  Finish(ToGrpcStatus(status));
}

void WatchStream::Wake() {
  {
    MutexLock lock(mu_);
    if (state_ != State::kWaiting) return;
    state_ = State::kPumping;
  }
  Pump();
}

void WatchStream::OnWriteDone(bool ok) {
  (void)TOCSIN_FAILPOINT("watch.send.after");
  writing_.reset();  // Others may be done with it too.
  {
    MutexLock lock(mu_);
    state_ = State::kPumping;
    if (!ok) cancelled_ = true;
  }
  hub_.Continue(shared_from_this());
}

void WatchStream::OnCancel() {
  {
    MutexLock lock(mu_);
    cancelled_ = true;
    if (state_ != State::kWaiting) return;  // Who holds the state will see it.
    state_ = State::kEnded;
  }
  Finish(ToGrpcStatus(absl::CancelledError("the client went away")));
}

void WatchStream::OnDone() {
  on_done_();
  self_.reset();
}

}  // namespace tocsin
