#include "service/convert_pull.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"
#include "pipeline/ack_id.h"
#include "service/convert_subscription.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"
#include "service/wire.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
using Delivery = v1::PullAlertsResponse::Delivery;

constexpr absl::Duration kMaxDelay = absl::Hours(24);

absl::StatusOr<PullVerdict> ReadVerdict(const v1::PullAlertsRequest::Ack& ack) {
  PullVerdict verdict;
  verdict.ack_id = ack.ack_id();
  if (ack.ack_id().empty()) return FieldError("ack_id", "is missing");
  if (ack.ack_id().size() > kMaxAckIdBytes) {
    return FieldError("ack_id", "is longer than any that was given out");
  }
  switch (ack.verdict()) {
    case v1::PullAlertsRequest::Ack::ACK:
      verdict.kind = PullVerdict::Kind::kAck;
      break;
    case v1::PullAlertsRequest::Ack::NACK:
      verdict.kind = PullVerdict::Kind::kNack;
      break;
    case v1::PullAlertsRequest::Ack::EXTEND:
      verdict.kind = PullVerdict::Kind::kExtend;
      break;
    default:
      return FieldError("verdict", "is not one of ACK, NACK and EXTEND");
  }
  if (!ack.has_delay()) return verdict;
  if (verdict.kind == PullVerdict::Kind::kAck) {
    return FieldError("delay", "has no meaning for ACK");
  }
  TOCSIN_ASSIGN_OR_RETURN(const absl::Duration delay,
                          DurationFromProto("delay", ack.delay()));
  if (delay > kMaxDelay) return FieldError("delay", "is longer than a day");
  verdict.delay = delay;
  return verdict;
}

uint32_t Tag(int field, WireFormatLite::WireType type) {
  return WireFormatLite::MakeTag(field, type);
}

size_t LengthDelimited(size_t bytes) {
  return 1 + CodedOutputStream::VarintSize32(static_cast<uint32_t>(bytes)) +
         bytes;
}

void WriteText(int field, const std::string& text, CodedOutputStream& out) {
  out.WriteTag(Tag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  out.WriteVarint32(static_cast<uint32_t>(text.size()));
  out.WriteString(text);
}

// The feed encodes an alert as field 1 of a message; here it is another field,
// whose tag takes one byte as well.
static_assert(Delivery::kAlertFieldNumber < 16);

void WriteDelivery(const PullDelivery& delivery, CodedOutputStream& out) {
  const std::string& alert = delivery.alert->encoded();
  const auto attempt = static_cast<uint32_t>(delivery.attempt);
  const size_t size = LengthDelimited(delivery.ack_id.size()) + alert.size() +
                      1 + CodedOutputStream::VarintSize32(attempt);
  out.WriteTag(Tag(v1::PullAlertsResponse::kDeliveriesFieldNumber,
                   WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  out.WriteVarint32(static_cast<uint32_t>(size));
  WriteText(Delivery::kAckIdFieldNumber, delivery.ack_id, out);
  out.WriteTag(Tag(Delivery::kAlertFieldNumber,
                   WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  out.WriteRaw(alert.data() + 1, static_cast<int>(alert.size() - 1));
  out.WriteTag(
      Tag(Delivery::kAttemptFieldNumber, WireFormatLite::WIRETYPE_VARINT));
  out.WriteVarint32(attempt);
}

}  // namespace

absl::StatusOr<PullRequest> ReadPullRequest(const grpc::ByteBuffer& bytes) {
  v1::PullAlertsRequest message;
  TOCSIN_RETURN_IF_ERROR(ParseMessage(bytes, message));
  PullRequest request;
  request.subscription = message.subscription();
  if (message.max_outstanding() < 0) {
    return FieldError("max_outstanding", "is negative");
  }
  request.max_outstanding = static_cast<size_t>(message.max_outstanding());
  request.ack_through = message.ack_through();
  if (message.acks_size() > kMaxAcksPerMessage) {
    return FieldError(
        "acks", absl::StrCat("has ", message.acks_size(), " elements; at most ",
                             kMaxAcksPerMessage, " go into one message"));
  }
  request.verdicts.reserve(static_cast<size_t>(message.acks_size()));
  for (int i = 0; i < message.acks_size(); ++i) {
    absl::StatusOr<PullVerdict> verdict = ReadVerdict(message.acks(i));
    if (!verdict.ok()) {
      return InField(absl::StrCat("acks[", i, "]"), verdict.status());
    }
    request.verdicts.push_back(*std::move(verdict));
  }
  return request;
}

absl::StatusOr<std::string> CheckFirstPullRequest(const PullRequest& request) {
  if (request.subscription.empty()) {
    return FieldError("subscription",
                      "is missing: the first message names the subscription");
  }
  return SubscriptionIdOf("subscription", request.subscription);
}

absl::Status CheckLaterPullRequest(const PullRequest& request) {
  if (!request.subscription.empty()) {
    return FieldError("subscription", "belongs to the first message only");
  }
  if (request.max_outstanding != 0) {
    return FieldError("max_outstanding", "belongs to the first message only");
  }
  return absl::OkStatus();
}

grpc::ByteBuffer EncodePullResponse(const PullBatch& batch) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    CodedOutputStream out(&stream);
    for (const PullDelivery& delivery : batch.deliveries) {
      WriteDelivery(delivery, out);
    }
    for (const std::string& id : batch.confirmed) {
      WriteText(v1::PullAlertsResponse::kConfirmedAckIdsFieldNumber, id, out);
    }
    for (const std::string& id : batch.ignored) {
      WriteText(v1::PullAlertsResponse::kIgnoredAckIdsFieldNumber, id, out);
    }
  }
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace tocsin
