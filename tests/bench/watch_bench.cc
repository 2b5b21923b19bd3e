// How many alerts a second tocsind delivers to its watchers, beside a floor.
//
//   tocsind  the real daemon: articles go in first, then every watcher starts
//   at
//            the same place and reads to the end of the log
//   floor    a bare gRPC server stream in a process of its own (watch_floor)
//            that sends the same messages, byte for byte, to as many readers
//
// Both are measured in turn, over and over, by the same client, and the time
// includes the set-up of the calls. Then: what a watcher costs that only waits.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
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

namespace fs = std::filesystem;

constexpr absl::Duration kTimeout = absl::Minutes(2);

struct Options {
  uint64_t articles = 6000;
  uint64_t alerts = 3'000'000;  // Delivered in a run, about.
  int repeat = 3;
  int idle = 10'000;
  uint64_t seed = 1;
  std::string tocsind;
  std::string floor;
  std::string dir;
};

// One line of the table.
struct Row {
  const char* name;
  int watchers;
  int connections;
  // Of watcher `i`.
  std::string (*filter)(int i);
  std::vector<double> daemon_rates = {};  // Alerts a second.
  std::vector<double> floor_rates = {};
};

std::string NoFilter(int) { return ""; }
std::string OneFilter(int) { return "urgency <= 4"; }
std::string OwnFilter(int i) {
  return absl::StrCat("urgency <= 4 AND NOT rule = \"rules/none-", i, "\"");
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

WatchLoad::Options LoadOf(const Row& row, const std::string& address,
                          uint64_t after) {
  WatchLoad::Options load;
  load.address = address;
  load.watchers = row.watchers;
  load.connections = row.connections;
  load.request = [&row, after](int i) {
    v1::WatchAlertsRequest request;
    request.mutable_start()->set_after_sequence(after);
    request.set_filter(row.filter(i));
    return request;
  };
  return load;
}

// Alerts a second over all watchers, in `rounds` rounds.
absl::StatusOr<double> RateOf(const WatchLoad::Options& load, uint64_t last,
                              int rounds) {
  absl::Duration time;
  uint64_t alerts = 0;
  for (int i = 0; i < rounds; ++i) {
    const absl::Time start = absl::Now();
    TOCSIN_ASSIGN_OR_RETURN(const auto watchers, WatchLoad::Start(load));
    TOCSIN_RETURN_IF_ERROR(watchers->WaitUntil(last, kTimeout));
    time += absl::Now() - start;
    alerts += watchers->totals().alerts;
  }
  return static_cast<double>(alerts) / absl::ToDoubleSeconds(time);
}

// Writes what one watcher gets to `path`, for the floor.
absl::Status Record(WatchLoad::Options load, uint64_t last,
                    const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  load.watchers = load.connections = 1;
  load.on_response = [&file](int, const ResponseFigures&,
                             const grpc::ByteBuffer& response) {
    grpc::ByteBuffer copy = response;
    grpc::Slice slice;
    (void)copy.DumpToSingleSlice(&slice);
    const uint64_t size = slice.size();
    file.write(reinterpret_cast<const char*>(&size), sizeof(size));
    file.write(reinterpret_cast<const char*>(slice.begin()),
               static_cast<std::streamsize>(size));
  };
  TOCSIN_ASSIGN_OR_RETURN(const auto watcher,
                          WatchLoad::Start(std::move(load)));
  return watcher->WaitUntil(last, kTimeout);
}

class Bench {
 public:
  Bench(const Options& options, DaemonProcess daemon, uint64_t last)
      : options_(options), daemon_(std::move(daemon)), last_(last) {}

  // Fills a daemon with alerts.
  static absl::StatusOr<Bench> Create(const Options& options) {
    const std::string dir = options.dir + "/tocsind";
    fs::create_directories(dir);
    TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                            DaemonProcess::Start(options.tocsind, dir));
    TOCSIN_ASSIGN_OR_RETURN(
        const auto requests,
        MakeIngestRequests(options.seed, 0, options.articles, 64));
    TOCSIN_RETURN_IF_ERROR(TimeIngest(daemon.address(), requests).status());
    TOCSIN_ASSIGN_OR_RETURN(const uint64_t last,
                            LastSequence(daemon.address()));
    return Bench(options, std::move(daemon), last);
  }

  uint64_t last() const { return last_; }

  absl::Status Run(Row& row) {
    const auto watchers = static_cast<uint64_t>(row.watchers);
    // Few enough to be in memory, enough to be worth a call.
    const uint64_t each = std::clamp<uint64_t>(
        options_.alerts / watchers, 300, std::min<uint64_t>(last_, 20'000));
    const int rounds = static_cast<int>(
        std::max<uint64_t>(1, options_.alerts / (each * watchers)));
    const WatchLoad::Options load =
        LoadOf(row, daemon_.address(), last_ - each);

    const std::string floor_dir = options_.dir + "/floor";
    const std::string messages = floor_dir + "/messages";
    fs::create_directories(floor_dir);
    TOCSIN_RETURN_IF_ERROR(Record(load, last_, messages));
    TOCSIN_ASSIGN_OR_RETURN(DaemonProcess floor,
                            DaemonProcess::Start(options_.floor, floor_dir,
                                                 {"--messages", messages}));
    const WatchLoad::Options floor_load =
        LoadOf(row, floor.address(), last_ - each);
    for (int i = 0; i < options_.repeat; ++i) {
      TOCSIN_ASSIGN_OR_RETURN(row.floor_rates.emplace_back(),
                              RateOf(floor_load, last_, rounds));
      TOCSIN_ASSIGN_OR_RETURN(row.daemon_rates.emplace_back(),
                              RateOf(load, last_, rounds));
    }
    return floor.Stop();
  }

  absl::StatusOr<double> IdleBytes() {
    Row row{"idle", options_.idle, 100, &NoFilter};
    const uint64_t before = daemon_.ResidentBytes();
    TOCSIN_ASSIGN_OR_RETURN(
        const auto watchers,
        WatchLoad::Start(LoadOf(row, daemon_.address(), last_)));
    TOCSIN_RETURN_IF_ERROR(watchers->WaitUntilConnected(kTimeout));
    const uint64_t after = daemon_.ResidentBytes();
    return (static_cast<double>(after) - static_cast<double>(before)) /
           options_.idle;
  }

  absl::Status Stop() { return daemon_.Stop(); }

 private:
  const Options& options_;
  DaemonProcess daemon_;
  const uint64_t last_;
};

absl::Status Main(const Options& options) {
  TOCSIN_ASSIGN_OR_RETURN(Bench bench, Bench::Create(options));
  if (options.idle > 0) {
    TOCSIN_ASSIGN_OR_RETURN(const double idle, bench.IdleBytes());
    absl::PrintF(
        "watch_bench: %d watchers that wait, over 100 connections: %.1f KB "
        "each "
        "(goal: below 50)\n",
        options.idle, idle / 1000);
  }
  absl::PrintF(
      "%d alerts in the log, seed %d, median of %d\n\n%-11s %9s %14s "
      "%14s %7s\n",
      bench.last(), options.seed, options.repeat, "filter", "watchers",
      "floor alerts/s", "tocsind", "ratio");
  for (Row row : {Row{"none", 1, 1, &NoFilter}, Row{"none", 100, 10, &NoFilter},
                  Row{"none", 10'000, 100, &NoFilter},
                  Row{"one for all", 1, 1, &OneFilter},
                  Row{"one for all", 100, 10, &OneFilter},
                  Row{"one for all", 10'000, 100, &OneFilter},
                  Row{"one each", 100, 10, &OwnFilter}}) {
    TOCSIN_RETURN_IF_ERROR(bench.Run(row));
    const double floor = Median(row.floor_rates);
    const double tocsind = Median(row.daemon_rates);
    absl::PrintF("%-11s %9d %14.0f %14.0f %7.2f\n", row.name, row.watchers,
                 floor, tocsind, tocsind / floor);
    std::fflush(stdout);
  }
  absl::PrintF("\ngoal: a ratio of 0.60 at 1, 100 and 10,000 watchers\n");
  return bench.Stop();
}

}  // namespace
}  // namespace tocsin

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  tocsin::Options options;
  tocsin::BenchProgram program(
      "watch_bench",
      "Alerts a second that tocsind delivers to watchers, beside a bare gRPC "
      "server stream of the same bytes.",
      options.tocsind, options.dir);
  options.floor = tocsin::BesideThisProgram("watch_floor");
  program.app()
      .add_option("--articles", options.articles, "that ring the alerts")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--alerts", options.alerts, "delivered in a run, about")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--repeat", options.repeat, "runs of each")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--idle", options.idle, "watchers that only wait; 0: none")
      ->check(CLI::Range(0, 20000))
      ->capture_default_str();
  program.app().add_option("--seed", options.seed)->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Main(options); });
}
