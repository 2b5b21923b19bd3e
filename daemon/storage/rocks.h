// What only storage/ sees of RocksDB: the open database behind the store, and
// the translation of its values and errors.
#ifndef TOCSIN_STORAGE_ROCKS_H_
#define TOCSIN_STORAGE_ROCKS_H_

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"
#include "storage/log_room.h"
#include "storage/schema.h"

namespace tocsin {

inline rocksdb::Slice ToSlice(absl::string_view text) {
  return rocksdb::Slice(text.data(), text.size());
}
inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

// The message begins with `what` and, if RocksDB names a file, has its name.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what);

// Lets those who wait for a write go before what RocksDB does in the
// background.
class NicenessListener final : public rocksdb::EventListener {
 public:
  void OnFlushBegin(rocksdb::DB* db, const rocksdb::FlushJobInfo& job) override;
  void OnCompactionBegin(rocksdb::DB* db,
                         const rocksdb::CompactionJobInfo& job) override;
};

// An open database and its families. Closed when destroyed.
struct Rocks {
  std::unique_ptr<LogRoom> log_room;  // Outlives the database.
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyNames.size()> families{};

  ~Rocks();

  rocksdb::ColumnFamilyHandle* Handle(Family family) const {
    return families[static_cast<size_t>(family)];
  }

  // `snapshot` may be null: the latest state.
  absl::StatusOr<std::optional<std::string>> Get(
      const rocksdb::Snapshot* snapshot, Family family,
      absl::string_view key) const;
  absl::Status Scan(const rocksdb::Snapshot* snapshot, Family family,
                    absl::string_view from, absl::string_view to, bool reverse,
                    const std::function<bool(absl::string_view,
                                             absl::string_view)>& visit) const;
};

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_ROCKS_H_
