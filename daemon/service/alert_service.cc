#include "service/alert_service.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "service/compile_filter.h"
#include "service/convert_alert.h"
#include "service/page.h"
#include "service/pull_stream.h"
#include "service/subscription_calls.h"
#include "service/unary.h"
#include "service/watch_stream.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

constexpr int kMaxWatchers = 20'000;
constexpr int kMaxPullers = 10'000;

// How long a pull may still ack what it has when the daemon stops.
constexpr absl::Duration kPullGrace = absl::Seconds(2);

// Of batches that are kept for other watchers.
constexpr size_t kSharedBatchBytes = 16 << 20;

// Alerts read from the store at once, where a filter drops some of them.
constexpr uint64_t kBlock = 512;

// A call that ends before it began.
class RefusedWatch final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  explicit RefusedWatch(const absl::Status& why) { Finish(ToGrpcStatus(why)); }
  void OnDone() override { delete this; }
};

class RefusedPull final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit RefusedPull(const absl::Status& why) { Finish(ToGrpcStatus(why)); }
  void OnDone() override { delete this; }
};

// The block of alerts that comes next in the order asked for. `at` is the
// sequence of the last one looked at; 0 is the beginning of either order.
absl::StatusOr<std::vector<AlertRecord>> ReadBlock(const Snapshot& snapshot,
                                                   bool oldest_first,
                                                   uint64_t at, uint64_t last,
                                                   uint64_t count) {
  if (oldest_first) return snapshot.ReadAlerts(at, count);
  const uint64_t end = at == 0 ? last : at - 1;
  if (end == 0) return std::vector<AlertRecord>();
  const uint64_t after = end > count ? end - count : 0;
  TOCSIN_ASSIGN_OR_RETURN(std::vector<AlertRecord> block,
                          snapshot.ReadAlerts(after, end - after));
  std::reverse(block.begin(), block.end());
  return block;
}

absl::StatusOr<v1::ListAlertsResponse> List(
    const ServiceContext& context, const v1::ListAlertsRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const auto filter,
                          CompileFilter(request.filter(), FilterPlace::kAlert));
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  const std::string key =
      absl::StrCat("alerts ", request.oldest_first(), request.filter());
  TOCSIN_ASSIGN_OR_RETURN(PageStart start,
                          DecodePageToken(request.page_token(), key));
  uint64_t at = start.major;
  const Snapshot snapshot = context.store->GetSnapshot();
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord commit, snapshot.LatestCommit());
  const uint64_t last = commit.last_sequence();
  const uint64_t count = filter == nullptr ? size : kBlock;
  v1::ListAlertsResponse response;
  for (size_t looked_at = 0;;) {
    TOCSIN_ASSIGN_OR_RETURN(
        const std::vector<AlertRecord> block,
        ReadBlock(snapshot, request.oldest_first(), at, last, count));
    if (block.empty()) return response;
    for (const AlertRecord& record : block) {
      at = record.sequence();
      ++looked_at;
      if (filter != nullptr &&
          !filter->Matches(AlertSubject(record).subject())) {
        continue;
      }
      *response.add_alerts() = AlertToProto(record, context.store->epoch());
      if (static_cast<size_t>(response.alerts_size()) == size) break;
    }
    if (static_cast<size_t>(response.alerts_size()) == size ||
        looked_at >= kMaxRowsPerPage) {
      break;
    }
  }
  const uint64_t first = std::max<uint64_t>(1, commit.oldest_sequence());
  const bool more = request.oldest_first() ? at < last : at > first;
  if (more) response.set_next_page_token(EncodePageToken({at, 0}, key));
  return response;
}

absl::StatusOr<v1::Alert> Get(const ServiceContext& context,
                              const v1::GetAlertRequest& request) {
  if (request.sequence() == 0) {
    return FieldError("sequence", "is missing; alerts are numbered from 1");
  }
  TOCSIN_ASSIGN_OR_RETURN(
      const std::vector<AlertRecord> found,
      context.store->GetSnapshot().ReadAlerts(request.sequence() - 1, 1));
  if (found.empty() || found[0].sequence() != request.sequence()) {
    return absl::NotFoundError(
        absl::StrCat("there is no alert ", request.sequence()));
  }
  return AlertToProto(found[0], context.store->epoch());
}

}  // namespace

