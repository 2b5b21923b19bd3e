#include "cli/quiet_digest.h"

#include <utility>

#include "cli/time_text.h"

namespace tocsin::cli {

bool QuietDigest::Hold(const v1::Alert& alert, absl::string_view before,
                       absl::Time now) {
  if (!alert.has_quiet_until() || ToTime(alert.quiet_until()) <= now) {
    return false;
  }
  held_.push_back({alert, std::string(before)});
  return true;
}

std::vector<v1::Alert> QuietDigest::TakeDue(absl::Time now) {
  std::vector<v1::Alert> due;
  std::vector<Held> left;
  for (Held& held : held_) {
    if (ToTime(held.alert.quiet_until()) <= now) {
      due.push_back(std::move(held.alert));
    } else {
      left.push_back(std::move(held));
    }
  }
  held_ = std::move(left);
  return due;
}

const std::string& QuietDigest::Place(const std::string& latest) const {
  return held_.empty() ? latest : held_.front().before;
}

}  // namespace tocsin::cli
