// How long an alert takes: from the article's being sent, and from its being
// committed, to the alert's being received by each of ten watchers, at parts of
// the load that the daemon can take, beside a bare synced write of the same
// bytes.
//
// First the limit: articles one a message, as fast as they are acked. Then they
// are sent at fixed times, whatever the daemon does meanwhile: an article that
// had to wait counts from when it was due.
//
// When a commit was durable the daemon's log says, to the microsecond and by
// the clock of this machine, and up to which alert it went. A watcher only
// notes when it got to which alert, for it shares its cores with the daemon;
// everything else is put together when the load is over.
#include <grpcpp/grpcpp.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
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
  double limit = 0;  // Articles a second; 0: to be found.
  uint64_t limit_articles = 10000;
  uint64_t warm_up = 5000;
  uint64_t seed = 1;
  std::string tocsind;
  std::string dir;
};

double Millis(absl::Duration duration) {
  return absl::ToDoubleMilliseconds(duration);
}

using Requests =
    std::vector<v1::IngestArticlesRequest>;  // Of one article each.

// At `at` everything up to `sequence` was there.
struct Reached {
  absl::Time at;
  uint64_t sequence = 0;
};

// The commits that a daemon's log tells of.
std::vector<Reached> ReadCommits(const std::string& log) {
  std::vector<Reached> commits;
  std::ifstream file(log);
  std::string line;
  while (std::getline(file, line)) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(absl::string_view(line), ' ');
    if (words.size() < 3 || words[2] != "committed") continue;
    Reached commit;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, words[0], &commit.at, &error)) {
      continue;
    }
    for (absl::string_view word : words) {
      if (!absl::ConsumePrefix(&word, "sequence=")) continue;
      (void)absl::SimpleAtoi(word, &commit.sequence);
    }
    commits.push_back(commit);
  }
  return commits;
}

struct RunResult {
  // Each over all alerts and watchers:
  Latencies alert;      // From the article's being due to received.
  Latencies committed;  // From durable to received.
  Latencies ack;        // Of each article: from due to acked.
  double rate = 0;      // Articles a second that were acked.
  double commits = 0;   // A second.
};

// Sends articles at fixed times while watchers listen.
class Run {
 public:
  Run(const Options& options, const Requests& articles, double rate)
      : options_(options),
        articles_(articles),
        rate_(rate),
        acked_(articles.size()),
        received_(static_cast<size_t>(options.watchers)) {}

