// The unary methods of AlertService about subscriptions, as functions:
// translate and delegate to the subscription book. Thread-safe.
#ifndef TOCSIN_SERVICE_SUBSCRIPTION_CALLS_H_
#define TOCSIN_SERVICE_SUBSCRIPTION_CALLS_H_

#include "absl/status/statusor.h"
#include "google/protobuf/empty.pb.h"
#include "service/context.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {

absl::StatusOr<v1::Subscription> CreateSubscriptionCall(
    const ServiceContext& context,
    const v1::CreateSubscriptionRequest& request);
absl::StatusOr<v1::Subscription> GetSubscriptionCall(
    const ServiceContext& context, const v1::GetSubscriptionRequest& request);
absl::StatusOr<v1::ListSubscriptionsResponse> ListSubscriptionsCall(
    const ServiceContext& context, const v1::ListSubscriptionsRequest& request);
absl::StatusOr<v1::Subscription> UpdateSubscriptionCall(
    const ServiceContext& context,
    const v1::UpdateSubscriptionRequest& request);
absl::StatusOr<google::protobuf::Empty> DeleteSubscriptionCall(
    const ServiceContext& context,
    const v1::DeleteSubscriptionRequest& request);
absl::StatusOr<v1::Subscription> SeekSubscriptionCall(
    const ServiceContext& context, const v1::SeekSubscriptionRequest& request);
absl::StatusOr<v1::ListDeadLettersResponse> ListDeadLettersCall(
    const ServiceContext& context, const v1::ListDeadLettersRequest& request);
absl::StatusOr<v1::ReplayDeadLettersResponse> ReplayDeadLettersCall(
    const ServiceContext& context, const v1::ReplayDeadLettersRequest& request);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_SUBSCRIPTION_CALLS_H_
