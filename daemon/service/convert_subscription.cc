#include "service/convert_subscription.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "pipeline/resume_token.h"
#include "rules/rule_set.h"
#include "service/convert_alert.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"

namespace tocsin {
namespace {

constexpr absl::Duration kDefaultDeadline = absl::Seconds(10);
constexpr absl::Duration kMinDeadline = absl::Milliseconds(100);
constexpr absl::Duration kMaxDeadline = absl::Hours(1);
constexpr int kDefaultOutstanding = 1'000;
constexpr int kMaxOutstanding = 10'000;
constexpr int kMaxAttempts = 1'000;

// Copies one field from `from`, which FromProto made.
struct ChangeableField {
  absl::string_view path;
  // Null: it cannot be changed, or is output only.
  void (*copy)(const SubscriptionRecord& from, SubscriptionRecord& to);
};
const ChangeableField kFields[] = {
    {"ack_deadline",
     [](const SubscriptionRecord& from, SubscriptionRecord& to) {
       to.set_ack_deadline(from.ack_deadline());
     }},
    {"max_outstanding",
     [](const SubscriptionRecord& from, SubscriptionRecord& to) {
       to.set_max_outstanding(from.max_outstanding());
     }},
    {"max_attempts",
     [](const SubscriptionRecord& from, SubscriptionRecord& to) {
       to.set_max_attempts(from.max_attempts());
     }},
    {"filter", nullptr},
    {"ordered", nullptr},
    {"name", nullptr},
};

}  // namespace

absl::StatusOr<std::string> SubscriptionIdOf(absl::string_view field,
                                             absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, "subscriptions/") || !IsRuleName(id)) {
    return FieldError(
        field, absl::StrCat("`", name.substr(0, 80),
                            "` is not of the form subscriptions/{subscription},"
                            " where {subscription} is 1 to 64 characters of "
                            "a-z, 0-9 and hyphen, beginning with a letter"));
  }
  return std::string(id);
}

absl::StatusOr<SubscriptionRecord> FromProto(const v1::Subscription& proto) {
  SubscriptionRecord record;
  record.set_filter(proto.filter());
  absl::Duration deadline = kDefaultDeadline;
  if (proto.has_ack_deadline()) {
    TOCSIN_ASSIGN_OR_RETURN(
        deadline, DurationFromProto("ack_deadline", proto.ack_deadline()));
    if (deadline < kMinDeadline || deadline > kMaxDeadline) {
      return FieldError("ack_deadline", "is not from 0.1 s to 1 h");
    }
  }
  record.set_ack_deadline(absl::ToInt64Microseconds(deadline));
  if (proto.max_outstanding() < 0 ||
      proto.max_outstanding() > kMaxOutstanding) {
    return FieldError("max_outstanding",
                      absl::StrCat("is not from 1 to ", kMaxOutstanding));
  }
  record.set_max_outstanding(proto.max_outstanding() == 0
                                 ? kDefaultOutstanding
                                 : proto.max_outstanding());
  if (proto.max_attempts() < 0 || proto.max_attempts() > kMaxAttempts) {
    return FieldError("max_attempts",
                      absl::StrCat("is not from 1 to ", kMaxAttempts,
                                   ", or 0 for any number"));
  }
  record.set_max_attempts(proto.max_attempts());
  record.set_ordered(proto.ordered());
  return record;
}

v1::Subscription ToProto(const SubscriptionInfo& info,
                         absl::string_view epoch) {
  v1::Subscription proto;
  const SubscriptionRecord& record = info.definition;
  proto.set_name(absl::StrCat("subscriptions/", info.id));
  proto.set_filter(record.filter());
  SetDuration(absl::Microseconds(record.ack_deadline()),
              proto.mutable_ack_deadline());
  proto.set_max_outstanding(record.max_outstanding());
  proto.set_max_attempts(record.max_attempts());
  proto.set_ordered(record.ordered());
  proto.set_resume_token(EncodeResumeToken(epoch, info.settled_through));
  proto.set_lag(info.lag);
  proto.set_outstanding_count(static_cast<int32_t>(info.outstanding));
  proto.set_dead_letter_count(static_cast<int64_t>(info.dead_letters));
  proto.set_etag(SubscriptionEtag(info.id, record));
  SetTimeMicros(record.create_time(), proto.mutable_create_time());
  proto.set_consumer_count(static_cast<int32_t>(info.consumers));
  proto.set_missed_count(info.missed);
  return proto;
}

v1::DeadLetter ToProto(const StoredLetter& letter, absl::string_view epoch) {
  v1::DeadLetter proto;
  *proto.mutable_alert() = AlertToProto(letter.record.alert(), epoch);
  proto.set_attempts(letter.record.attempts());
  SetTimeMicros(letter.record.create_time(), proto.mutable_create_time());
  proto.set_replaying(letter.replaying);
  return proto;
}

absl::Status MergeSubscription(const v1::Subscription& proto,
                               const google::protobuf::FieldMask& mask,
                               SubscriptionRecord& record) {
  const absl::StatusOr<SubscriptionRecord> from = FromProto(proto);
  if (!from.ok()) return InField("subscription", from.status());
  if (mask.paths_size() == 0 ||
      (mask.paths_size() == 1 && mask.paths(0) == "*")) {
    // A filter that is sent along unchanged, as read before, is no change.
    if (!proto.filter().empty() && proto.filter() != record.filter()) {
      return FieldError("subscription.filter",
                        "cannot be changed: make another subscription");
    }
    for (const ChangeableField& field : kFields) {
      if (field.copy != nullptr) field.copy(*from, record);
    }
    return absl::OkStatus();
  }
  for (const std::string& path : mask.paths()) {
    std::vector<absl::string_view> known;
    for (const ChangeableField& field : kFields) known.push_back(field.path);
    const auto found = std::find_if(
        std::begin(kFields), std::end(kFields),
        [&](const ChangeableField& field) { return field.path == path; });
    if (found == std::end(kFields)) {
      return FieldError(
          "update_mask",
          absl::StrCat("a subscription has no field `", path,
                       "` that can be changed", DidYouMean(path, known)));
    }
    if (found->copy == nullptr) {
      return FieldError("update_mask",
                        absl::StrCat("`", path,
                                     "` cannot be changed: make another "
                                     "subscription"));
    }
    found->copy(*from, record);
  }
  return absl::OkStatus();
}

}  // namespace tocsin
