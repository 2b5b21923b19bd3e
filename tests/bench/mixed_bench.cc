// Ingest as fast as it goes while 1,000 watchers follow and 10 queries a second
// are asked, beside the same ingest alone.
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "bench_articles.h"
#include "bench_program.h"
#include "daemon_process.h"
#include "ingest_client.h"
#include "latencies.h"
#include "tocsin/v1/alert_service.grpc.pb.h"
#include "tocsin/v1/archive_service.grpc.pb.h"
#include "watch_load.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

struct Options {
  uint64_t articles = 10000;
  int watchers = 1000;
  int connections = 10;
  double queries = 10;  // A second.
  uint64_t seed = 1;
  std::string tocsind;
  std::string dir;
};

// Asks one thing after the other, at fixed times, until it is destroyed.
class Queries {
 public:
  Queries(const std::string& address, double rate)
      : channel_(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
        alerts_(v1::AlertService::NewStub(channel_)),
        archive_(v1::ArchiveService::NewStub(channel_)),
        thread_([this, rate] { Run(rate); }) {}

  // Ends, and returns what the answers took.
  const Latencies& Stop() {
    stopping_ = true;
    thread_.join();
    return latencies_;
  }
  int errors() const { return errors_; }

 private:
  void Run(double rate) {
    absl::Time due = absl::Now();
    for (int i = 0; !stopping_; ++i) {
      const grpc::Status status = Ask(i);
      latencies_.Add(absl::ToDoubleMilliseconds(absl::Now() - due));
      errors_ += !status.ok() && status.error_code() != grpc::NOT_FOUND;
      due += absl::Seconds(1 / rate);
      absl::SleepFor(due - absl::Now());
    }
  }

  grpc::Status Ask(int i) {
    grpc::ClientContext context;
    switch (i % 4) {
      case 0: {
        v1::ListAlertsRequest request;
        request.set_filter("urgency <= 3");
        v1::ListAlertsResponse response;
        return alerts_->ListAlerts(&context, request, &response);
      }
      case 1: {
        v1::ListArticlesRequest request;
        v1::ListArticlesResponse response;
        return archive_->ListArticles(&context, request, &response);
      }
      case 2: {
        v1::ListEntitiesRequest request;
        v1::ListEntitiesResponse response;
        return archive_->ListEntities(&context, request, &response);
      }
      default: {
        v1::GetEntityRequest request;
        request.set_name("entities/microsoft");
        v1::Entity response;
        return archive_->GetEntity(&context, request, &response);
      }
    }
  }

  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::AlertService::Stub> alerts_;
  const std::unique_ptr<v1::ArchiveService::Stub> archive_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> errors_{0};
  Latencies latencies_;
  std::thread thread_;
};

absl::StatusOr<double> Alone(const Options& options) {
  const std::string dir = options.dir + "/alone";
  fs::create_directories(dir);
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, dir));
  TOCSIN_ASSIGN_OR_RETURN(
      const auto requests,
      MakeIngestRequests(options.seed, 0, options.articles, 64));
  TOCSIN_ASSIGN_OR_RETURN(const absl::Duration time,
                          TimeIngest(daemon.address(), requests));
  TOCSIN_RETURN_IF_ERROR(daemon.Stop());
  return static_cast<double>(options.articles) / absl::ToDoubleSeconds(time);
}

absl::Status Mixed(const Options& options, double alone) {
  const std::string dir = options.dir + "/mixed";
  fs::create_directories(dir);
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, dir));
  WatchLoad::Options load;
  load.address = daemon.address();
  load.watchers = options.watchers;
  load.connections = options.connections;
  load.request = [](int) { return v1::WatchAlertsRequest(); };
  TOCSIN_ASSIGN_OR_RETURN(const auto watchers,
                          WatchLoad::Start(std::move(load)));
  TOCSIN_RETURN_IF_ERROR(watchers->WaitUntilConnected(absl::Seconds(60)));
  Queries queries(daemon.address(), options.queries);
  TOCSIN_ASSIGN_OR_RETURN(
      const auto requests,
      MakeIngestRequests(options.seed, 0, options.articles, 64));

  const absl::Time start = absl::Now();
  const auto time = TimeIngest(daemon.address(), requests);
  absl::StatusOr<uint64_t> last = LastSequence(daemon.address());
  const absl::Status heard =
      last.ok() ? watchers->WaitUntil(*last, absl::Minutes(2)) : last.status();
  const absl::Duration all = absl::Now() - start;
  const Latencies& answers = queries.Stop();
  TOCSIN_RETURN_IF_ERROR(time.status());
  TOCSIN_RETURN_IF_ERROR(heard);

  const double rate =
      static_cast<double>(options.articles) / absl::ToDoubleSeconds(*time);
  absl::PrintF("ingest alone        %10.0f articles/s\n", alone);
  absl::PrintF("ingest, mixed       %10.0f articles/s, ratio %.2f\n", rate,
               rate / alone);
  absl::PrintF(
      "delivered           %10.0f alerts/s; the last %.2f s after the last "
      "ack\n",
      static_cast<double>(watchers->totals().alerts) /
          absl::ToDoubleSeconds(all),
      absl::ToDoubleSeconds(all - *time));
  absl::PrintF(
      "queries             %10d answered, %d errors, p50 %.1f ms, p99 %.1f "
      "ms\n",
      answers.size(), queries.errors(), answers.At(0.5), answers.At(0.99));
  absl::PrintF("memory              %10.0f MiB\n",
               static_cast<double>(daemon.ResidentBytes()) / (1 << 20));
  return daemon.Stop();
}

absl::Status Main(const Options& options) {
  absl::PrintF(
      "mixed_bench: %d articles, %d watchers over %d connections, %.0f queries "
      "a second, seed %d\n",
      options.articles, options.watchers, options.connections, options.queries,
      options.seed);
  TOCSIN_ASSIGN_OR_RETURN(const double alone, Alone(options));
  return Mixed(options, alone);
}

}  // namespace
}  // namespace tocsin

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  tocsin::Options options;
  tocsin::BenchProgram program(
      "mixed_bench", "Ingest with watchers and queries, beside ingest alone.",
      options.tocsind, options.dir);
  program.app()
      .add_option("--articles", options.articles)
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--watchers", options.watchers)
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--connections", options.connections, "of the watchers")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--queries", options.queries, "a second")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app().add_option("--seed", options.seed)->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Main(options); });
}
