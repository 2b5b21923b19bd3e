// rules_bench: what a rule costs.
//
//   rules_bench [--amounts] [--articles N] [--rounds N] [--no-daemon]
//   [COUNT]...
//
// The first table is of one thread and CPU time: articles of 3 KB with three
// rule names each are analysed and matched against 1,000 to 1,000,000 rules.
// The floor is the set of 1,000 rules in the same run; `match` is the ratio of
// matching alone to it, `article` that of analysis and matching together, which
// is what an article costs the daemon. `swap ms` is from handing the compiled
// set to the sequencer until it is in force and durable, the longest of ten.
//
// The second is of the real daemon over real gRPC: how long it takes to apply a
// new set, to start again with it, its memory, and how long articles wait for
// their acks, at 100 a second, before and while the set is applied.
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "bench_program.h"
#include "daemon_process.h"
#include "detect/analyzer.h"
#include "lexicon/lexicon.h"
#include "pipeline/alert_feed.h"
#include "pipeline/sequencer.h"
#include "rule_maker.h"
#include "rules/rule_set.h"
#include "rules_client.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

double CpuSeconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

double ResidentMegabytes() {
  std::ifstream in("/proc/self/statm");
  double total = 0, resident = 0;
  in >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Options {
  bool amounts = false;
  uint64_t articles = 2000;
  int rounds = 5;
  bool no_daemon = false;
  std::vector<uint64_t> counts = {1'000, 10'000, 100'000, 1'000'000};
  std::string tocsind;
  std::string dir;
};

// Seconds of CPU an article.
struct Cost {
  double analysis = 0;
  double matching = 0;
};

absl::StatusOr<std::shared_ptr<const RuleSet>> Compile(const RuleMaker& maker,
                                                       uint64_t count,
                                                       bool amounts) {
  const double memory_before = ResidentMegabytes();
  std::vector<RulePtr> rules;
  rules.reserve(count);
  for (uint64_t i = 0; i < count; ++i)
    rules.push_back(std::make_shared<const Rule>(maker.Make(i, amounts)));
  const double cpu = CpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
  const absl::Time start = absl::Now();
  TOCSIN_ASSIGN_OR_RETURN(auto set, RuleSet::CreateShared(std::move(rules)));
  std::printf("%9llu %9.2f %9.2f %6.0f", static_cast<unsigned long long>(count),
              absl::ToDoubleSeconds(absl::Now() - start),
              CpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
              ResidentMegabytes() - memory_before);
  return set;
}

absl::StatusOr<double> SwapMilliseconds(std::shared_ptr<const RuleSet> set,
                                        const std::string& dir) {
  StoreOptions store_options;
  store_options.directory = absl::StrCat(dir, "/swap");
  TOCSIN_ASSIGN_OR_RETURN(const auto store, Store::Open(store_options));
  TOCSIN_ASSIGN_OR_RETURN(
      const auto feed,
      AlertFeed::Create(AlertFeed::Options(), *store,
                        [](const AlertRecord&) { return std::string(); }));
  TOCSIN_ASSIGN_OR_RETURN(
      const auto sequencer,
      Sequencer::Create(Sequencer::Options(), *store, *feed, RuleSet::Empty()));
  double longest = 0;
  for (uint64_t generation = 1; generation <= 10; ++generation) {
    RuleSetCommand command;
    command.set = "bench";
    command.generation = generation;
    command.compiled = generation % 2 == 1 ? set : RuleSet::Empty();
    std::promise<absl::Status> durable;
    const absl::Time start = absl::Now();
    sequencer->Submit(std::move(command), [&](const CommandResult& result) {
      durable.set_value(result.status);
    });
    TOCSIN_RETURN_IF_ERROR(durable.get_future().get());
    longest =
        std::max(longest, absl::ToDoubleMilliseconds(absl::Now() - start));
  }
  sequencer->Drain();
  fs::remove_all(store_options.directory);
  return longest;
}

absl::StatusOr<Cost> Measure(const RuleMaker& maker, const Analyzer& analyzer,
                             uint64_t count, const Options& options) {
  TOCSIN_ASSIGN_OR_RETURN(const auto set,
                          Compile(maker, count, options.amounts));
  std::vector<AnalyzedArticle> articles;
  for (uint64_t i = 0; i < options.articles; ++i) {
    Article article = maker.MakeArticle(i, count);
    Analysis analysis = analyzer.Analyze(article);
    articles.emplace_back(std::move(article), std::move(analysis));
  }
  size_t matches = 0, candidates = 0;
  for (const AnalyzedArticle& article : articles) {
    matches += set->Match(article.Facts(), article.sightings).size();
    candidates += set->CandidateCount(article.Facts(), article.sightings);
  }
  Cost best{std::numeric_limits<double>::infinity(),
            std::numeric_limits<double>::infinity()};
  size_t words = 0;
  for (int round = 0; round < options.rounds; ++round) {
    // One after the other for each article, as in the daemon: what analysis
    // needs in the cache, matching does not find there.
    Cost cost;
    size_t again = 0;
    for (const AnalyzedArticle& article : articles) {
      const double begin = CpuSeconds(CLOCK_THREAD_CPUTIME_ID);
      words += analyzer.Analyze(article.article).words.size();
      const double analyzed = CpuSeconds(CLOCK_THREAD_CPUTIME_ID);
      again += set->Match(article.Facts(), article.sightings).size();
      cost.matching += CpuSeconds(CLOCK_THREAD_CPUTIME_ID) - analyzed;
      cost.analysis += analyzed - begin;
    }
    if (again != matches || words == 0) return absl::InternalError("not pure");
    best.analysis = std::min(best.analysis, cost.analysis);
    best.matching = std::min(best.matching, cost.matching);
  }
  const double n = static_cast<double>(options.articles);
  best.analysis /= n;
  best.matching /= n;
  TOCSIN_ASSIGN_OR_RETURN(const double swap,
                          SwapMilliseconds(set, options.dir));
  std::printf(" %7.2f %11.0f %10.2f %9.2f %8.2f %10.2f", swap,
              1 / (best.analysis + best.matching), 1e6 * best.analysis,
              1e6 * best.matching, static_cast<double>(matches) / n,
              static_cast<double>(candidates) / static_cast<double>(matches));
  return best;
}

absl::Status BenchMatching(const RuleMaker& maker, const Options& options) {
  LexiconOptions lexicon_options;
  lexicon_options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
  TOCSIN_ASSIGN_OR_RETURN(const auto lexicon, Lexicon::Load(lexicon_options));
  TOCSIN_ASSIGN_OR_RETURN(const auto analyzer, Analyzer::Create(lexicon));
  std::printf("%9s %9s %9s %6s %7s %11s %10s %9s %8s %10s %6s %8s\n", "rules",
              "compile s", "CPU s", "MB", "swap ms", "articles/s", "analyse us",
              "match us", "matches", "cand/match", "match", "article");
  Cost floor;
  for (const uint64_t count : options.counts) {
    TOCSIN_ASSIGN_OR_RETURN(const Cost cost,
                            Measure(maker, *analyzer, count, options));
    if (floor.matching == 0) floor = cost;
    std::printf(
        " %6.2f %8.2f\n", cost.matching / floor.matching,
        (cost.analysis + cost.matching) / (floor.analysis + floor.matching));
    std::fflush(stdout);
  }
  return absl::OkStatus();
}

double Megabytes(uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

void PrintAcks(const char* when, const AckTimes& acks) {
  std::printf(
      "            acks %-22s %6zu articles, p50 %6.2f ms, p99 %6.2f "
      "ms, longest %6.2f ms\n",
      when, acks.count, acks.p50_ms, acks.p99_ms, acks.longest_ms);
}

absl::Status BenchDaemon(const RuleMaker& maker, uint64_t count,
                         const Options& options) {
  const std::string dir = absl::StrCat(options.dir, "/", count);
  fs::create_directories(dir);
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess empty,
                          DaemonProcess::Start(options.tocsind, dir));
  TOCSIN_RETURN_IF_ERROR(empty.Stop());
  absl::Time start = absl::Now();
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, dir));
  const absl::Duration empty_start = absl::Now() - start;
  const double empty_mb = Megabytes(daemon.ResidentBytes());
  std::printf("%9llu rules\n", static_cast<unsigned long long>(count));

  PacedIngest ingest(daemon.address(), maker, count);
  // The first articles fill caches.
  ingest.Run(absl::Seconds(2));
  PrintAcks("before", ingest.Run(absl::Seconds(5)));
  // The set as it was is applied first, so that there is one to replace.
  for (const bool amounts : {false, true}) {
    const std::vector<v1::ApplyRulesRequest> requests = ApplyRequests(
        count, [&](uint64_t number) { return maker.Make(number, amounts); });
    absl::StatusOr<absl::Duration> applied;
    const AckTimes acks = ingest.RunWhile(
        [&] { applied = TimeApply(daemon.address(), requests); });
    TOCSIN_RETURN_IF_ERROR(applied.status());
    std::printf("            %s %.2f s\n",
                amounts ? "another set over it" : "applied in",
                absl::ToDoubleSeconds(*applied));
    PrintAcks(amounts ? "while that is applied" : "while it is applied", acks);
  }
  PrintAcks("after", ingest.Run(absl::Seconds(2)));
  TOCSIN_RETURN_IF_ERROR(ingest.status());
  std::printf("            memory then %.0f MB, at most %.0f MB\n",
              Megabytes(daemon.ResidentBytes()), Megabytes(daemon.PeakBytes()));
  TOCSIN_RETURN_IF_ERROR(daemon.Stop());

  start = absl::Now();
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess again,
                          DaemonProcess::Start(options.tocsind, dir));
  std::printf(
      "            started again in %.2f s, without rules in %.2f s; memory "
      "%.0f MB, at most %.0f MB, without rules %.0f MB\n",
      absl::ToDoubleSeconds(absl::Now() - start),
      absl::ToDoubleSeconds(empty_start), Megabytes(again.ResidentBytes()),
      Megabytes(again.PeakBytes()), empty_mb);
  std::fflush(stdout);
  return again.Stop();
}

absl::Status Bench(const Options& options) {
  TOCSIN_ASSIGN_OR_RETURN(const RuleMaker maker, RuleMaker::Create());
  TOCSIN_RETURN_IF_ERROR(BenchMatching(maker, options));
  if (options.no_daemon) return absl::OkStatus();
  std::printf("\n");
  for (const uint64_t count : options.counts)
    TOCSIN_RETURN_IF_ERROR(BenchDaemon(maker, count, options));
  return absl::OkStatus();
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  tocsin::Options options;
  tocsin::BenchProgram program(
      "rules_bench", "What a rule costs: matching, loading, applying, memory.",
      options.tocsind, options.dir);
  program.app().add_flag("--amounts", options.amounts,
                         "every fourth asks for a sum");
  program.app()
      .add_option("--articles", options.articles, "how many are matched")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app()
      .add_option("--rounds", options.rounds)
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app().add_flag("--no-daemon", options.no_daemon,
                         "only the first table");
  program.app()
      .add_option("COUNT", options.counts, "how many rules")
      ->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Bench(options); });
}
