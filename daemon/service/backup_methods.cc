#include "service/backup_methods.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/logging.h"
#include "base/status_macros.h"
#include "service/convert_time.h"
#include "service/page.h"
#include "service/status_conversion.h"
#include "storage/backup.h"

namespace tocsin {
namespace {

constexpr absl::string_view kPrefix = "backups/";

v1::Backup ToProto(const StoredBackup& stored) {
  v1::Backup backup;
  backup.set_name(absl::StrCat(kPrefix, stored.number));
  SetTime(stored.create_time, backup.mutable_create_time());
  backup.set_size_bytes(stored.size_bytes);
  backup.set_done_bytes(stored.size_bytes);
  backup.set_last_sequence(stored.last_sequence);
  backup.set_epoch(stored.epoch);
  backup.set_state(stored.damage.empty() ? v1::Backup::READY
                                         : v1::Backup::DAMAGED);
  backup.set_damage(stored.damage);
  return backup;
}

}  // namespace

BackupMethods::BackupMethods(const ServiceContext& context, std::string folder)
    : context_(context), folder_(std::move(folder)) {}

void BackupMethods::Stop() {
  MutexLock lock(mu_);
  stopping_ = true;
}

absl::StatusOr<v1::Backup> BackupMethods::Create(
    const v1::CreateBackupRequest& /*request*/) {
  const absl::Time now = context_.now();
  {
    MutexLock lock(mu_);
    under_way_ = UnderWay{true, now, 0};
  }
  const absl::StatusOr<StoredBackup> backup =
      CreateBackup(*context_.store, folder_, now, [this](int64_t bytes) {
        MutexLock lock(mu_);
        under_way_.done_bytes = bytes;
        return !stopping_;
      });
  {
    MutexLock lock(mu_);
    under_way_ = UnderWay();
  }
  if (!backup.ok()) {
    Log(LogLevel::kError, "no backup was made", {{"error", backup.status()}});
    return backup.status();
  }
  Log(LogLevel::kInfo, "backup made",
      {{"folder", folder_}, {"number", backup->number}});
  return ToProto(*backup);
}

absl::StatusOr<v1::ListBackupsResponse> BackupMethods::List(
    const v1::ListBackupsRequest& request) const {
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  TOCSIN_ASSIGN_OR_RETURN(PageStart start,
                          DecodePageToken(request.page_token(), "backups"));
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<StoredBackup> backups,
                          ListBackups(folder_));
  v1::ListBackupsResponse response;
  for (const StoredBackup& backup : backups) {
    if (backup.number <= start.major) continue;
    if (static_cast<size_t>(response.backups_size()) == size) {
      response.set_next_page_token(EncodePageToken(start, "backups"));
      return response;
    }
    start.major = backup.number;
    *response.add_backups() = ToProto(backup);
  }
  MutexLock lock(mu_);
  if (under_way_.is) {
    v1::Backup* backup = response.add_backups();
    SetTime(under_way_.since, backup->mutable_create_time());
    backup->set_state(v1::Backup::CREATING);
    backup->set_done_bytes(under_way_.done_bytes);
    backup->set_size_bytes(static_cast<int64_t>(context_.store->DiskBytes()));
    backup->set_epoch(context_.store->epoch());
  }
  return response;
}

absl::StatusOr<google::protobuf::Empty> BackupMethods::Verify(
    const v1::VerifyBackupRequest& request) const {
  absl::string_view name = request.name();
  uint32_t number = 0;
  if (!absl::ConsumePrefix(&name, kPrefix) ||
      !absl::SimpleAtoi(name, &number) || number == 0) {
    return FieldError("name", "is not a name such as `backups/1`");
  }
  TOCSIN_RETURN_IF_ERROR(VerifyBackup(folder_, number));
  return google::protobuf::Empty();
}

}  // namespace tocsin
