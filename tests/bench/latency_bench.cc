// How long an alert takes: from the article's being sent to the alert's being
// received by each of ten watchers, at parts of the load that the daemon can
// take, beside a bare synced write of the same bytes.
//
// First the limit: articles one a message, as fast as they are acked. Then they
// are sent at fixed times, whatever the daemon does meanwhile: an article that
// had to wait counts from when it was due. The ack comes when the article is
// durable, over the same kind of path as the alert; so `alert after ack` is
// what an alert takes from the commit to the client beyond what an ack takes.
#include <grpcpp/grpcpp.h>
#include <rocksdb/db.h>
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
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "bench_articles.h"
#include "bench_program.h"
#include "daemon_process.h"
#include "ingest_client.h"
#include "latencies.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"
#include "watch_load.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

struct Options {
  int watchers = 10;
  double seconds = 10;
  uint64_t limit_articles = 10000;
  uint64_t warm_up = 5000;
  uint64_t seed = 1;
  std::string tocsind;
  std::string dir;
};

double Millis(absl::Duration duration) {
  return absl::ToDoubleMilliseconds(duration);
}

// Articles of one run: each has its number as its id.
struct Articles {
  std::vector<v1::IngestArticlesRequest> requests;
  std::string prefix;  // Of the resource names.

  static absl::StatusOr<Articles> Make(const Options& options,
                                       const std::string& source,
                                       uint64_t first, uint64_t count) {
    Articles articles;
    articles.prefix = absl::StrCat("sources/", source, "/articles/");
    TOCSIN_ASSIGN_OR_RETURN(articles.requests,
                            MakeIngestRequests(options.seed, first, count, 1));
    for (size_t i = 0; i < articles.requests.size(); ++i) {
      articles.requests[i].mutable_articles(0)->set_source(source);
      articles.requests[i].mutable_articles(0)->set_id(absl::StrCat(i));
    }
    return articles;
  }
};

// Which article each alert of a response is about.
template <typename Visit>
void ForEachArticle(const grpc::ByteBuffer& response, Visit visit) {
  v1::WatchAlertsResponse message;
  grpc::ByteBuffer copy = response;
  if (!grpc::SerializationTraits<v1::WatchAlertsResponse>::Deserialize(&copy,
                                                                       &message)
           .ok()) {
    return;
  }
  for (const v1::Alert& alert : message.alerts()) visit(alert.article());
}

struct RunResult {
  Latencies alert;      // From due to received, over all watchers.
  Latencies ack;        // From due to durable, as the client sees it.
  Latencies after_ack;  // Of the alert; below 0 if it came before.
  double rate = 0;      // Articles a second that were acked.
};

// Sends articles at fixed times while watchers listen.
class Run {
 public:
  Run(const Options& options, const Articles& articles, double rate)
      : options_(options),
        articles_(articles),
        rate_(rate),
        acked_(articles.requests.size()) {}

  absl::StatusOr<RunResult> Execute(const std::string& address) {
    WatchLoad::Options load;
    load.address = address;
    load.watchers = load.connections = options_.watchers;
    load.request = [](int) { return v1::WatchAlertsRequest(); };
    load.on_response = [this](const grpc::ByteBuffer& response) {
      NoteAlerts(response);
    };
    TOCSIN_ASSIGN_OR_RETURN(auto watchers, WatchLoad::Start(std::move(load)));
    TOCSIN_RETURN_IF_ERROR(watchers->WaitUntilConnected(absl::Seconds(30)));
    TOCSIN_RETURN_IF_ERROR(Send(address));
    TOCSIN_ASSIGN_OR_RETURN(const uint64_t last, LastSequence(address));
    TOCSIN_RETURN_IF_ERROR(watchers->WaitUntil(last, absl::Seconds(60)));
    watchers.reset();

    RunResult result;
    for (size_t i = 0; i < acked_.size(); ++i) {
      result.ack.Add(Millis(acked_[i] - DueAt(i)));
    }
    for (const auto& [article, at] : received_) {
      result.alert.Add(Millis(at - DueAt(article)));
      result.after_ack.Add(Millis(at - acked_[article]));
    }
    result.rate = static_cast<double>(acked_.size()) /
                  absl::ToDoubleSeconds(acked_.back() - start_);
    return result;
  }

 private:
  absl::Time DueAt(size_t article) const {
    return start_ + absl::Seconds(static_cast<double>(article) / rate_);
  }

