// Subscriptions and dead letters between the API's messages and what the book
// keeps. Pure functions.
#ifndef TOCSIN_SERVICE_CONVERT_SUBSCRIPTION_H_
#define TOCSIN_SERVICE_CONVERT_SUBSCRIPTION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "pipeline/subscription_book.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {

// {subscription} of `subscriptions/{subscription}`; INVALID_ARGUMENT names
// `field` if it is not that.
absl::StatusOr<std::string> SubscriptionIdOf(absl::string_view field,
                                             absl::string_view name);

// Zeros become the defaults; what is output only is ignored. INVALID_ARGUMENT
// names the field, without `subscription.`. The filter is not checked.
absl::StatusOr<SubscriptionRecord> FromProto(const v1::Subscription& proto);

// `epoch` is that of the alert log.
v1::Subscription ToProto(const SubscriptionInfo& info, absl::string_view epoch);
v1::DeadLetter ToProto(const StoredLetter& letter, absl::string_view epoch);

// Sets the fields of the mask; an empty one or `*` stands for all that can be
// changed. INVALID_ARGUMENT names `update_mask`, or a field as
// `subscription.filter`.
absl::Status MergeSubscription(const v1::Subscription& proto,
                               const google::protobuf::FieldMask& mask,
                               SubscriptionRecord& record);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_SUBSCRIPTION_H_
