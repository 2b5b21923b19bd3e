// How long tocsind takes to start on an archive of many articles, and how much
// memory it has then.
//
// The archive is made once and kept in --store, so that the next run has only
// to start. Measured: from exec until the first call is answered, after a clean
// stop, and after a kill under load, when there is a log to be replayed.
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
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

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// Made at once, of the archive: more would only take memory here.
constexpr uint64_t kChunk = 10'000;

struct Options {
  uint64_t articles = 1'000'000;
  uint64_t seed = 1;
  int repeat = 5;
  uint64_t more = 10'000;  // Before the kill.
  std::string tocsind;
  std::string store;
};

struct Start {
  double seconds = 0;
  double mebibytes = 0;
};

absl::StatusOr<std::pair<DaemonProcess, Start>> TimeStart(
    const Options& options) {
  const absl::Time before = absl::Now();
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, options.store));
  TOCSIN_RETURN_IF_ERROR(LastSequence(daemon.address()).status());
  Start start;
  start.seconds = absl::ToDoubleSeconds(absl::Now() - before);
  start.mebibytes = static_cast<double>(daemon.ResidentBytes()) / (1 << 20);
  return std::make_pair(std::move(daemon), start);
}

// How many articles the store has; what it had when it was last filled.
uint64_t Filled(const Options& options) {
  uint64_t count = 0;
  std::ifstream(options.store + "/articles") >> count;
  return count;
}

absl::Status Ingest(const Options& options, const DaemonProcess& daemon,
                    uint64_t first, uint64_t count) {
  TOCSIN_ASSIGN_OR_RETURN(const auto requests,
                          MakeIngestRequests(options.seed, first, count, 64));
  // Noted first: what an interrupted run has sent a part of is not sent again.
  std::ofstream(options.store + "/articles") << first + count << "\n";
  return TimeIngest(daemon.address(), requests).status();
}

absl::Status Fill(const Options& options) {
  uint64_t done = Filled(options);
  if (done >= options.articles) return absl::OkStatus();
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, options.store));
  const absl::Time start = absl::Now();
  const uint64_t before = done;
  while (done < options.articles) {
    const uint64_t count = std::min(kChunk, options.articles - done);
    TOCSIN_RETURN_IF_ERROR(Ingest(options, daemon, done, count));
    done += count;
    absl::FPrintF(stderr, "\r  filling: %d of %d articles, %.0f a second", done,
                  options.articles,
                  static_cast<double>(done - before) /
                      absl::ToDoubleSeconds(absl::Now() - start));
  }
  absl::FPrintF(stderr, "\n");
  return daemon.Stop();
}

void Print(const char* name, Start start) {
  absl::PrintF("%-22s %8.2f s %8.0f MiB\n", name, start.seconds,
               start.mebibytes);
  std::fflush(stdout);
}

absl::Status Main(const Options& options) {
  fs::create_directories(options.store);
  TOCSIN_RETURN_IF_ERROR(Fill(options));
  absl::PrintF("start_bench: %d articles, seed %d, median of %d\n",
               Filled(options), options.seed, options.repeat);
  std::vector<Start> starts;
  for (int i = 0; i < options.repeat; ++i) {
    TOCSIN_ASSIGN_OR_RETURN(auto started, TimeStart(options));
    starts.push_back(started.second);
    if (i + 1 < options.repeat) {
      TOCSIN_RETURN_IF_ERROR(started.first.Stop());
      continue;
    }
    // The last one works on, and is killed when it is destroyed.
    TOCSIN_RETURN_IF_ERROR(
        Ingest(options, started.first, Filled(options), options.more));
    absl::PrintF(
        "%-22s %10s %8.0f MiB\n", absl::StrCat("after ", options.more, " more"),
        "", static_cast<double>(started.first.ResidentBytes()) / (1 << 20));
  }
  std::sort(starts.begin(), starts.end(),
            [](Start a, Start b) { return a.seconds < b.seconds; });
  Print("after a clean stop", starts[starts.size() / 2]);
  TOCSIN_ASSIGN_OR_RETURN(auto killed, TimeStart(options));
  Print("after a kill", killed.second);
  absl::PrintF("goal: below 2 s and 1,024 MiB\n");
  return killed.first.Stop();
}

}  // namespace
}  // namespace tocsin

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  tocsin::Options options;
  options.tocsind = tocsin::BesideThisProgram("tocsind");
  options.store = fs::path(tocsin::BesideThisProgram("../start_bench.store"))
                      .lexically_normal();
  CLI::App app{
      "The time that tocsind takes to start on a large archive, and its memory "
      "then."};
  app.add_option("--articles", options.articles, "in the archive")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--repeat", options.repeat, "starts")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--more", options.more, "articles before the kill")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", options.seed)->capture_default_str();
  app.add_option("--tocsind", options.tocsind, "the program to measure")
      ->capture_default_str();
  app.add_option("--store", options.store,
                 "folder of the archive; filled if it has too few, and kept")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tocsin::Main(options);
  if (status.ok()) return 0;
  absl::FPrintF(stderr, "start_bench: %s\n", status.ToString());
  return 1;
}
