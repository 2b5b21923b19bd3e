// tocsin.v1.AdminService: what the operator wants to know.
#ifndef TOCSIN_SERVICE_ADMIN_SERVICE_H_
#define TOCSIN_SERVICE_ADMIN_SERVICE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "service/context.h"
#include "tocsin/v1/admin_service.grpc.pb.h"

namespace tocsin {

using AdminServiceBase = v1::AdminService::WithRawCallbackMethod_GetStatus<
    v1::AdminService::Service>;

class AdminService final : public AdminServiceBase {
 public:
  struct Options {
    std::string version;
    absl::Time start_time;
    int64_t listed_name_count = 0;
    std::function<int()> watcher_count;
  };

  AdminService(const ServiceContext& context, Options options);

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;

 private:
  absl::StatusOr<v1::GetStatusResponse> Status() const;

  const ServiceContext context_;
  const Options options_;
};

// What is to be said of an archive with these counters; nothing, as a rule.
std::vector<std::string> ArchiveWarnings(const CommitRecord& commit);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_ADMIN_SERVICE_H_
