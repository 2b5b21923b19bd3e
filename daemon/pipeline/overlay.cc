#include "pipeline/overlay.h"

#include <utility>

namespace tocsin {

void Overlay::Delete(Family family, absl::string_view key) {
  if (batch_.has_value()) batch_->Delete(family, key);
  rows_[RowOf(family, key)] = std::nullopt;
}

absl::StatusOr<std::optional<std::string>> Overlay::ReadRaw(
    Family family, absl::string_view key) const {
  const std::string wanted = RowOf(family, key);
  for (const Rows* rows : {&rows_, &sealed_rows_}) {
    if (const auto row = rows->find(wanted); row != rows->end()) {
      return row->second;
    }
  }
  if (store_ == nullptr) return std::nullopt;
  return store_->Get(family, key);
}

void Overlay::AddKeys(const Rows& rows, Family family, absl::string_view from,
                      absl::string_view to, std::set<std::string>& keys) {
  for (const auto& [row, value] : rows) {
    if (row[0] != static_cast<char>(family)) continue;
    const absl::string_view key = absl::string_view(row).substr(1);
    if (key < from || (!to.empty() && key >= to)) continue;
    if (value.has_value()) {
      keys.emplace(key);
    } else {
      keys.erase(std::string(key));
    }
  }
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
  AddKeys(sealed_rows_, family, from, to, keys);
  AddKeys(rows_, family, from, to, keys);
  for (const std::string& key : keys) visit(key);
  return absl::OkStatus();
}

StoreBatch& Overlay::Seal() {
  std::swap(batch_, sealed_batch_);
  std::swap(rows_, sealed_rows_);
  return *sealed_batch_;
}

void Overlay::Written() {
  sealed_batch_->Clear();
  sealed_rows_.clear();
}

}  // namespace tocsin
