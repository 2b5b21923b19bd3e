// A store directory holds
//
//   TOCSIN       marker: one line, `tocsin store, format 1`
//   db/          the RocksDB database
//
// The marker is written as TOCSIN.new first and renamed when the database is
// complete, so that a crash while a store is made leaves one that is made anew,
// and a database that vanished is not taken for an empty one.
#include "storage/store.h"

#include <sys/statvfs.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/failpoint.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "rocksdb/perf_level.h"
#include "rocksdb/write_batch.h"
#include "storage/files.h"
#include "storage/rocks.h"
#include "storage/snapshot.h"
#include "storage/store_options.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

constexpr char kMarker[] = "TOCSIN";
constexpr char kNewMarker[] = "TOCSIN.new";
constexpr char kDatabase[] = "db";
constexpr absl::string_view kMarkerText = "tocsin store, format ";

constexpr std::chrono::milliseconds kSpaceCheckPeriod{100};

enum class DirectoryState { kNew, kStore };

// Whether there is a store, or room for a new one.
absl::StatusOr<DirectoryState> Examine(const std::string& directory) {
  std::error_code error;
  fs::create_directory(directory, error);
  if (error || !fs::is_directory(directory, error)) {
    return absl::PermissionDeniedError(absl::StrCat(
        "cannot make the data directory ", directory, ": ",
        error ? error.message() : "it exists and is not a directory"));
  }
  const fs::path marker = fs::path(directory) / kMarker;
  if (fs::exists(marker, error)) {
    TOCSIN_ASSIGN_OR_RETURN(const std::string text,
                            ReadSmallFile(marker.string()));
    int version = 0;
    absl::string_view line = text;
    while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
    if (line.substr(0, kMarkerText.size()) != kMarkerText ||
        !absl::SimpleAtoi(line.substr(kMarkerText.size()), &version)) {
      return absl::DataLossError(
          absl::StrCat(marker.string(), " is damaged: it says `", line, "`"));
    }
    if (version > kFormatVersion) {
      return absl::FailedPreconditionError(
          absl::StrCat("the data directory ", directory, " has format ",
                       version, "; this version reads up to ", kFormatVersion,
                       ". Start the newer version that wrote it"));
    }
    if (!fs::exists(fs::path(directory) / kDatabase / "CURRENT", error)) {
      return absl::DataLossError(
          absl::StrCat("the data directory ", directory,
                       " is a store whose database is gone: no ",
                       (fs::path(directory) / kDatabase / "CURRENT").string()));
    }
    return DirectoryState::kStore;
  }
  bool begun = fs::exists(fs::path(directory) / kNewMarker, error);
  fs::directory_iterator entries(directory, error);
  if (error) {
    return absl::PermissionDeniedError(absl::StrCat(
        "cannot read the data directory ", directory, ": ", error.message()));
  }
  for (const fs::directory_entry& entry : entries) {
    // What mkfs leaves in the root of a file system is nobody's.
    if (begun || entry.path().filename() == "lost+found") continue;
    return absl::FailedPreconditionError(
        absl::StrCat("the data directory ", directory,
                     " is not empty and not a store: it "
                     "has ",
                     entry.path().filename().string(),
                     ". Give a new or an empty directory"));
  }
  return DirectoryState::kNew;
}

absl::Status OpenError(const rocksdb::Status& status,
                       const std::string& directory) {
  const std::string text = status.ToString();
  if (text.find("LOCK") != std::string::npos ||
      text.find("lock hold by") != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat("the data directory ", directory,
                     " is in use by another daemon (its LOCK is held)"));
  }
  return ToStatus(status, absl::StrCat("cannot open the store in ", directory));
}

}  // namespace

struct Store::Impl {
  StoreOptions options;
  std::string epoch;
  Rocks rocks;

  std::atomic<bool> failed{false};
  mutable Mutex mu;
  absl::Status failure ABSL_GUARDED_BY(mu);
  absl::Status space ABSL_GUARDED_BY(mu);
  std::chrono::steady_clock::time_point space_checked ABSL_GUARDED_BY(mu);
};

StoreBatch::StoreBatch(const Store& store)
    : store_(store), batch_(std::make_unique<rocksdb::WriteBatch>()) {}
StoreBatch::~StoreBatch() = default;

// WriteBatch refuses only sizes of 4 GiB, far above our limits.
void StoreBatch::Put(Family family, absl::string_view key,
                     absl::string_view value) {
  if (family == Family::kBodies && TOCSIN_BROKEN("store.torn")) return;
  batch_->Put(store_.impl_->rocks.Handle(family), ToSlice(key), ToSlice(value));
}

void StoreBatch::Delete(Family family, absl::string_view key) {
  batch_->Delete(store_.impl_->rocks.Handle(family), ToSlice(key));
}

void StoreBatch::DeleteRange(Family family, absl::string_view from,
                             absl::string_view to) {
  batch_->DeleteRange(store_.impl_->rocks.Handle(family), ToSlice(from),
                      ToSlice(to));
}