  absl::StatusOr<RunResult> Execute(const DaemonProcess& daemon) {
    WatchLoad::Options load;
    load.address = daemon.address();
    load.watchers = load.connections = options_.watchers;
    load.request = [](int) { return v1::WatchAlertsRequest(); };
    load.on_response = [this](int i, const ResponseFigures& figures,
                              const grpc::ByteBuffer&) {
      received_[static_cast<size_t>(i)].push_back(
          {absl::Now(), figures.sequence});
    };
    TOCSIN_ASSIGN_OR_RETURN(auto watchers, WatchLoad::Start(std::move(load)));
    TOCSIN_RETURN_IF_ERROR(watchers->WaitUntilConnected(absl::Seconds(30)));
    TOCSIN_ASSIGN_OR_RETURN(first_, LastSequence(daemon.address()));
    TOCSIN_RETURN_IF_ERROR(Send(daemon.address()));
    TOCSIN_ASSIGN_OR_RETURN(const uint64_t last,
                            LastSequence(daemon.address()));
    TOCSIN_RETURN_IF_ERROR(watchers->WaitUntil(last, absl::Seconds(60)));
    watchers.reset();
    if (last - first_ != article_of_.size()) {
      return absl::InternalError("the alerts are not those of the articles");
    }
    return Evaluate(ReadCommits(daemon.log()));
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
      for (size_t i = 0; i < articles_.size(); ++i) {
        absl::SleepFor(DueAt(i) - absl::Now());
        if (!stream->Write(articles_[i])) return;
      }
      stream->WritesDone();
    });
    size_t acked = 0;
    v1::IngestArticlesResponse response;
    while (stream->Read(&response)) {
      const absl::Time now = absl::Now();
      for (const v1::IngestResult& result : response.results()) {
        if (acked == acked_.size()) break;
        article_of_.insert(article_of_.end(),
                           static_cast<size_t>(result.alert_count()), acked);
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

  absl::StatusOr<RunResult> Evaluate(
      const std::vector<Reached>& commits) const {
    RunResult result;
    for (size_t i = 0; i < acked_.size(); ++i) {
      result.ack.Add(Millis(acked_[i] - DueAt(i)));
    }
    const double seconds = absl::ToDoubleSeconds(acked_.back() - start_);
    result.rate = static_cast<double>(acked_.size()) / seconds;
    for (const Reached& commit : commits) {
      result.commits += (commit.at >= start_) / seconds;
    }
    for (const std::vector<Reached>& watcher : received_) {
      uint64_t sequence = first_;
      auto commit = commits.begin();
      for (const Reached& received : watcher) {
        for (; sequence < received.sequence; ++sequence) {
          while (commit != commits.end() && commit->sequence <= sequence) {
            ++commit;
          }
          if (commit == commits.end()) {
            return absl::InternalError(
                "the daemon's log does not tell of every commit");
          }
          const size_t article = article_of_[sequence - first_];
          result.alert.Add(Millis(received.at - DueAt(article)));
          result.committed.Add(Millis(received.at - commit->at));
        }
      }
    }
    return result;
  }

  const Options& options_;
  const Requests& articles_;
  const double rate_;
  absl::Time start_;
  std::vector<absl::Time> acked_;   // By article.
  uint64_t first_ = 0;              // Sequence of the last alert before it.
  std::vector<size_t> article_of_;  // By alert.
  std::vector<std::vector<Reached>> received_;  // By watcher.
};

// One synced write of each article's body at a time, at a fixed rate.
absl::StatusOr<Latencies> BareWrites(const std::string& dir,
                                     const Requests& articles, double rate) {
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
  for (size_t i = 0; i < articles.size(); ++i) {
    absl::SleepFor(start + absl::Seconds(static_cast<double>(i) / rate) -
                   absl::Now());
    const absl::Time before = absl::Now();
    if (!db->Put(synced, absl::StrCat(i), articles[i].articles(0).body())
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
  TOCSIN_ASSIGN_OR_RETURN(
      DaemonProcess daemon,
      DaemonProcess::Start(options.tocsind, dir, {"--log-level", "debug"}));
  uint64_t next = 0;
  const auto make = [&](uint64_t count) {
    next += count;
    return MakeIngestRequests(options.seed, next - count, count, 1);
  };
  TOCSIN_ASSIGN_OR_RETURN(const Requests warm, make(options.warm_up));
  TOCSIN_RETURN_IF_ERROR(TimeIngest(daemon.address(), warm).status());
  double limit = options.limit;
  if (limit == 0) {
    TOCSIN_ASSIGN_OR_RETURN(const Requests all, make(options.limit_articles));
    TOCSIN_ASSIGN_OR_RETURN(const RunResult most,
                            Run(options, all, 1e9).Execute(daemon));
    limit = most.rate;
  }
  absl::PrintF(
      "latency_bench: %d watchers; the limit is %.0f articles/s, one a "
      "message; "
      "seed %d\n\n%-28s %9s %9s %9s %9s  ms\n",
      options.watchers, limit, options.seed, "", "a second", "p50", "p99",
      "p99.9");

  double half_p99 = 0;
  double write_p99 = 0;
  for (const auto& [name, part] :
       {std::pair{"quarter", 0.25}, {"half", 0.5}, {"nine tenths", 0.9}}) {
    const double rate = part * limit;
    TOCSIN_ASSIGN_OR_RETURN(
        const Requests articles,
        make(static_cast<uint64_t>(rate * options.seconds)));
    if (part == 0.5) {
      TOCSIN_ASSIGN_OR_RETURN(
          const Latencies writes,
          BareWrites(options.dir + "/bare", articles, rate));
      Print("bare synced write, half", rate, writes);
      write_p99 = writes.At(0.99);
    }
    TOCSIN_ASSIGN_OR_RETURN(const RunResult result,
                            Run(options, articles, rate).Execute(daemon));
    Print(absl::StrCat("article to alert, ", name), result.rate, result.alert);
    Print("  article to ack", result.rate, result.ack);
    Print("  commit to alert", result.commits, result.committed);
    if (part == 0.5) half_p99 = result.committed.At(0.99);
  }
  absl::PrintF(
      "\nat half load, with %d watchers, p99 from commit to client is %.2f ms "
      "(goal: below 5); that of a bare synced write is %.2f ms\n",
      options.watchers, half_p99, write_p99);
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
      .add_option("--limit", options.limit,
                  "articles a second; 0 finds out how many the daemon takes")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  program.app()
      .add_option("--limit-articles", options.limit_articles,
                  "to find the limit with")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app().add_option("--seed", options.seed)->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Main(options); });
}
