#include "app/maintenance.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <random>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"
#include "storage/backup.h"
#include "storage/check.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kProgressPeriod = absl::Milliseconds(200);

// A line on a terminal that the next one overwrites.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
  }
  void Show(absl::string_view what, int64_t done, int64_t total) {
    const absl::Duration now = MonotonicNow();
    if (!is_terminal_ || now - last_ < kProgressPeriod) return;
    last_ = now;
    shown_ = true;
    std::cerr << "\r\033[K" << what << ": " << done;
    if (total > 0) std::cerr << " of " << total;
    std::cerr << std::flush;
  }

 private:
  const bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  bool shown_ = false;
  absl::Duration last_;
};

std::string Text(const CheckReport& report) {
  std::string text;
  for (const CheckFinding& finding : report.findings) {
    absl::StrAppend(&text, finding.where, ": ", finding.what, "\n");
  }
  const auto more =
      report.finding_count - static_cast<int64_t>(report.findings.size());
  if (more > 0) absl::StrAppend(&text, "and ", more, " more\n");
  absl::StrAppend(&text, "checked ", report.files, " files (",
                  report.file_bytes, " bytes), ", report.rows, " rows, ",
                  report.references, " references: ",
                  report.finding_count == 0
                      ? "everything is as it should be"
                      : absl::StrCat(report.finding_count, " findings"),
                  "\n");
  if (report.files_without_checksum > 0) {
    absl::StrAppend(&text, report.files_without_checksum,
                    " files are of an older version and have no checksum of "
                    "their own\n");
  }
  return text;
}

// Keys may hold any bytes; what is not UTF-8 is replaced.
std::string Json(const CheckReport& report) {
  nlohmann::json findings = nlohmann::json::array();
  for (const CheckFinding& finding : report.findings) {
    findings.push_back({{"where", finding.where}, {"what", finding.what}});
  }
  const nlohmann::json json = {
      {"files", report.files},
      {"fileBytes", report.file_bytes},
      {"filesWithoutChecksum", report.files_without_checksum},
      {"rows", report.rows},
      {"references", report.references},
      {"findingCount", report.finding_count},
      {"findings", findings}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

struct BackupPath {
  std::string folder;
  uint32_t number = 0;  // 0: the latest.
};

// FOLDER/NUMBER, or FOLDER.
BackupPath ParseBackupPath(const std::string& text) {
  BackupPath parsed;
  fs::path path(text);
  if (path.filename().empty()) path = path.parent_path();
  const std::string last = path.filename().string();
  std::error_code ignored;
  if (!fs::exists(path, ignored) && absl::SimpleAtoi(last, &parsed.number)) {
    parsed.folder = path.parent_path().string();
    if (parsed.folder.empty()) parsed.folder = ".";
  } else {
    parsed.folder = path.string();
  }
  return parsed;
}

}  // namespace

std::string RandomEpoch() {
  std::random_device random;
  return absl::StrFormat("%08x%08x", random(), random());
}

StoreOptions StoreOptionsOf(const Config& config) {
  StoreOptions options;
  options.directory = config.data;
  options.new_epoch = RandomEpoch();
  options.accept_loss = config.accept_loss;
  options.reserve_bytes = static_cast<uint64_t>(config.reserve_bytes);
  // What is in memory must fit on the disk when it comes there.
  options.write_buffer_bytes =
      std::clamp<size_t>(options.reserve_bytes / 4, 4 << 20, 128 << 20);
  return options;
}

namespace {

absl::StatusOr<bool> RunCheck(const Config& config) {
  StoreOptions options = StoreOptionsOf(config);
  options.maintain = false;
  std::error_code ignored;
  if (!fs::exists(fs::path(config.data) / "TOCSIN", ignored)) {
    return absl::NotFoundError(absl::StrCat("there is no store in ",
                                            config.data, ": its file TOCSIN, ",
                                            "which says so, is missing"));
  }
  CheckReport report;
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(options);
  if (store.ok()) {
    ProgressLine line;
    TOCSIN_ASSIGN_OR_RETURN(
        report, CheckStore(**store, [&](absl::string_view what, int64_t done,
                                        int64_t total) {
          line.Show(what, done, total);
        }));
  } else if (absl::IsDataLoss(store.status())) {
    // What the daemon would refuse is what the check is to find.
    report.finding_count = 1;
    report.findings.push_back(
        {config.data, std::string(store.status().message())});
  } else {
    return store.status();
  }
  std::cout << (config.json ? Json(report) : Text(report)) << std::flush;
  return report.finding_count == 0;
}

absl::Status RunRestore(const Config& config) {
  const BackupPath path = ParseBackupPath(config.restore);
  std::cerr << "restoring " << config.restore << " into " << config.data
            << " ...\n";
  TOCSIN_ASSIGN_OR_RETURN(
      const StoredBackup backup,
      RestoreBackup(path.folder, path.number, StoreOptionsOf(config)));
  std::cout << "restored backup " << backup.number << " of "
            << absl::FormatTime(absl::RFC3339_sec, backup.create_time,
                                absl::UTCTimeZone())
            << " into " << config.data << ": commit " << backup.last_commit
            << ", alerts up to " << backup.last_sequence
            << ". A new epoch begins after them. Start tocsind --data "
            << config.data << "\n";
  return absl::OkStatus();
}

}  // namespace

bool IsMaintenance(const Config& config) {
  return config.check || !config.restore.empty();
}

absl::StatusOr<bool> Maintain(const Config& config) {
  if (config.check) return RunCheck(config);
  TOCSIN_RETURN_IF_ERROR(RunRestore(config));
  return true;
}

}  // namespace tocsin
