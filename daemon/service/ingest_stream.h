// One call of IngestArticles: reads while its lane has room, writes results as
// they come, at most one read and one write at a time.
//
// Lives until gRPC is done with it. The lane's and gRPC's threads meet in it
// under one mutex.
#ifndef TOCSIN_SERVICE_INGEST_STREAM_H_
#define TOCSIN_SERVICE_INGEST_STREAM_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "grpcpp/grpcpp.h"
#include "pipeline/ingest_lane.h"
#include "service/context.h"

namespace tocsin {

class IngestStream final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
      public std::enable_shared_from_this<IngestStream> {
 public:
  // `on_done` is called once, as the last thing.
  static std::shared_ptr<IngestStream> Start(
      const ServiceContext& context, std::shared_ptr<IngestBudget> budget,
      std::function<void(IngestStream*)> on_done);

  // Reads no more; what was read is still answered, then the call ends with
  // `why`.
  void Stop(const absl::Status& why);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  IngestStream(const ServiceContext& context,
               std::shared_ptr<IngestBudget> budget,
               std::function<void(IngestStream*)> on_done);

  // Starts whatever can be started now: a write, a read, the end.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // False if there was nothing to write.
  bool WriteResults() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const ServiceContext context_;
  const std::shared_ptr<IngestBudget> budget_;
  const std::function<void(IngestStream*)> on_done_;
  std::shared_ptr<IngestStream> self_;  // Until OnDone().
  std::shared_ptr<IngestLane> lane_;
  grpc::ByteBuffer request_;   // Of the read that is under way.
  grpc::ByteBuffer response_;  // Of the write that is under way.

  Mutex mu_;
  bool reading_ ABSL_GUARDED_BY(mu_) = false;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  // No more is read; the call ends with end_ when all is answered.
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mu_);
  // The daemon failed an article: no result follows.
  bool failed_ ABSL_GUARDED_BY(mu_) = false;
  // Nobody reads results any more.
  bool deaf_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_INGEST_STREAM_H_
