// The methods of AdminService about backups.
//
// Thread-safe. They run one after another on a thread of their own, for they
// read and write as much as there is; only the list answers at once.
#ifndef TOCSIN_SERVICE_BACKUP_METHODS_H_
#define TOCSIN_SERVICE_BACKUP_METHODS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/worker_pool.h"
#include "google/protobuf/empty.pb.h"
#include "service/context.h"
#include "tocsin/v1/admin_service.pb.h"

namespace tocsin {

class BackupMethods {
 public:
  // `folder` is made by the first backup.
  BackupMethods(const ServiceContext& context, std::string folder);

  // Ends the backup that is being made; none is made any more.
  void Stop();

  absl::StatusOr<v1::Backup> Create(const v1::CreateBackupRequest& request);
  absl::StatusOr<v1::ListBackupsResponse> List(
      const v1::ListBackupsRequest& request) const;
  absl::StatusOr<google::protobuf::Empty> Verify(
      const v1::VerifyBackupRequest& request) const;

  // Where Create() and Verify() are to run.
  WorkerPool& pool() { return pool_; }

 private:
  struct UnderWay {
    bool is = false;
    absl::Time since;
    int64_t done_bytes = 0;
  };

  const ServiceContext context_;
  const std::string folder_;

  mutable Mutex mu_;
  UnderWay under_way_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;

  WorkerPool pool_{1};  // Last: its work uses the above.
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_BACKUP_METHODS_H_
