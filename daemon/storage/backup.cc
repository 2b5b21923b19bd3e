#include "storage/backup.h"

#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "rocksdb/utilities/backup_engine.h"
#include "storage/rocks.h"
#include "storage/snapshot.h"
#include "storage/store_directory.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kProgressBytes = 4 << 20;

rocksdb::BackupEngineOptions EngineOptions(const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  options.callback_trigger_interval_size = kProgressBytes;
  return options;
}

std::string Checksum(absl::string_view text) {
  return absl::StrFormat("%016x", XXH3_64bits(text.data(), text.size()));
}

// What stands in a backup about itself, ending in its own checksum: RocksDB
// checks its files, but not this.
std::string ToMetadata(const StoredBackup& backup) {
  const std::string text =
      absl::StrCat("tocsin backup 1 time ", ToMicros(backup.create_time),
                   " epoch ", backup.epoch, " sequence ", backup.last_sequence,
                   " commit ", backup.last_commit);
  return absl::StrCat(text, " checksum ", Checksum(text));
}

StoredBackup FromInfo(const rocksdb::BackupInfo& info) {
  StoredBackup backup;
  backup.number = info.backup_id;
  backup.size_bytes = static_cast<int64_t>(info.size);
  backup.create_time = absl::FromUnixSeconds(info.timestamp);
  const std::vector<absl::string_view> words =
      absl::StrSplit(info.app_metadata, ' ');
  int64_t micros = 0;
  if (words.size() != 13 || !absl::SimpleAtoi(words[4], &micros) ||
      !absl::SimpleAtoi(words[8], &backup.last_sequence) ||
      !absl::SimpleAtoi(words[10], &backup.last_commit)) {
    backup.damage = "what it says about itself cannot be read";
    return backup;
  }
  backup.create_time = absl::FromUnixMicros(micros);
  backup.epoch = std::string(words[6]);
  if (ToMetadata(backup) != info.app_metadata) {
    backup.damage = "what it says about itself is damaged";
  }
  return backup;
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenForReading(
    const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(fs::path(folder) / "meta", error)) {
    return absl::NotFoundError(absl::StrCat("no backups are in ", folder));
  }
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::IOStatus opened = rocksdb::BackupEngineReadOnly::Open(
      rocksdb::Env::Default(), EngineOptions(folder), &engine);
  std::unique_ptr<rocksdb::BackupEngineReadOnly> owned(engine);
  TOCSIN_RETURN_IF_ERROR(
      ToStatus(opened, absl::StrCat("cannot read the backups in ", folder)));
  return owned;
}

std::string NameOf(const std::string& folder, uint32_t number) {
  return absl::StrCat("backup ", number, " in ", folder);
}

// Of that number, or the latest; it must be one that can be read.
absl::StatusOr<StoredBackup> Find(const std::string& folder, uint32_t number) {
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<StoredBackup> backups,
                          ListBackups(folder));
  const StoredBackup* found = nullptr;
  for (const StoredBackup& backup : backups) {
    if (number == 0 || backup.number == number) found = &backup;
  }
  if (found == nullptr) {
    return absl::NotFoundError(
        number == 0 ? absl::StrCat("no backups are in ", folder)
                    : absl::StrCat("there is no ", NameOf(folder, number)));
  }
  if (found->damage.empty()) return *found;
  return absl::DataLossError(
      absl::StrCat(NameOf(folder, found->number), ": ", found->damage));
}

}  // namespace

