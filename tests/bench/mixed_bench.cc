// Ingest as fast as it goes while 1,000 watchers follow and 10 queries a second
// are asked, beside the same ingest alone.
#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
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

// Asks one thing after the other, at fixed times.
class Asker {
 public:
  explicit Asker(const std::string& address)
      : channel_(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
        alerts_(v1::AlertService::NewStub(channel_)),
        archive_(v1::ArchiveService::NewStub(channel_)) {}

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

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::AlertService::Stub> alerts_;
  const std::unique_ptr<v1::ArchiveService::Stub> archive_;
};

// Asks from a process of its own: gRPC's threads serve all connections of a
// process, so beside 1,000 watchers a query would wait for these here, and not
// in the daemon. Not thread-safe.
class Queries {
 public:
  // Before there are other threads in this process.
  explicit Queries(double rate) {
    int to_child[2];
    int from_child[2];
    if (pipe2(to_child, O_CLOEXEC) != 0 || pipe2(from_child, O_CLOEXEC) != 0)
      return;
    child_ = fork();
    close(to_child[child_ == 0 ? 1 : 0]);
    close(from_child[child_ == 0 ? 0 : 1]);
    to_child_ = to_child[child_ == 0 ? 0 : 1];
    from_child_ = from_child[child_ == 0 ? 1 : 0];
    if (child_ == 0) Ask(rate);
  }
  ~Queries() { Stop(); }

  void Start(const std::string& address) const {
    (void)!write(to_child_, address.data(), address.size());
  }

  struct Answers {
    Latencies latencies;
    int errors = 0;
  };
  // Ends them.
  Answers Stop() {
    Answers answers;
    if (child_ <= 0) return answers;
    close(to_child_);
    double milliseconds = 0;  // Below 0: after an error.
    while (read(from_child_, &milliseconds, sizeof(milliseconds)) ==
           sizeof(milliseconds)) {
      answers.errors += milliseconds < 0;
      answers.latencies.Add(std::abs(milliseconds));
    }
    close(from_child_);
    waitpid(std::exchange(child_, 0), nullptr, 0);
    return answers;
  }

 private:
  // The child: waits for the address, asks until the pipe is closed, and then
  // tells what each answer took.
  [[noreturn]] void Ask(double rate) const {
    char address[256];
    const ssize_t size = read(to_child_, address, sizeof(address));
    if (size <= 0) std::_Exit(0);
    std::vector<double> answers;
    Asker asker(std::string(address, static_cast<size_t>(size)));
    pollfd closed = {to_child_, POLLIN, 0};
    absl::Time due = absl::Now();
    for (int i = 0; poll(&closed, 1, 0) == 0; ++i) {
      const grpc::Status status = asker.Ask(i);
      const double took = absl::ToDoubleMilliseconds(absl::Now() - due);
      const bool failed =
          !status.ok() && status.error_code() != grpc::NOT_FOUND;
      answers.push_back(failed ? -took : took);
      due += absl::Seconds(1 / rate);
      absl::SleepFor(due - absl::Now());
    }
    for (const double took : answers) {
      (void)!write(from_child_, &took, sizeof(took));
    }
    std::_Exit(0);
  }

  pid_t child_ = -1;
  int to_child_ = -1;
  int from_child_ = -1;
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

absl::Status Mixed(const Options& options, double alone, Queries& queries) {
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
  queries.Start(daemon.address());
  TOCSIN_ASSIGN_OR_RETURN(
      const auto requests,
      MakeIngestRequests(options.seed, 0, options.articles, 64));

  const absl::Time start = absl::Now();
  const auto time = TimeIngest(daemon.address(), requests);
  absl::StatusOr<uint64_t> last = LastSequence(daemon.address());
  const absl::Status heard =
      last.ok() ? watchers->WaitUntil(*last, absl::Minutes(2)) : last.status();
  const absl::Duration all = absl::Now() - start;
  const Queries::Answers answers = queries.Stop();
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
      answers.latencies.size(), answers.errors, answers.latencies.At(0.5),
      answers.latencies.At(0.99));
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
  Queries queries(options.queries);
  TOCSIN_ASSIGN_OR_RETURN(const double alone, Alone(options));
  return Mixed(options, alone, queries);
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
