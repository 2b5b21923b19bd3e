// What a watcher that stops reading costs the others.
//
// A hundred watchers read the same part of the log over and over, in turn with
// and without one more that asked for the whole log and reads nothing of it.
// Printed: the throughput of the hundred with the stalled one as a part of that
// without, median of the runs; how much the daemon's memory grew with it; and
// that the hundred got everything. Exit code 1 if memory grew by too much.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
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
#include "watch_load.h"

namespace tocsin {
namespace {

constexpr absl::Duration kTimeout = absl::Minutes(2);
constexpr double kMostGrowth = 10e6;  // Bytes.

struct Options {
  int watchers = 100;
  uint64_t articles = 6000;
  uint64_t alerts = 1'000'000;  // Delivered in a run, about.
  int rounds = 5;
  uint64_t seed = 1;
  std::string tocsind;
  std::string dir;
};

WatchLoad::Options LoadOf(const std::string& address, int watchers,
                          uint64_t after) {
  WatchLoad::Options load;
  load.address = address;
  load.watchers = watchers;
  load.connections = std::min(watchers, 10);
  load.request = [after](int) {
    v1::WatchAlertsRequest request;
    request.mutable_start()->set_after_sequence(after);
    return request;
  };
  return load;
}

// Alerts a second; DATA_LOSS if they were not all that there are.
absl::StatusOr<double> Deliver(const WatchLoad::Options& load, uint64_t last,
                               uint64_t each) {
  const absl::Time start = absl::Now();
  TOCSIN_ASSIGN_OR_RETURN(const auto watchers, WatchLoad::Start(load));
  TOCSIN_RETURN_IF_ERROR(watchers->WaitUntil(last, kTimeout));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const uint64_t due = each * static_cast<uint64_t>(load.watchers);
  if (watchers->totals().alerts != due) {
    return absl::DataLossError(absl::StrCat(watchers->totals().alerts, " of ",
                                            due, " alerts were delivered"));
  }
  return static_cast<double>(due) / seconds;
}

absl::Status Main(const Options& options) {
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, options.dir));
  TOCSIN_ASSIGN_OR_RETURN(
      const auto requests,
      MakeIngestRequests(options.seed, 0, options.articles, 64));
  TOCSIN_RETURN_IF_ERROR(TimeIngest(daemon.address(), requests).status());
  TOCSIN_ASSIGN_OR_RETURN(const uint64_t last, LastSequence(daemon.address()));
  const uint64_t each = std::min(
      last, std::max<uint64_t>(
                1, options.alerts / static_cast<uint64_t>(options.watchers)));
  const WatchLoad::Options load =
      LoadOf(daemon.address(), options.watchers, last - each);
  // The first runs fill caches.
  TOCSIN_RETURN_IF_ERROR(Deliver(load, last, each).status());
  TOCSIN_RETURN_IF_ERROR(Deliver(load, last, each).status());

  std::vector<double> ratios;
  double growth = 0;
  const auto beside_stalled = [&]() -> absl::StatusOr<double> {
    const auto before = static_cast<double>(daemon.ResidentBytes());
    WatchLoad::Options stalled = LoadOf(daemon.address(), 1, 0);
    stalled.stall = true;
    TOCSIN_ASSIGN_OR_RETURN(const auto stalling,
                            WatchLoad::Start(std::move(stalled)));
    TOCSIN_RETURN_IF_ERROR(stalling->WaitUntilConnected(kTimeout));
    TOCSIN_ASSIGN_OR_RETURN(const double rate, Deliver(load, last, each));
    growth =
        std::max(growth, static_cast<double>(daemon.ResidentBytes()) - before);
    return rate;
  };
  for (int round = 0; round < options.rounds; ++round) {
    double with = 0;
    // Each goes first in turn, for whatever comes second may gain by it.
    if (round % 2 == 1) {
      TOCSIN_ASSIGN_OR_RETURN(with, beside_stalled());
    }
    TOCSIN_ASSIGN_OR_RETURN(const double without, Deliver(load, last, each));
    if (round % 2 == 0) {
      TOCSIN_ASSIGN_OR_RETURN(with, beside_stalled());
    }
    ratios.push_back(with / without);
  }
  std::sort(ratios.begin(), ratios.end());
  absl::PrintF(
      "stall_bench: seed %d: cycles %d, %d watchers of %d alerts each, beside "
      "a stalled one %.2f of the throughput without (goal: 0.95), memory grew "
      "by %.1f MB (goal: below 10), lost 0\n",
      options.seed, options.rounds, options.watchers, each,
      ratios[ratios.size() / 2], growth / 1e6);
  TOCSIN_RETURN_IF_ERROR(daemon.Stop());
  if (growth < kMostGrowth) return absl::OkStatus();
  return absl::ResourceExhaustedError("a stalled watcher costs memory");
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  tocsin::Options options;
  tocsin::BenchProgram program(
      "stall_bench", "What a watcher that stops reading costs the others.",
      options.tocsind, options.dir);
  program.app()
      .add_option("--watchers", options.watchers)
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  program.app()
      .add_option("--articles", options.articles, "that ring the alerts")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--alerts", options.alerts, "delivered in a run, about")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--rounds", options.rounds, "runs with and without")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app().add_option("--seed", options.seed)->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Main(options); });
}