AlertService::AlertService(const ServiceContext& context)
    : context_(context),
      batches_(*context.feed, kSharedBatchBytes),
      hub_(*context.feed) {}

void AlertService::Drain() {
  hub_.Drain();
  context_.subscriptions->Drain(kPullGrace);
}

absl::StatusOr<WatchCursor> AlertService::MakeCursor(
    const grpc::ByteBuffer& request) {
  v1::WatchAlertsRequest message;
  TOCSIN_RETURN_IF_ERROR(ParseMessage(request, message));
  TOCSIN_ASSIGN_OR_RETURN(auto selection, batches_.Select(message.filter()));
  TOCSIN_ASSIGN_OR_RETURN(
      const uint64_t after,
      ResolveStart("start", message.start(), *context_.feed, *context_.store));
  return WatchCursor(batches_, std::move(selection), after);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* AlertService::WatchAlerts(
    grpc::CallbackServerContext* /*context*/, const grpc::ByteBuffer* request) {
  absl::StatusOr<WatchCursor> cursor = MakeCursor(*request);
  if (!cursor.ok()) return new RefusedWatch(cursor.status());
  if (hub_.draining()) {
    return new RefusedWatch(StoppingError("come again with the same request"));
  }
  if (watcher_count_.fetch_add(1) >= kMaxWatchers) {
    --watcher_count_;
    return new RefusedWatch(absl::ResourceExhaustedError(
        absl::StrCat("there are ", kMaxWatchers, " watchers already")));
  }
  return WatchStream::Start(hub_, *std::move(cursor),
                            [this] { --watcher_count_; })
      .get();
}

grpc::ServerUnaryReactor* AlertService::ListAlerts(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListAlertsRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListAlertsRequest& message) {
        return List(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::GetAlert(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::GetAlertRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::GetAlertRequest& message) {
        return Get(context_, message);
      });
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
AlertService::PullAlerts(grpc::CallbackServerContext* /*context*/) {
  if (puller_count_.fetch_add(1) >= kMaxPullers) {
    --puller_count_;
    return new RefusedPull(absl::ResourceExhaustedError(
        absl::StrCat("there are ", kMaxPullers, " consumers already")));
  }
  return PullStream::Start(context_, [this] { --puller_count_; }).get();
}

grpc::ServerUnaryReactor* AlertService::CreateSubscription(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::CreateSubscriptionRequest>(
      context, request, response, changes_,
      [this](const v1::CreateSubscriptionRequest& message) {
        return CreateSubscriptionCall(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::GetSubscription(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::GetSubscriptionRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::GetSubscriptionRequest& message) {
        return GetSubscriptionCall(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::ListSubscriptions(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListSubscriptionsRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListSubscriptionsRequest& message) {
        return ListSubscriptionsCall(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::UpdateSubscription(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::UpdateSubscriptionRequest>(
      context, request, response, changes_,
      [this](const v1::UpdateSubscriptionRequest& message) {
        return UpdateSubscriptionCall(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::DeleteSubscription(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::DeleteSubscriptionRequest>(
      context, request, response, changes_,
      [this](const v1::DeleteSubscriptionRequest& message) {
        return DeleteSubscriptionCall(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::SeekSubscription(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::SeekSubscriptionRequest>(
      context, request, response, changes_,
      [this](const v1::SeekSubscriptionRequest& message) {
        return SeekSubscriptionCall(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::ListDeadLetters(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListDeadLettersRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListDeadLettersRequest& message) {
        return ListDeadLettersCall(context_, message);
      });
}

grpc::ServerUnaryReactor* AlertService::ReplayDeadLetters(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ReplayDeadLettersRequest>(
      context, request, response, changes_,
      [this](const v1::ReplayDeadLettersRequest& message) {
        return ReplayDeadLettersCall(context_, message);
      });
}

}  // namespace tocsin
