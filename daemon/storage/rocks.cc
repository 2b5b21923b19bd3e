#include "storage/rocks.h"

#include "absl/strings/str_cat.h"
#include "base/background.h"

namespace tocsin {

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = absl::StrCat(what, ": ", status.ToString());
  if (status.IsCorruption()) return absl::DataLossError(message);
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  if (status.IsNotFound()) return absl::NotFoundError(message);
  return absl::InternalError(message);
}

// Each is called on the thread that does the work, which does nothing else.
void NicenessListener::OnFlushBegin(rocksdb::DB* /*db*/,
                                    const rocksdb::FlushJobInfo& /*job*/) {
  LetOthersGoFirst(kFlushNiceness);
}

void NicenessListener::OnCompactionBegin(
    rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& /*job*/) {
  LetOthersGoFirst(kCompactionNiceness);
}

Rocks::~Rocks() {
  for (rocksdb::ColumnFamilyHandle* handle : families) {
    if (handle != nullptr) db->DestroyColumnFamilyHandle(handle);
  }
}

absl::StatusOr<std::optional<std::string>> Rocks::Get(
    const rocksdb::Snapshot* snapshot, Family family,
    absl::string_view key) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status =
      db->Get(options, Handle(family), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return ToStatus(status, "read");
  return value;
}

absl::Status Rocks::Scan(
    const rocksdb::Snapshot* snapshot, Family family, absl::string_view from,
    absl::string_view to, bool reverse,
    const std::function<bool(absl::string_view, absl::string_view)>& visit)
    const {
  const rocksdb::Slice lower = ToSlice(from);
  const rocksdb::Slice upper = ToSlice(to);
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_lower_bound = &lower;
  if (!to.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(
      db->NewIterator(options, Handle(family)));
  if (reverse) {
    it->SeekToLast();
  } else {
    it->SeekToFirst();
  }
  while (it->Valid() && visit(ToView(it->key()), ToView(it->value()))) {
    if (reverse) {
      it->Prev();
    } else {
      it->Next();
    }
  }
  return ToStatus(it->status(), "scan");
}

}  // namespace tocsin
