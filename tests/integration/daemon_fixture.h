// A real daemon in this process, on a free port, with a store of its own in a
// temporary directory; and the few calls that most tests make.
#ifndef TOCSIN_TESTS_INTEGRATION_DAEMON_FIXTURE_H_
#define TOCSIN_TESTS_INTEGRATION_DAEMON_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "app/daemon.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "tocsin/v1/admin_service.grpc.pb.h"
#include "tocsin/v1/alert_service.grpc.pb.h"
#include "tocsin/v1/archive_service.grpc.pb.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"

namespace tocsin {

// Every call of a test ends by then, however the test fails.
inline constexpr int kCallSeconds = 60;

// One rule that rings once for every article, so that a test can count alerts
// without leaning on detection.
extern const char kRingForEveryArticle[];

class DaemonTest : public testing::Test {
 protected:
  DaemonTest();
  ~DaemonTest() override;

  // Starts it, or starts it again over the same store.
  void StartDaemon();
  void StopDaemon();

  std::string Path(const std::string& name) const;
  void WriteFile(const std::string& name, const std::string& text) const;

  std::unique_ptr<grpc::ClientContext> Context() const;

  // One article each: `a-0`, `a-1` and so on, of the source `wire`.
  static v1::Article MakeArticle(const std::string& id,
                                 const std::string& body);
  static std::vector<v1::Article> MakeArticles(const std::string& prefix,
                                               int count);

  // Sends them over one stream, `per_message` at a time, and expects the call
  // to end well.
  std::vector<v1::IngestResult> Ingest(const std::vector<v1::Article>& articles,
                                       int per_message = 16);
  v1::IngestResult IngestOne(const v1::Article& article);

  Config config_;
  std::unique_ptr<Daemon> daemon_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::IngestService::Stub> ingest_;
  std::unique_ptr<v1::AlertService::Stub> alerts_;
  std::unique_ptr<v1::ArchiveService::Stub> archive_;
  std::unique_ptr<v1::AdminService::Stub> admin_;

 private:
  std::string directory_;
};

// The FieldViolation of a failed call; empty if it has none.
v1::FieldViolation ViolationOf(const grpc::Status& status);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_INTEGRATION_DAEMON_FIXTURE_H_
