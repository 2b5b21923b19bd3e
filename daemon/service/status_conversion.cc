#include "service/status_conversion.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "filter/filter.h"

namespace tocsin {
namespace {

// What a daemon that is restarted is away for, about.
constexpr int kRestartSeconds = 1;

constexpr absl::string_view kTypePrefix = "type.googleapis.com/";

std::string TypeUrl(const google::protobuf::Message& message) {
  return absl::StrCat(kTypePrefix, message.GetTypeName());
}

// Splits `article.body: is empty` at the colon, if what stands before it is a
// field's path.
bool SplitField(absl::string_view message, absl::string_view& field,
                absl::string_view& description) {
  const size_t colon = message.find(": ");
  if (colon == absl::string_view::npos || colon == 0) return false;
  field = message.substr(0, colon);
  if (!absl::ascii_islower(field[0])) return false;
  for (const char c : field) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '_' &&
        c != '.' && c != '[' && c != ']') {
      return false;
    }
  }
  description = message.substr(colon + 2);
  return true;
}

}  // namespace

v1::Error ToErrorProto(const absl::Status& status) {
  v1::Error error;
  error.set_code(status.raw_code());
  error.set_message(std::string(status.message()));
  bool has_violation = false;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    if (!absl::StartsWith(url, kTypePrefix)) return;
    google::protobuf::Any& any = *error.add_details();
    any.set_type_url(std::string(url));
    any.set_value(std::string(payload));
    has_violation |= absl::EndsWith(url, "FieldViolation");
  });
  absl::string_view field;
  absl::string_view description;
  if (status.code() == absl::StatusCode::kInvalidArgument && !has_violation &&
      SplitField(status.message(), field, description)) {
    v1::FieldViolation violation;
    violation.set_field(std::string(field));
    violation.set_description(std::string(description));
    if (const auto position = FilterErrorPosition(status)) {
      violation.set_line(position->line);
      violation.set_column(position->column);
    }
    error.add_details()->PackFrom(violation);
  }
  return error;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const v1::Error error = ToErrorProto(status);
  std::string details;
  if (error.details_size() > 0) details = error.SerializeAsString();
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      error.message(), details);
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  v1::Error error;
  if (error.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : error.details()) {
      result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return result;
}

void AddDetail(absl::Status& status, const google::protobuf::Message& detail) {
  status.SetPayload(TypeUrl(detail), absl::Cord(detail.SerializeAsString()));
}

absl::Status StoppingError(absl::string_view advice) {
  absl::Status status =
      absl::UnavailableError(absl::StrCat("the daemon is stopping; ", advice));
  v1::RetryHint hint;
  hint.mutable_delay()->set_seconds(kRestartSeconds);
  AddDetail(status, hint);
  return status;
}

absl::Status FieldError(absl::string_view field,
                        absl::string_view description) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", description));
}

absl::Status InField(absl::string_view outer, const absl::Status& status) {
  if (status.code() != absl::StatusCode::kInvalidArgument) return status;
  absl::string_view field;
  absl::string_view description;
  const bool inner = SplitField(status.message(), field, description);
  absl::Status result = absl::InvalidArgumentError(
      absl::StrCat(outer, inner ? "." : ": ", status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

}  // namespace tocsin
