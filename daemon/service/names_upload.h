// What ApplyNames gathers, and what it does with it.
#ifndef TOCSIN_SERVICE_NAMES_UPLOAD_H_
#define TOCSIN_SERVICE_NAMES_UPLOAD_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/name_book.h"
#include "pipeline/sequencer.h"
#include "tocsin/v1/admin_service.pb.h"

namespace tocsin {

// For UploadCall.
class NamesUpload {
 public:
  using Request = v1::ApplyNamesRequest;

  // Neither is owned; both outlive the upload.
  NamesUpload(NameBook& book, Sequencer& sequencer)
      : book_(&book), sequencer_(&sequencer) {}

  absl::Status Take(const v1::ApplyNamesRequest& request, size_t bytes);
  absl::StatusOr<v1::ApplyNamesResponse> Apply();

 private:
  NameBook* book_;
  Sequencer* sequencer_;
  bool first_ = true;
  bool validate_only_ = false;
  int64_t name_count_ = 0;  // As promised; 0: not.
  std::vector<NameRecord> names_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_NAMES_UPLOAD_H_