  absl::Status Send(const std::string& address) {
    const auto stub = v1::IngestService::NewStub(
        grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    const auto stream = stub->IngestArticles(&context);
    start_ = absl::Now() + absl::Milliseconds(20);
    std::thread writer([&] {
      for (size_t i = 0; i < articles_.requests.size(); ++i) {
        absl::SleepFor(DueAt(i) - absl::Now());
        if (!stream->Write(articles_.requests[i])) return;
      }
      stream->WritesDone();
    });
    size_t acked = 0;
    v1::IngestArticlesResponse response;
    while (stream->Read(&response)) {
      const absl::Time now = absl::Now();
      for (int i = 0; i < response.results_size() && acked < acked_.size();
           ++i) {
        acked_[acked++] = now;
      }
    }
    writer.join();
    const grpc::Status status = stream->Finish();
    if (status.ok() && acked == acked_.size()) return absl::OkStatus();
    return absl::UnavailableError(
        absl::StrCat("IngestArticles: ", status.error_message(), "; ", acked,
                     " of ", acked_.size(), " acked"));
  }

  void NoteAlerts(const grpc::ByteBuffer& response) {
    const absl::Time now = absl::Now();
    ForEachArticle(response, [&](absl::string_view name) {
      uint64_t article = 0;
      if (name.substr(0, articles_.prefix.size()) != articles_.prefix ||
          !absl::SimpleAtoi(name.substr(articles_.prefix.size()), &article)) {
        return;
      }
      MutexLock lock(mu_);
      received_.emplace_back(article, now);
    });
  }

  const Options& options_;
  const Articles& articles_;
  const double rate_;
  absl::Time start_;
  std::vector<absl::Time> acked_;  // By article.

  Mutex mu_;
  // Article and when; after all threads ended it is read without mu_.
  std::vector<std::pair<uint64_t, absl::Time>> received_;
};

// One synced write of each article's body at a time, at a fixed rate.
absl::StatusOr<Latencies> BareWrites(const std::string& dir,
                                     const Articles& articles, double rate) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, dir, &opened);
  if (!status.ok()) return absl::InternalError(status.ToString());
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  Latencies latencies;
  const absl::Time start = absl::Now();
  for (size_t i = 0; i < articles.requests.size(); ++i) {
    absl::SleepFor(start + absl::Seconds(static_cast<double>(i) / rate) -
                   absl::Now());
    const absl::Time before = absl::Now();
    if (!db->Put(synced, absl::StrCat(i),
                 articles.requests[i].articles(0).body())
             .ok()) {
      return absl::InternalError("a bare write failed");
    }
    latencies.Add(Millis(absl::Now() - before));
  }
  return latencies;
}

void Print(const std::string& name, double rate, const Latencies& latencies) {
  absl::PrintF("%-28s %9.0f %9.2f %9.2f %9.2f\n", name, rate, latencies.At(0.5),
               latencies.At(0.99), latencies.At(0.999));
  std::fflush(stdout);
}

absl::Status Main(const Options& options) {
  const std::string dir = options.dir + "/tocsind";
  fs::create_directories(dir);
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, dir));
  uint64_t next = 0;
  const auto make = [&](const std::string& source, uint64_t count) {
    next += count;
    return Articles::Make(options, source, next - count, count);
  };
  TOCSIN_ASSIGN_OR_RETURN(const Articles warm, make("warm", options.warm_up));
  TOCSIN_RETURN_IF_ERROR(TimeIngest(daemon.address(), warm.requests).status());
  TOCSIN_ASSIGN_OR_RETURN(const Articles all,
                          make("limit", options.limit_articles));
  TOCSIN_ASSIGN_OR_RETURN(const RunResult most,
                          Run(options, all, 1e9).Execute(daemon.address()));
  absl::PrintF(
      "latency_bench: %d watchers; the limit is %.0f articles/s, one a "
      "message; "
      "seed %d\n\n%-28s %9s %9s %9s %9s  ms\n",
      options.watchers, most.rate, options.seed, "", "articles/s", "p50", "p99",
      "p99.9");

  double half_p99 = 0;
  double write_p99 = 0;
  for (const auto& [name, part] :
       {std::pair{"quarter", 0.25}, {"half", 0.5}, {"nine tenths", 0.9}}) {
    const double rate = part * most.rate;
    TOCSIN_ASSIGN_OR_RETURN(
        const Articles articles,
        make(absl::StrCat("load-", part * 100),
             static_cast<uint64_t>(rate * options.seconds)));
    if (part == 0.5) {
      TOCSIN_ASSIGN_OR_RETURN(
          const Latencies writes,
          BareWrites(options.dir + "/bare", articles, rate));
      Print("bare synced write, half", rate, writes);
      write_p99 = writes.At(0.99);
    }
    TOCSIN_ASSIGN_OR_RETURN(
        const RunResult result,
        Run(options, articles, rate).Execute(daemon.address()));
    Print(absl::StrCat("article to alert, ", name), result.rate, result.alert);
    Print("  article to ack", result.rate, result.ack);
    Print("  alert after ack", result.rate, result.after_ack);
    if (part == 0.5) half_p99 = result.alert.At(0.99);
  }
  absl::PrintF(
      "\nat half load, p99 of article to alert is %.2f ms more than that of a "
      "bare synced write (goal: below 5)\n",
      half_p99 - write_p99);
  return daemon.Stop();
}

}  // namespace
}  // namespace tocsin

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  tocsin::Options options;
  tocsin::BenchProgram program(
      "latency_bench",
      "From an article's being sent to its alerts' being received, beside a "
      "bare synced write.",
      options.tocsind, options.dir);
  program.app()
      .add_option("--watchers", options.watchers)
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  program.app()
      .add_option("--seconds", options.seconds, "of each load")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--limit-articles", options.limit_articles,
                  "to find the limit with")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app().add_option("--seed", options.seed)->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Main(options); });
}
