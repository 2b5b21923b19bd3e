#include "storage/open_database.h"

#include <algorithm>
#include <cstdarg>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "rocksdb/env.h"
#include "storage/store_options.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// RocksDB's own log, of which one line is kept: which file of the log of writes
// it found to be damaged. The status that it returns does not say.
class ListeningLogger final : public rocksdb::Logger {
 public:
  explicit ListeningLogger(std::shared_ptr<rocksdb::Logger> file)
      : Logger(file == nullptr ? rocksdb::InfoLogLevel::WARN_LEVEL
                               : file->GetInfoLogLevel()),
        file_(std::move(file)) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    // The place in the source comes first, then a remark.
    if (absl::EndsWith(format, "] %s%s: dropping %d bytes; %s")) {
      va_list copy;
      va_copy(copy, arguments);
      (void)va_arg(copy, const char*);
      (void)va_arg(copy, const char*);
      MutexLock lock(mu_);
      const std::string file = va_arg(copy, const char*);
      if (damaged_file_.empty()) damaged_file_ = file;
      va_end(copy);
    }
    if (file_ != nullptr) file_->Logv(format, arguments);
  }

  std::string damaged_file() const {
    MutexLock lock(mu_);
    return damaged_file_;
  }

 private:
  const std::shared_ptr<rocksdb::Logger> file_;
  mutable Mutex mu_;
  std::string damaged_file_ ABSL_GUARDED_BY(mu_);
};

absl::Status OpenError(const rocksdb::Status& status,
                       const std::string& directory,
                       const ListeningLogger& log) {
  const std::string text = status.ToString();
  if (absl::StrContains(text, "lock hold by") ||
      absl::StrContains(text, "/LOCK")) {
    return absl::FailedPreconditionError(
        absl::StrCat("the data directory ", directory,
                     " is in use by another daemon (its LOCK is held)"));
  }
  std::string what = absl::StrCat("cannot open the store in ", directory);
  const std::string file = log.damaged_file();
  if (!file.empty() && !absl::StrContains(text, file)) {
    absl::StrAppend(&what, ": ", file, " is damaged");
  }
  // It looks for a missing table under an older name last, and blames the
  // manifest that CURRENT names if CURRENT is damaged.
  if (absl::StrContains(text, "MANIFEST-")) {
    absl::StrAppend(&what, " (by its files CURRENT and MANIFEST)");
  }
  const absl::Status told = ToStatus(status, what);
  const absl::Status error(
      told.code(), absl::StrReplaceAll(told.message(), {{".ldb", ".sst"}}));
  // A missing or cut file is damage too, whatever RocksDB calls it.
  if (absl::IsNotFound(error) || status.IsPathNotFound() ||
      absl::StrContains(text, "No such file")) {
    return absl::DataLossError(error.message());
  }
  return error;
}

// A family that this version does not know was made by a newer one.
absl::Status CheckFamilies(const rocksdb::DBOptions& options,
                           const std::string& database,
                           const std::string& directory,
                           const ListeningLogger& log) {
  std::vector<std::string> names;
  const rocksdb::Status listed =
      rocksdb::DB::ListColumnFamilies(options, database, &names);
  if (!listed.ok()) return OpenError(listed, directory, log);
  for (const std::string& name : names) {
    if (name == rocksdb::kDefaultColumnFamilyName ||
        std::find(kFamilyNames.begin(), kFamilyNames.end(), name) !=
            kFamilyNames.end()) {
      continue;
    }
    return absl::FailedPreconditionError(
        absl::StrCat("the store in ", directory, " has the family `", name,
                     "`, which this version does not know. Start the newer "
                     "version that wrote it"));
  }
  return absl::OkStatus();
}

// RocksDB looks for its tables when it opens, but not for its blob files.
absl::Status CheckBlobFiles(Rocks& rocks) {
  for (rocksdb::ColumnFamilyHandle* family : rocks.families) {
    rocksdb::ColumnFamilyMetaData files;
    rocks.db->GetColumnFamilyMetaData(family, &files);
    for (const rocksdb::BlobMetaData& blob : files.blob_files) {
      const std::string path =
          absl::StrCat(blob.blob_file_path, "/",
                       absl::string_view(blob.blob_file_name)[0] == '/'
                           ? blob.blob_file_name.substr(1)
                           : blob.blob_file_name);
      std::error_code error;
      const uintmax_t size = fs::file_size(path, error);
      if (error) {
        return absl::DataLossError(absl::StrCat(
            path, ", which holds articles, cannot be read: ", error.message()));
      }
      if (size != blob.blob_file_size) {
        return absl::DataLossError(absl::StrCat(path, " is damaged: it has ",
                                                size, " bytes instead of ",
                                                blob.blob_file_size));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Rocks>> OpenDatabase(const StoreOptions& options,
                                                    const std::string& database,
                                                    bool create) {
  std::error_code ignored;
  if (create) fs::create_directory(database, ignored);
  auto log_room = std::make_unique<LogRoom>(database);
  rocksdb::DBOptions db_options = DatabaseOptions(options);
  db_options.create_if_missing = create;
  db_options.env = log_room->env();
  db_options.listeners.push_back(std::make_shared<NicenessListener>());
  std::shared_ptr<rocksdb::Logger> file;
  // Without a log of RocksDB's it works as well.
  (void)rocksdb::CreateLoggerFromOptions(database, db_options, &file);
  const auto log = std::make_shared<ListeningLogger>(std::move(file));
  db_options.info_log = log;
  if (!create) {
    TOCSIN_RETURN_IF_ERROR(
        CheckFamilies(db_options, database, options.directory, *log));
  }

  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(
      db_options, database, FamilyDescriptors(options), &handles, &db);
  if (!opened.ok()) return OpenError(opened, options.directory, *log);
  auto rocks = std::make_unique<Rocks>();
  rocks->log_room = std::move(log_room);
  rocks->db.reset(db);
  for (size_t i = 0; i < kFamilyNames.size(); ++i) {
    rocks->families[i] = handles[i];
  }
  db->DestroyColumnFamilyHandle(handles.back());  // `default`: not used.
  TOCSIN_RETURN_IF_ERROR(CheckBlobFiles(*rocks));
  return rocks;
}

}  // namespace tocsin
