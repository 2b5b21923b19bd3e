// One call of PullAlerts: a consumer of a subscription, with at most one read
// and one write under way.
//
// Lives until gRPC is done with it. gRPC's threads and the book's meet in it
// under one mutex. A client that does not read is not read from for long: its
// answers are bounded.
#ifndef TOCSIN_SERVICE_PULL_STREAM_H_
#define TOCSIN_SERVICE_PULL_STREAM_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "grpcpp/grpcpp.h"
#include "pipeline/subscription_book.h"
#include "service/context.h"

namespace tocsin {

class PullStream final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
      public std::enable_shared_from_this<PullStream> {
 public:
  // `on_done` is called once, as the last thing.
  static std::shared_ptr<PullStream> Start(const ServiceContext& context,
                                           std::function<void()> on_done);

  // For the book: there may be more to send.
  void Wake();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  PullStream(const ServiceContext& context, std::function<void()> on_done);

  // The message that was read; an error ends the call.
  absl::Status TakeRequest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Starts whatever can be started now: a write, a read, the end.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Sends what is due, or learns of the end.
  void Send() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void EndWith(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const ServiceContext context_;
  const std::function<void()> on_done_;
  std::shared_ptr<PullStream> self_;  // Until OnDone().
  grpc::ByteBuffer request_;          // Of the read that is under way.
  grpc::ByteBuffer response_;         // Of the write that is under way.

  Mutex mu_;
  // From the first message to the end.
  std::unique_ptr<PullConsumer> consumer_ ABSL_GUARDED_BY(mu_);
  bool reading_ ABSL_GUARDED_BY(mu_) = false;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;  // The client sends no more.
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_PULL_STREAM_H_
