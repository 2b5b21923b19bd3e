// The rows of one batch, over those of the batch before it, which may be on its
// way to the store, over what the store holds. So an article sees what all
// articles before it did, written or not.
//
// Not thread-safe.
#ifndef TOCSIN_PIPELINE_OVERLAY_H_
#define TOCSIN_PIPELINE_OVERLAY_H_

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "storage/read_records.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

class Overlay {
 public:
  // Not owned; must outlive the overlay.
  explicit Overlay(Store& store) : store_(&store) {
    batch_.emplace(store);
    sealed_batch_.emplace(store);
  }
  // Over nothing: what is put stays in memory and is never committed.
  Overlay() = default;

  // A row that nothing reads back before the commit.
  void Write(Family family, absl::string_view key, absl::string_view value) {
    if (batch_.has_value()) batch_->Put(family, key, value);
  }
  // Returns the bytes of key and value.
  template <typename Record>
  int64_t WriteRecord(Family family, absl::string_view key,
                      const Record& record) {
    Write(family, key, Serialize(record, buffer_));
    return static_cast<int64_t>(key.size() + buffer_.size());
  }
  // A row that is seen at once by the reads below.
  void Put(Family family, absl::string_view key, absl::string_view value) {
    Write(family, key, value);
    rows_[RowOf(family, key)] = std::string(value);
  }
  template <typename Record>
  int64_t PutRecord(Family family, absl::string_view key,
                    const Record& record) {
    Put(family, key, Serialize(record, buffer_));
    return static_cast<int64_t>(key.size() + buffer_.size());
  }
  void Delete(Family family, absl::string_view key);
  // Rows that nothing reads back before the commit.
  void DeleteRange(Family family, const KeyRange& range) {
    if (batch_.has_value()) {
      batch_->DeleteRange(family, range.begin, range.end);
    }
  }

  // nullopt if there is no such row; DATA_LOSS if it is damaged.
  absl::StatusOr<std::optional<std::string>> ReadRaw(
      Family family, absl::string_view key) const;
  template <typename Record>
  absl::StatusOr<std::optional<Record>> Read(Family family,
                                             absl::string_view key) const {
    TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                            ReadRaw(family, key));
    if (!value.has_value()) return std::nullopt;
    Record record;
    if (!ParseRecord(*value, record)) return DamagedRow(family, key);
    return record;
  }
  // Every key in [from, to), in order; an empty `to` has no end. For families
  // that seldom change: it looks at every row of the batch that is read back.
  absl::Status ForEach(
      Family family, absl::string_view from, absl::string_view to,
      const std::function<void(absl::string_view key)>& visit) const;

  // Of an overlay over a store.
  StoreBatch& batch() { return *batch_; }
  const Store& store() const { return *store_; }

  // Ends the batch and begins the next one. What is returned is not touched
  // until Written(), which must be called before another Seal().
  StoreBatch& Seal();
  // The sealed batch is in the store.
  void Written();

 private:
  static std::string RowOf(Family family, absl::string_view key) {
    std::string row(1, static_cast<char>(family));
    row.append(key.data(), key.size());
    return row;
  }

  // By family and key; nullopt: deleted.
  using Rows = absl::flat_hash_map<std::string, std::optional<std::string>>;

  static void AddKeys(const Rows& rows, Family family, absl::string_view from,
                      absl::string_view to, std::set<std::string>& keys);

  const Store* store_ = nullptr;
  std::optional<StoreBatch> batch_;
  Rows rows_;
  std::optional<StoreBatch> sealed_batch_;
  Rows sealed_rows_;
  std::string buffer_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_OVERLAY_H_
