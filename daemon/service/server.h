// The gRPC server: every service on one address, with limits that keep a
// client from costing more than its share.
#ifndef TOCSIN_SERVICE_SERVER_H_
#define TOCSIN_SERVICE_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "service/admin_service.h"
#include "service/alert_service.h"
#include "service/archive_service.h"
#include "service/context.h"
#include "service/ingest_service.h"

namespace tocsin {

class Server {
 public:
  struct Options {
    std::string address;  // HOST:PORT; port 0 picks a free one.
    std::string version;
    absl::Time start_time;
    std::string backup_folder;
    // Made elsewhere; not owned, must outlive the server.
    std::vector<grpc::Service*> more_services;
  };

  // Serves when it returns. UNAVAILABLE if the address cannot be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServiceContext& context, Options options);

  // Stops at once if Stop() was not called.
  ~Server();

  int port() const { return port_; }

  // The first half of stopping: takes no articles any more and answers those
  // it has, until `deadline`. Health turns NOT_SERVING.
  void StopIngest(absl::Time deadline);
  // The second: watches are brought to the end of the log and ended, and the
  // server waits for all calls until `deadline`, then cuts them off. False if
  // it had to.
  bool Stop(absl::Time deadline);

 private:
  Server(const ServiceContext& context, const Options& options);

  IngestService ingest_;
  AlertService alerts_;
  ArchiveService archive_;
  AdminService admin_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_SERVER_H_