void StoreBatch::Clear() { batch_->Clear(); }
size_t StoreBatch::bytes() const { return batch_->GetDataSize(); }
size_t StoreBatch::keys() const { return static_cast<size_t>(batch_->Count()); }

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() {
  // So that the next start has no log to read again. Nothing depends on it.
  if (Health().ok()) Flush().IgnoreError();
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(StoreOptions options) {
  const std::string directory = options.directory;
  TOCSIN_ASSIGN_OR_RETURN(const DirectoryState state, Examine(directory));
  const bool is_new = state == DirectoryState::kNew;
  const std::string marker = (fs::path(directory) / kMarker).string();
  const std::string new_marker = (fs::path(directory) / kNewMarker).string();
  if (is_new) {
    TOCSIN_RETURN_IF_ERROR(WriteSmallFile(
        new_marker, absl::StrCat(kMarkerText, kFormatVersion, "\n")));
  }

  auto impl = std::make_unique<Impl>();
  impl->options = options;
  rocksdb::DBOptions db_options = DatabaseOptions(options);
  db_options.create_if_missing = is_new;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::Open(db_options, (fs::path(directory) / kDatabase).string(),
                        FamilyDescriptors(options), &handles, &db);
  if (!opened.ok()) return OpenError(opened, directory);
  impl->rocks.db.reset(db);
  for (size_t i = 0; i < kFamilyNames.size(); ++i) {
    impl->rocks.families[i] = handles[i];
  }
  db->DestroyColumnFamilyHandle(handles.back());  // `default`: not used.

  auto store = std::unique_ptr<Store>(new Store(std::move(impl)));
  if (is_new) {
    StoreBatch batch(*store);
    batch.Put(Family::kMeta, kFormatKey, absl::StrCat(kFormatVersion));
    batch.Put(Family::kMeta, kEpochKey, options.new_epoch);
    TOCSIN_RETURN_IF_ERROR(store->Write(batch, /*sync=*/true));
    TOCSIN_RETURN_IF_ERROR(RenameDurably(new_marker, marker));
  }
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> epoch,
                          store->Get(Family::kMeta, kEpochKey));
  if (!epoch.has_value()) {
    return absl::DataLossError(absl::StrCat(
        "the store in ", directory, " has lost its epoch: its log is damaged"));
  }
  store->impl_->epoch = *epoch;
  return store;
}

absl::Status Store::Write(StoreBatch& batch, bool sync) {
  TOCSIN_RETURN_IF_ERROR(Health());
  TOCSIN_RETURN_IF_ERROR(TOCSIN_FAILPOINT("store.write.before"));
  if (TOCSIN_BROKEN("store.unwritten")) return absl::OkStatus();
  // Counters that nobody reads, kept for each key that is compared.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  rocksdb::WriteOptions options;
  options.sync = sync && !TOCSIN_BROKEN("store.unsynced");
  const rocksdb::Status status =
      impl_->rocks.db->Write(options, batch.batch_.get());
  if (status.ok()) return TOCSIN_FAILPOINT("store.write.after");
  MutexLock lock(impl_->mu);
  impl_->failure =
      ToStatus(status, absl::StrCat("a write to the store in ", directory(),
                                    " failed, and nothing more is written"));
  impl_->failed.store(true, std::memory_order_release);
  return impl_->failure;
}

absl::StatusOr<std::optional<std::string>> Store::Get(
    Family family, absl::string_view key) const {
  return impl_->rocks.Get(nullptr, family, key);
}

absl::Status Store::Scan(
    Family family, absl::string_view from, absl::string_view to, bool reverse,
    const std::function<bool(absl::string_view, absl::string_view)>& visit)
    const {
  return impl_->rocks.Scan(nullptr, family, from, to, reverse, visit);
}

Snapshot Store::GetSnapshot() const { return Snapshot(impl_->rocks); }

absl::Status Store::Health() const {
  if (!impl_->failed.load(std::memory_order_acquire)) return absl::OkStatus();
  MutexLock lock(impl_->mu);
  return impl_->failure;
}

absl::Status Store::CheckSpace() const {
  MutexLock lock(impl_->mu);
  const auto now = std::chrono::steady_clock::now();
  if (impl_->space_checked.time_since_epoch().count() != 0 &&
      now - impl_->space_checked < kSpaceCheckPeriod) {
    return impl_->space;
  }
  impl_->space_checked = now;
  const uint64_t free = FreeBytes();
  impl_->space = free >= impl_->options.reserve_bytes
                     ? absl::OkStatus()
                     : absl::ResourceExhaustedError(absl::StrCat(
                           "the disk of ", directory(), " has ", free >> 20,
                           " MiB free, less than the reserve of ",
                           impl_->options.reserve_bytes >> 20, " MiB"));
  return impl_->space;
}

absl::Status Store::CheckSpaceForAcks() const {
  const uint64_t free = FreeBytes();
  if (free >= impl_->options.reserve_bytes / 2) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "the disk of ", directory(), " has ", free >> 20,
      " MiB free, less than half the reserve of ",
      impl_->options.reserve_bytes >> 20, " MiB: acks wait for space"));
}

uint64_t Store::FreeBytes() const {
  struct statvfs stat;
  if (statvfs(directory().c_str(), &stat) != 0) return 0;
  return static_cast<uint64_t>(stat.f_bavail) * stat.f_frsize;
}

uint64_t Store::DiskBytes() const {
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator it(fs::path(directory()) / kDatabase, error), end;
       !error && it != end; it.increment(error)) {
    std::error_code gone;  // Files come and go.
    const uint64_t size = it->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

const std::string& Store::directory() const { return impl_->options.directory; }
const std::string& Store::epoch() const { return impl_->epoch; }

std::string Store::DebugString() const {
  std::string text;
  for (size_t i = 0; i < kFamilyNames.size(); ++i) {
    std::string stats;
    impl_->rocks.db->GetProperty(impl_->rocks.families[i],
                                 rocksdb::DB::Properties::kLevelStats, &stats);
    absl::StrAppend(&text, kFamilyNames[i], "\n", stats);
  }
  return text;
}

absl::Status Store::Flush() {
  const std::vector<rocksdb::ColumnFamilyHandle*> families(
      impl_->rocks.families.begin(), impl_->rocks.families.end());
  return ToStatus(impl_->rocks.db->Flush(rocksdb::FlushOptions(), families),
                  "flush");
}

}  // namespace tocsin