absl::StatusOr<StoredBackup> CreateBackup(const Store& store,
                                          const std::string& folder,
                                          absl::Time now,
                                          const BackupProgress& progress) {
  TOCSIN_RETURN_IF_ERROR(store.CheckSpace());
  TOCSIN_RETURN_IF_ERROR(store.Health());
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return absl::PermissionDeniedError(absl::StrCat(
        "cannot make the folder of backups ", folder, ": ", error.message()));
  }
  rocksdb::BackupEngine* opened = nullptr;
  TOCSIN_RETURN_IF_ERROR(
      ToStatus(rocksdb::BackupEngine::Open(rocksdb::Env::Default(),
                                           EngineOptions(folder), &opened),
               absl::StrCat("cannot open the folder of backups ", folder)));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);

  StoredBackup backup;
  backup.create_time = now;
  backup.epoch = store.epoch();
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state,
                          store.GetSnapshot().LatestCommit());
  backup.last_sequence = state.last_sequence();
  backup.last_commit = state.last_commit();

  std::atomic<int64_t> bytes{0};
  absl::Status space;
  rocksdb::CreateBackupOptions options;
  options.progress_callback = [&] {
    const bool go_on = progress(bytes += static_cast<int64_t>(kProgressBytes));
    // Not at the cost of ingest.
    if (space.ok()) space = store.CheckSpace();
    if (!go_on || !space.ok()) engine->StopBackup();
  };
  rocksdb::BackupID number = 0;
  const rocksdb::IOStatus created = engine->CreateNewBackupWithMetadata(
      options, store.rocks().db.get(), ToMetadata(backup), &number);
  if (!created.ok()) {
    engine->GarbageCollect().PermitUncheckedError();
    TOCSIN_RETURN_IF_ERROR(space);
    if (created.IsIncomplete()) return absl::CancelledError("was stopped");
    return ToStatus(created, absl::StrCat("cannot back up to ", folder));
  }
  return Find(folder, number);
}

absl::StatusOr<std::vector<StoredBackup>> ListBackups(
    const std::string& folder) {
  std::vector<StoredBackup> backups;
  const auto engine = OpenForReading(folder);
  if (absl::IsNotFound(engine.status())) return backups;
  TOCSIN_RETURN_IF_ERROR(engine.status());
  std::vector<rocksdb::BackupInfo> infos;
  (*engine)->GetBackupInfo(&infos);
  for (const rocksdb::BackupInfo& info : infos) {
    backups.push_back(FromInfo(info));
  }
  std::vector<rocksdb::BackupID> corrupt;
  (*engine)->GetCorruptedBackups(&corrupt);
  for (const rocksdb::BackupID number : corrupt) {
    StoredBackup backup;
    backup.number = number;
    backup.damage =
        absl::StrCat("its list of files, ", folder, "/meta/", number,
                     ", is damaged, or one of them is "
                     "missing or has another size");
    backups.push_back(std::move(backup));
  }
  std::sort(backups.begin(), backups.end(),
            [](const StoredBackup& a, const StoredBackup& b) {
              return a.number < b.number;
            });
  return backups;
}

absl::Status VerifyBackup(const std::string& folder, uint32_t number) {
  TOCSIN_ASSIGN_OR_RETURN(const StoredBackup backup, Find(folder, number));
  TOCSIN_ASSIGN_OR_RETURN(const auto engine, OpenForReading(folder));
  const rocksdb::IOStatus verified =
      engine->VerifyBackup(backup.number, /*verify_with_checksum=*/true);
  if (verified.ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      NameOf(folder, backup.number), " is damaged: ", verified.ToString()));
}

absl::StatusOr<StoredBackup> RestoreBackup(const std::string& folder,
                                           uint32_t number,
                                           const StoreOptions& options) {
  TOCSIN_ASSIGN_OR_RETURN(StoredBackup backup, Find(folder, number));
  TOCSIN_ASSIGN_OR_RETURN(const auto engine, OpenForReading(folder));
  const StoreDirectory files(options.directory);
  TOCSIN_RETURN_IF_ERROR(files.BeginRestore());
  const rocksdb::IOStatus restored = engine->RestoreDBFromBackup(
      backup.number, files.database(), files.database());
  if (!restored.ok()) {
    return absl::DataLossError(
        absl::StrCat(NameOf(folder, backup.number),
                     " cannot be restored: ", restored.ToString()));
  }
  StoreOptions open = options;
  open.restored = true;
  TOCSIN_ASSIGN_OR_RETURN(std::unique_ptr<Store> store, Store::Open(open));
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state,
                          store->GetSnapshot().LatestCommit());
  store.reset();
  if (state.last_sequence() < backup.last_sequence ||
      state.last_commit() < backup.last_commit) {
    return absl::DataLossError(absl::StrCat(
        NameOf(folder, backup.number), " is not whole: it ends at commit ",
        state.last_commit(), " instead of ", backup.last_commit));
  }
  TOCSIN_RETURN_IF_ERROR(files.Finish(kFormatVersion));
  backup.last_sequence = state.last_sequence();
  backup.last_commit = state.last_commit();
  return backup;
}

}  // namespace tocsin
