#include "service/names_upload.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "service/convert_name.h"

namespace tocsin {
namespace {

constexpr size_t kMaxBytes = 64 << 20;

}  // namespace

absl::Status NamesUpload::Take(const v1::ApplyNamesRequest& request,
                               size_t bytes) {
  if (first_) validate_only_ = request.validate_only();
  first_ = false;
  if (request.name_count() != 0) name_count_ = request.name_count();
  if (names_.size() + static_cast<size_t>(request.names_size()) >
          kMaxOwnNames ||
      bytes > kMaxBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("names: the list has at most ", kMaxOwnNames,
                     " names and ", kMaxBytes >> 20, " MiB"));
  }
  for (const v1::ListedName& name : request.names()) {
    names_.push_back(FromProto(name));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ApplyNamesResponse> NamesUpload::Apply() {
  if (name_count_ != 0 && static_cast<size_t>(name_count_) != names_.size()) {
    return absl::AbortedError(absl::StrCat("name_count: ", name_count_,
                                           " names were announced and ",
                                           names_.size(), " came"));
  }
  v1::ApplyNamesResponse response;
  response.set_name_count(static_cast<int32_t>(names_.size()));
  TOCSIN_ASSIGN_OR_RETURN(
      const NameChanges changes,
      book_->Apply(*sequencer_, std::move(names_), validate_only_));
  response.set_created_count(static_cast<int32_t>(changes.created));
  response.set_updated_count(static_cast<int32_t>(changes.updated));
  response.set_unchanged_count(static_cast<int32_t>(changes.unchanged));
  response.set_deleted_count(static_cast<int32_t>(changes.deleted));
  return response;
}

}  // namespace tocsin
