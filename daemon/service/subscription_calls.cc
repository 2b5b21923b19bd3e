#include "service/subscription_calls.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rules/rule_set.h"
#include "service/compile_filter.h"
#include "service/convert_subscription.h"
#include "service/page.h"
#include "service/status_conversion.h"
#include "service/watch_cursor.h"

namespace tocsin {
namespace {

constexpr int kMaxSequences = 10'000;

v1::Subscription Answer(const ServiceContext& context,
                        const SubscriptionInfo& info) {
  return ToProto(info, context.store->epoch());
}

}  // namespace

absl::StatusOr<v1::Subscription> CreateSubscriptionCall(
    const ServiceContext& context,
    const v1::CreateSubscriptionRequest& request) {
  const std::string& id = request.subscription_id();
  if (!IsRuleName(id)) {
    return FieldError("subscription_id",
                      "is not 1 to 64 characters of a-z, 0-9 and hyphen, "
                      "beginning with a letter");
  }
  const std::string& name = request.subscription().name();
  if (!name.empty() && name != absl::StrCat("subscriptions/", id)) {
    return FieldError("subscription.name",
                      "is not the same as subscription_id");
  }
  absl::StatusOr<SubscriptionRecord> record = FromProto(request.subscription());
  if (!record.ok()) return InField("subscription", record.status());
  record->set_create_time(ToMicros(context.now()));
  TOCSIN_ASSIGN_OR_RETURN(
      const uint64_t position,
      ResolveStart("start", request.start(), *context.feed, *context.store));
  const absl::StatusOr<SubscriptionInfo> added =
      context.subscriptions->Add(id, *std::move(record), position);
  if (!added.ok()) return InField("subscription", added.status());
  return Answer(context, *added);
}

absl::StatusOr<v1::Subscription> GetSubscriptionCall(
    const ServiceContext& context, const v1::GetSubscriptionRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          SubscriptionIdOf("name", request.name()));
  TOCSIN_ASSIGN_OR_RETURN(const SubscriptionInfo info,
                          context.subscriptions->Get(id));
  return Answer(context, info);
}

// A page token is the id of the last subscription of the page before.
absl::StatusOr<v1::ListSubscriptionsResponse> ListSubscriptionsCall(
    const ServiceContext& context,
    const v1::ListSubscriptionsRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  std::string after;
  if (!request.page_token().empty() &&
      (!absl::WebSafeBase64Unescape(request.page_token(), &after) ||
       !IsRuleName(after))) {
    return FieldError("page_token", "is not one that this method gave");
  }
  const std::vector<SubscriptionInfo> infos =
      context.subscriptions->List(after, size + 1);
  v1::ListSubscriptionsResponse response;
  for (size_t i = 0; i < infos.size() && i < size; ++i) {
    *response.add_subscriptions() = Answer(context, infos[i]);
  }
  if (infos.size() > size) {
    response.set_next_page_token(absl::WebSafeBase64Escape(infos[size - 1].id));
  }
  return response;
}

absl::StatusOr<v1::Subscription> UpdateSubscriptionCall(
    const ServiceContext& context,
    const v1::UpdateSubscriptionRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(
      const std::string id,
      SubscriptionIdOf("subscription.name", request.subscription().name()));
  TOCSIN_ASSIGN_OR_RETURN(
      const SubscriptionInfo info,
      context.subscriptions->Update(
          id, request.subscription().etag(), [&](SubscriptionRecord& record) {
            return MergeSubscription(request.subscription(),
                                     request.update_mask(), record);
          }));
  return Answer(context, info);
}

absl::StatusOr<google::protobuf::Empty> DeleteSubscriptionCall(
    const ServiceContext& context,
    const v1::DeleteSubscriptionRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          SubscriptionIdOf("name", request.name()));
  TOCSIN_RETURN_IF_ERROR(context.subscriptions->Delete(id, request.etag()));
  return google::protobuf::Empty();
}

absl::StatusOr<v1::Subscription> SeekSubscriptionCall(
    const ServiceContext& context, const v1::SeekSubscriptionRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          SubscriptionIdOf("name", request.name()));
  TOCSIN_ASSIGN_OR_RETURN(const uint64_t position,
                          ResolveStart("position", request.position(),
                                       *context.feed, *context.store));
  TOCSIN_ASSIGN_OR_RETURN(const SubscriptionInfo info,
                          context.subscriptions->Seek(id, position));
  return Answer(context, info);
}

absl::StatusOr<v1::ListDeadLettersResponse> ListDeadLettersCall(
    const ServiceContext& context, const v1::ListDeadLettersRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          SubscriptionIdOf("name", request.name()));
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  const std::string key = absl::StrCat("dead letters ", id);
  TOCSIN_ASSIGN_OR_RETURN(const PageStart start,
                          DecodePageToken(request.page_token(), key));
  TOCSIN_ASSIGN_OR_RETURN(
      const std::vector<StoredLetter> letters,
      context.subscriptions->ListLetters(id, start.major, size + 1));
  v1::ListDeadLettersResponse response;
  for (size_t i = 0; i < letters.size() && i < size; ++i) {
    *response.add_dead_letters() = ToProto(letters[i], context.store->epoch());
  }
  if (letters.size() > size) {
    response.set_next_page_token(
        EncodePageToken({letters[size - 1].record.alert().sequence(), 0}, key));
  }
  return response;
}

absl::StatusOr<v1::ReplayDeadLettersResponse> ReplayDeadLettersCall(
    const ServiceContext& context,
    const v1::ReplayDeadLettersRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          SubscriptionIdOf("name", request.name()));
  if (request.sequences_size() > kMaxSequences) {
    return FieldError("sequences", absl::StrCat("has more than ", kMaxSequences,
                                                " elements"));
  }
  TOCSIN_ASSIGN_OR_RETURN(
      const size_t count,
      context.subscriptions->ReplayLetters(
          id, {request.sequences().begin(), request.sequences().end()}));
  v1::ReplayDeadLettersResponse response;
  response.set_replayed_count(static_cast<int32_t>(count));
  return response;
}

}  // namespace tocsin
