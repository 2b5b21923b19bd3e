#include "service/apply_names_call.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "service/convert_name.h"
#include "service/status_conversion.h"
#include "service/wire.h"

namespace tocsin {
namespace {

constexpr size_t kMaxBytes = 64 << 20;

}  // namespace

ApplyNamesCall::ApplyNamesCall(grpc::CallbackServerContext* context,
                               grpc::ByteBuffer* response,
                               const ServiceContext& services,
                               WorkerPool& changes)
    : context_(context),
      response_(response),
      services_(services),
      changes_(changes) {
  StartRead(&request_);
}

void ApplyNamesCall::OnReadDone(bool ok) {
  if (ok) {
    v1::ApplyNamesRequest request;
    absl::Status status = ParseMessage(request_, request);
    bytes_ += request_.Length();
    if (status.ok()) status = Take(request);
    if (!status.ok()) return Finish(ToGrpcStatus(status));
    StartRead(&request_);
    return;
  }
  // The client is done, or gone: a stream that broke is not a whole list.
  changes_.Add([this] {
    if (context_->IsCancelled()) return Finish(grpc::Status::CANCELLED);
    const absl::StatusOr<v1::ApplyNamesResponse> applied = Apply();
    if (applied.ok()) *response_ = SerializeMessage(*applied);
    Finish(ToGrpcStatus(applied.status()));
  });
}

absl::Status ApplyNamesCall::Take(const v1::ApplyNamesRequest& request) {
  if (first_) validate_only_ = request.validate_only();
  first_ = false;
  if (request.name_count() != 0) name_count_ = request.name_count();
  if (names_.size() + static_cast<size_t>(request.names_size()) >
          kMaxOwnNames ||
      bytes_ > kMaxBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("names: the list has at most ", kMaxOwnNames,
                     " names and ", kMaxBytes >> 20, " MiB"));
  }
  for (const v1::ListedName& name : request.names()) {
    names_.push_back(FromProto(name));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ApplyNamesResponse> ApplyNamesCall::Apply() {
  if (name_count_ != 0 && static_cast<size_t>(name_count_) != names_.size()) {
    return absl::AbortedError(absl::StrCat("name_count: ", name_count_,
                                           " names were announced and ",
                                           names_.size(), " came"));
  }
  v1::ApplyNamesResponse response;
  response.set_name_count(static_cast<int32_t>(names_.size()));
  TOCSIN_ASSIGN_OR_RETURN(
      const NameChanges changes,
      services_.names->Apply(*services_.sequencer, std::move(names_),
                             validate_only_));
  response.set_created_count(static_cast<int32_t>(changes.created));
  response.set_updated_count(static_cast<int32_t>(changes.updated));
  response.set_unchanged_count(static_cast<int32_t>(changes.unchanged));
  response.set_deleted_count(static_cast<int32_t>(changes.deleted));
  return response;
}

}  // namespace tocsin
