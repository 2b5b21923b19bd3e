// tocsin.v1.AdminService: what the operator wants to know, and what he may
// change besides rules: names of the user's own, and entities that are one.
//
// Thread-safe. Changes run one after another on a thread of their own, for each
// may compile every list there is and waits for the disk.
#ifndef TOCSIN_SERVICE_ADMIN_SERVICE_H_
#define TOCSIN_SERVICE_ADMIN_SERVICE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "service/backup_methods.h"
#include "service/context.h"
#include "tocsin/v1/admin_service.grpc.pb.h"

namespace tocsin {

using AdminServiceBase = v1::AdminService::WithRawCallbackMethod_GetStatus<
    v1::AdminService::WithRawCallbackMethod_ApplyNames<
        v1::AdminService::WithRawCallbackMethod_ListNames<
            v1::AdminService::WithRawCallbackMethod_MergeEntities<
                v1::AdminService::WithRawCallbackMethod_CreateBackup<
                    v1::AdminService::WithRawCallbackMethod_ListBackups<
                        v1::AdminService::WithRawCallbackMethod_VerifyBackup<
                            v1::AdminService::Service>>>>>>>;

class AdminService final : public AdminServiceBase {
 public:
  struct Options {
    std::string version;
    absl::Time start_time;
    std::function<int()> watcher_count;
    std::string backup_folder;
  };

  AdminService(const ServiceContext& context, Options options);

  // Ends what would take long, so that the server can stop.
  void Drain() { backups_.Stop(); }

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* ApplyNames(
      grpc::CallbackServerContext* context,
      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListNames(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* MergeEntities(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateBackup(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListBackups(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* VerifyBackup(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;

 private:
  absl::StatusOr<v1::GetStatusResponse> Status() const;

  absl::StatusOr<v1::ListNamesResponse> Names(
      const v1::ListNamesRequest& request) const;
  absl::StatusOr<v1::Entity> Merge(const v1::MergeEntitiesRequest& request);

  const ServiceContext context_;
  const Options options_;
  BackupMethods backups_;
  WorkerPool changes_{1};
};

// What is to be said of an archive with these counters; nothing, as a rule.
std::vector<std::string> ArchiveWarnings(const CommitRecord& commit);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_ADMIN_SERVICE_H_
