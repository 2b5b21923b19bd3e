// tocsin.v1.AlertService: watches, reads of the alert log, and durable
// subscriptions (subscription_calls.h, pull_stream.h).
#ifndef TOCSIN_SERVICE_ALERT_SERVICE_H_
#define TOCSIN_SERVICE_ALERT_SERVICE_H_

#include <atomic>

#include "service/context.h"
#include "service/watch_cursor.h"
#include "service/watch_hub.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin {

// Every method takes its messages raw (wire.h).
template <class Service>
using WithRawSubscriptions =
    v1::AlertService::WithRawCallbackMethod_CreateSubscription<
        v1::AlertService::WithRawCallbackMethod_GetSubscription<
            v1::AlertService::WithRawCallbackMethod_ListSubscriptions<
                v1::AlertService::WithRawCallbackMethod_UpdateSubscription<
                    v1::AlertService::WithRawCallbackMethod_DeleteSubscription<
                        v1::AlertService::WithRawCallbackMethod_SeekSubscription<
                            v1::AlertService::
                                WithRawCallbackMethod_ListDeadLetters<
                                    v1::AlertService::
                                        WithRawCallbackMethod_ReplayDeadLetters<
                                            Service>>>>>>>>;
using AlertServiceBase =
    WithRawSubscriptions<v1::AlertService::WithRawCallbackMethod_WatchAlerts<
        v1::AlertService::WithRawCallbackMethod_PullAlerts<
            v1::AlertService::WithRawCallbackMethod_ListAlerts<
                v1::AlertService::WithRawCallbackMethod_GetAlert<
                    v1::AlertService::Service>>>>>;

class AlertService final : public AlertServiceBase {
 public:
  explicit AlertService(const ServiceContext& context);

  // Watches get what is in the log, then end with UNAVAILABLE; pulls may still
  // ack what they have for a moment. Does not wait.
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

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* PullAlerts(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* CreateSubscription(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetSubscription(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListSubscriptions(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateSubscription(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteSubscription(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SeekSubscription(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListDeadLetters(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ReplayDeadLetters(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override;

 private:
  absl::StatusOr<WatchCursor> MakeCursor(const grpc::ByteBuffer& request);

  const ServiceContext context_;
  WatchBatches batches_;
  std::atomic<int> watcher_count_{0};
  std::atomic<int> puller_count_{0};
  // Changes of subscriptions wait for the disk.
  WorkerPool changes_{1};
  WatchHub hub_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_ALERT_SERVICE_H_
