#include "pipeline/overlay.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace tocsin {

absl::Status Overlay::Damaged(Family family) {
  return absl::DataLossError(absl::StrCat(
      "a row of `", kFamilyNames[static_cast<size_t>(family)], "` is damaged"));
}

void Overlay::Delete(Family family, absl::string_view key) {
  if (batch_.has_value()) batch_->Delete(family, key);
  rows_[RowOf(family, key)] = std::nullopt;
}

absl::StatusOr<std::optional<std::string>> Overlay::ReadRaw(
    Family family, absl::string_view key) const {
  if (const auto row = rows_.find(RowOf(family, key)); row != rows_.end()) {
    return row->second;
  }
  if (store_ == nullptr) return std::nullopt;
  return store_->Get(family, key);
}

absl::Status Overlay::ForEach(
    Family family, absl::string_view from, absl::string_view to,
    const std::function<void(absl::string_view key)>& visit) const {
  std::set<std::string> keys;
  if (store_ != nullptr) {
    TOCSIN_RETURN_IF_ERROR(
        store_->Scan(family, from, to, /*reverse=*/false,
                     [&](absl::string_view key, absl::string_view) {
                       keys.emplace(key);
                       return true;
                     }));
  }
  for (const auto& [row, value] : rows_) {
    if (row[0] != static_cast<char>(family)) continue;
    const absl::string_view key = absl::string_view(row).substr(1);
    if (key < from || (!to.empty() && key >= to)) continue;
    if (value.has_value()) {
      keys.emplace(key);
    } else {
      keys.erase(std::string(key));
    }
  }
  for (const std::string& key : keys) visit(key);
  return absl::OkStatus();
}

}  // namespace tocsin
