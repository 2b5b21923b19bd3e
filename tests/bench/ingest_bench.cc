// How many articles a second become durable in tocsind, beside a floor.
//
// Everything is measured in one run, in turn, over and over, each time on a new
// store on the same disk and through a real socket:
//
//   stream   a bare bidirectional gRPC stream that carries the same messages
//   store    bare synced RocksDB batches of body and one key a mention
//   floor    both: the stream's server writes the batches
//   tocsind  the real daemon, in its own process, with the default rules
//
// The medians are printed, and the ratio of tocsind to the floor. The ratio is
// what can be compared between machines. CPU time includes the sender's and,
// for tocsind, its start.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "bench_articles.h"
#include "bench_program.h"
#include "daemon_process.h"
#include "ingest_client.h"
#include "ingest_floor.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

struct Options {
  uint64_t articles = 10000;
  uint64_t batch = 64;
  int repeat = 3;
  uint64_t seed = 1;
  std::string tocsind;
  std::string dir;
};

// One way of taking articles in, and what it was seen to do.
struct Contender {
  std::string name;
  std::vector<double> rates;  // Articles a second.
  double keys = 0;            // Written, an article, in the last run.
  double disk_bytes = 0;      // Written to disk, an article, in the last run.
  double cpu_micros = 0;      // Of sender and server, an article, likewise.

  double Median() const {
    std::vector<double> sorted = rates;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
};

absl::StatusOr<absl::Duration> TimeDaemon(
    const Options& options, const std::string& dir,
    const std::vector<v1::IngestArticlesRequest>& requests) {
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, dir));
  TOCSIN_ASSIGN_OR_RETURN(absl::Duration time,
                          TimeIngest(daemon.address(), requests));
  TOCSIN_RETURN_IF_ERROR(daemon.Stop());
  return time;
}

// Runs `time(dir)` on a new folder and adds what it saw to `contender`.
template <typename Time>
absl::Status Run(const Options& options, Contender& contender, Time time) {
  std::string dir = options.dir + "/" + contender.name;
  fs::create_directories(dir);
  Usage before = UsageSoFar();
  TOCSIN_ASSIGN_OR_RETURN(absl::Duration taken, time(dir));
  double articles = static_cast<double>(options.articles);
  contender.rates.push_back(articles / absl::ToDoubleSeconds(taken));
  Usage after = UsageSoFar();
  contender.disk_bytes =
      static_cast<double>(after.disk_bytes - before.disk_bytes) / articles;
  contender.cpu_micros =
      1e6 * (after.cpu_seconds - before.cpu_seconds) / articles;
  absl::StatusOr<StoreFigures> store = ReadStoreFigures(dir);
  if (store.ok()) {
    contender.keys = static_cast<double>(store->keys_written) / articles;
  } else if (!absl::IsNotFound(store.status())) {
    return store.status();
  }
  fs::remove_all(dir);
  absl::FPrintF(stderr, "  %-8s %9.0f articles/s\n", contender.name,
                contender.rates.back());
  return absl::OkStatus();
}

std::string Cell(double value) {
  return value == 0 ? "-" : absl::StrFormat("%.0f", value);
}

absl::Status Bench(const Options& options) {
  TOCSIN_ASSIGN_OR_RETURN(
      auto requests,
      MakeIngestRequests(options.seed, 0, options.articles, options.batch));
  size_t body_bytes = 0;
  for (const auto& request : requests) {
    for (const auto& article : request.articles()) {
      body_bytes += article.body().size();
    }
  }
  absl::PrintF(
      "ingest_bench: %d articles of %d bytes in five languages, %d a message, "
      "one stream, seed %d, median of %d\n",
      options.articles, body_bytes / options.articles, options.batch,
      options.seed, options.repeat);
  std::fflush(stdout);

  Contender stream{"stream", {}};
  Contender store{"store", {}};
  Contender floor{"floor", {}};
  Contender tocsind{"tocsind", {}};
  for (int i = 0; i < options.repeat; ++i) {
    TOCSIN_RETURN_IF_ERROR(Run(options, stream, [&](const std::string&) {
      return TimeFloorServer("", requests);
    }));
    TOCSIN_RETURN_IF_ERROR(Run(options, store, [&](const std::string& dir) {
      return TimeFloorStore(dir + "/store", requests);
    }));
    TOCSIN_RETURN_IF_ERROR(Run(options, floor, [&](const std::string& dir) {
      return TimeFloorServer(dir + "/store", requests);
    }));
    TOCSIN_RETURN_IF_ERROR(Run(options, tocsind, [&](const std::string& dir) {
      return TimeDaemon(options, dir, requests);
    }));
  }

  absl::PrintF("\n%-9s %12s %14s %20s %16s\n", "", "articles/s", "keys/article",
               "disk bytes/article", "CPU us/article");
  for (const Contender* one : {&stream, &store, &floor, &tocsind}) {
    absl::PrintF("%-9s %12.0f %14s %20s %16s\n", one->name, one->Median(),
                 Cell(one->keys), Cell(one->disk_bytes), Cell(one->cpu_micros));
  }
  absl::PrintF("\nratio     %12.2f   of the floor (goal: 0.50)\n",
               tocsind.Median() / floor.Median());
  return absl::OkStatus();
}

}  // namespace
}  // namespace tocsin

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  tocsin::Options options;
  tocsin::BenchProgram program(
      "ingest_bench",
      "Articles a second that become durable in tocsind, beside a "
      "floor measured in the same run.",
      options.tocsind, options.dir);
  program.app()
      .add_option("--articles", options.articles, "how many, each run")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--batch", options.batch, "articles a message")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  program.app()
      .add_option("--repeat", options.repeat, "runs of each")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app().add_option("--seed", options.seed)->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Bench(options); });
}
