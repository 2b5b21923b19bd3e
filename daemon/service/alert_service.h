// tocsin.v1.AlertService: watches, and reads of the alert log.
#ifndef TOCSIN_SERVICE_ALERT_SERVICE_H_
#define TOCSIN_SERVICE_ALERT_SERVICE_H_

#include <atomic>

#include "service/context.h"
#include "service/watch_cursor.h"
#include "service/watch_hub.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin {

using AlertServiceBase = v1::AlertService::WithRawCallbackMethod_WatchAlerts<
    v1::AlertService::WithRawCallbackMethod_ListAlerts<
        v1::AlertService::WithRawCallbackMethod_GetAlert<
            v1::AlertService::Service>>>;

class AlertService final : public AlertServiceBase {
 public:
  explicit AlertService(const ServiceContext& context);

  // Watches get what is in the log, then end with UNAVAILABLE. Does not wait.
  void Drain();

  int watcher_count() const { return watcher_count_; }

  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchAlerts(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* ListAlerts(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetAlert(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;

 private:
  absl::StatusOr<WatchCursor> MakeCursor(const grpc::ByteBuffer& request);

  const ServiceContext context_;
  WatchBatches batches_;
  std::atomic<int> watcher_count_{0};
  WatchHub hub_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_ALERT_SERVICE_H_
