// What ApplyRules gathers, and what it does with it.
#ifndef TOCSIN_SERVICE_RULES_UPLOAD_H_
#define TOCSIN_SERVICE_RULES_UPLOAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/rule_book.h"
#include "tocsin/v1/rule_service.pb.h"

namespace tocsin {

// For UploadCall.
class RulesUpload {
 public:
  using Request = v1::ApplyRulesRequest;

  // The book is not owned and outlives the upload.
  explicit RulesUpload(RuleBook& book) : book_(&book) {}

  absl::Status Take(const v1::ApplyRulesRequest& request, size_t bytes);
  absl::StatusOr<v1::ApplyRulesResponse> Apply();

 private:
  RuleBook* book_;
  bool first_ = true;
  std::string rule_set_;
  bool validate_only_ = false;
  int64_t rule_count_ = 0;  // As promised; 0: not.
  std::vector<RulePtr> rules_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_RULES_UPLOAD_H_
