// rules_bench: what a rule costs: articles a second against 1,000 to 1,000,000
// rules, candidates per match, time and memory to compile them.
//
//   rules_bench [--amounts] [--articles N] [--rounds N] [COUNT ...]
//
// Times are of one thread, the best of the rounds. The floor is the set of
// 1,000 rules in the same run: the last column is the ratio to it.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <vector>

#include "rule_maker.h"
#include "rules/rule_set.h"

namespace tocsin {
namespace {

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

double WallSeconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
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
  uint64_t articles = 4000;
  int rounds = 5;
  std::vector<uint64_t> counts;
};

// Microseconds an article.
double Measure(uint64_t count, const Options& options) {
  const double memory_before = ResidentMegabytes();
  double start = WallSeconds();
  std::vector<Rule> rules;
  rules.reserve(count);
  for (uint64_t i = 0; i < count; ++i)
    rules.push_back(MakeBenchRule(i, options.amounts));
  const double made = WallSeconds() - start;
  start = WallSeconds();
  const auto set = RuleSet::Create(std::move(rules));
  const double compiled = WallSeconds() - start;
  if (!set.ok()) {
    std::fprintf(stderr, "%s\n", set.status().ToString().c_str());
    std::exit(1);
  }
  const double memory = ResidentMegabytes() - memory_before;

  std::vector<BenchArticle> articles;
  for (uint64_t i = 0; i < options.articles; ++i)
    articles.push_back(MakeBenchArticle(i, count));
  size_t matches = 0, candidates = 0;
  for (const BenchArticle& article : articles) {
    matches += (*set)->Match(article.Facts(), article.sightings).size();
    candidates += (*set)->CandidateCount(article.Facts(), article.sightings);
  }
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < options.rounds; ++round) {
    const double begin = CpuSeconds();
    size_t again = 0;
    for (const BenchArticle& article : articles)
      again += (*set)->Match(article.Facts(), article.sightings).size();
    best = std::min(best, CpuSeconds() - begin);
    if (again != matches) std::exit(1);
  }
  const double n = static_cast<double>(options.articles);
  std::printf("%9llu %12.0f %10.2f %9.2f %11.2f %9.2f %9.2f %8.0f",
              static_cast<unsigned long long>(count), n / best, 1e6 * best / n,
              static_cast<double>(matches) / n,
              static_cast<double>(candidates) / static_cast<double>(matches),
              made, compiled, memory);
  return best / n;
}

int Run(const Options& options) {
  std::printf("%9s %12s %10s %9s %11s %9s %9s %8s %7s\n", "rules", "articles/s",
              "us/article", "matches", "cand/match", "make s", "compile s",
              "MB", "ratio");
  double floor = 0;
  for (const uint64_t count : options.counts) {
    const double cost = Measure(count, options);
    if (floor == 0) floor = cost;
    std::printf(" %7.2f\n", cost / floor);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  tocsin::Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--amounts") == 0) {
      options.amounts = true;
    } else if (std::strcmp(argv[i], "--articles") == 0 && i + 1 < argc) {
      options.articles = std::strtoull(argv[++i], nullptr, 10);
    } else if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      options.rounds = std::atoi(argv[++i]);
    } else if (argv[i][0] >= '1' && argv[i][0] <= '9') {
      options.counts.push_back(std::strtoull(argv[i], nullptr, 10));
    } else {
      std::fprintf(stderr,
                   "usage: rules_bench [--amounts] [--articles N] [--rounds N] "
                   "[COUNT ...]\n");
      return 2;
    }
  }
  if (options.counts.empty())
    options.counts = {1'000, 10'000, 100'000, 1'000'000};
  return tocsin::Run(options);
}
