#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_reader.h"
#include "storage/check.h"
#include "storage/check_context.h"
#include "storage/rocks.h"

namespace tocsin {
namespace {

constexpr size_t kChunk = 1 << 20;

// While it lives, no file of the database is deleted.
class KeepFiles {
 public:
  explicit KeepFiles(rocksdb::DB& db) : db_(db) {
    db_.DisableFileDeletions().PermitUncheckedError();
  }
  ~KeepFiles() {
    db_.EnableFileDeletions(/*force=*/false).PermitUncheckedError();
  }
  KeepFiles(const KeepFiles&) = delete;
  KeepFiles& operator=(const KeepFiles&) = delete;

 private:
  rocksdb::DB& db_;
};

// Of the whole file; an error tells why it cannot be read.
absl::StatusOr<std::string> ChecksumOf(
    const std::string& path, rocksdb::FileChecksumGenerator& generator) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::NotFoundError(std::strerror(errno));
  const std::unique_ptr<char[]> buffer(new char[kChunk]);
  ssize_t got = 0;
  while ((got = read(fd, buffer.get(), kChunk)) > 0) {
    generator.Update(buffer.get(), static_cast<size_t>(got));
  }
  const int code = errno;
  close(fd);
  if (got < 0) return absl::DataLossError(std::strerror(code));
  generator.Finalize();
  return generator.GetChecksum();
}

// Before format 2 files had no checksum; the blocks of a table have.
std::string TroubleInBlocks(const std::string& path) {
  rocksdb::SstFileReader reader{rocksdb::Options()};
  rocksdb::Status status = reader.Open(path);
  if (status.ok()) status = reader.VerifyChecksum();
  return status.ok() ? "" : status.ToString();
}

// What is wrong with the file; empty if nothing is.
std::string TroubleIn(const rocksdb::LiveFileStorageInfo& file,
                      const std::string& path, CheckReport& report) {
  rocksdb::FileChecksumGenContext context;
  context.file_name = path;
  context.requested_checksum_func_name = file.file_checksum_func_name;
  std::unique_ptr<rocksdb::FileChecksumGenerator> generator =
      file.file_checksum_func_name == rocksdb::kStandardDbFileChecksumFuncName
          ? rocksdb::GetFileChecksumGenCrc32cFactory()
                ->CreateFileChecksumGenerator(context)
          : nullptr;
  if (generator == nullptr) {
    ++report.files_without_checksum;
    return file.file_type == rocksdb::kTableFile ? TroubleInBlocks(path) : "";
  }
  const absl::StatusOr<std::string> checksum = ChecksumOf(path, *generator);
  if (!checksum.ok()) {
    return absl::StrCat("cannot be read: ", checksum.status().message());
  }
  return *checksum == file.file_checksum ? "" : "is damaged: wrong checksum";
}

}  // namespace

absl::Status CheckFiles(const Store& store, const CheckProgress& progress,
                        CheckReport& report) {
  // What is listed stays until it was read, whatever is compacted meanwhile.
  const KeepFiles keep(*store.rocks().db);
  rocksdb::LiveFilesStorageInfoOptions options;
  options.include_checksum_info = true;
  options.wal_size_for_flush = UINT64_MAX;  // Nothing is to be flushed.
  std::vector<rocksdb::LiveFileStorageInfo> files;
  TOCSIN_RETURN_IF_ERROR(ToStatus(
      store.rocks().db->GetLiveFilesStorageInfo(options, &files), "files"));
  int64_t total = 0;
  for (const auto& file : files) total += static_cast<int64_t>(file.size);
  for (const rocksdb::LiveFileStorageInfo& file : files) {
    progress("bytes of files", report.file_bytes, total);
    ++report.files;
    report.file_bytes += static_cast<int64_t>(file.size);
    // The others were read, and their checksums compared, by opening them.
    if (file.file_type != rocksdb::kTableFile &&
        file.file_type != rocksdb::kBlobFile) {
      continue;
    }
    const std::string path =
        absl::StrCat(file.directory, "/", file.relative_filename);
    const std::string trouble = TroubleIn(file, path, report);
    if (!trouble.empty()) AddFinding(path, trouble, report);
  }
  progress("bytes of files", total, total);
  return absl::OkStatus();
}

}  // namespace tocsin
