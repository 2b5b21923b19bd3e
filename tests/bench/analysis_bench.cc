// analysis_bench: how fast analysis is, beside its floor, a bare UTF-8 word
// scan of the same text in the same run; and what name lists cost.
//
//   analysis_bench [--mb N] [--rounds N] [--names N] [--data DIR]
//
// --names N measures one size of list only.
//
// Speeds are of one core: CPU time of the thread, the best of the rounds.
#include <malloc.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "article_generator.h"
#include "detect/analyzer.h"
#include "lexicon/text_rules.h"
#include "name_set.h"
#include "text/utf8.h"
#include "varied_text.h"

namespace tocsin {
namespace {

struct Options {
  size_t megabytes = 12;
  int rounds = 5;
  std::vector<size_t> name_counts = {1000, 100000, 1000000};
  std::string data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
};

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

size_t ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  size_t total = 0;
  size_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

size_t TextBytes(const std::vector<Article>& articles) {
  size_t bytes = 0;
  for (const Article& article : articles) {
    bytes += article.headline.size() + article.body.size();
  }
  return bytes;
}

// Counts words: decodes every code point and tells letters and digits from the
// rest, with ASCII by comparison and all else taken as letters.
size_t ScanWords(absl::string_view text) {
  size_t words = 0;
  bool in_word = false;
  for (size_t pos = 0; pos < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    const char32_t small = c.value | 0x20;
    const bool part = c.value >= 0x80 || (small >= 'a' && small <= 'z') ||
                      (c.value >= '0' && c.value <= '9');
    words += part && !in_word;
    in_word = part;
    pos += c.size;
  }
  return words;
}

// MB/s of a core, the best of the rounds. What `run` returns is summed up and
// printed, so that no compiler leaves the work out.
double Measure(const Options& options, const std::vector<Article>& articles,
               const std::function<size_t(const Article&)>& run,
               size_t& result) {
  double best = 0;
  for (int round = 0; round < options.rounds; ++round) {
    result = 0;
    const double begin = CpuSeconds();
    for (const Article& article : articles) result += run(article);
    const double seconds = CpuSeconds() - begin;
    best = std::max(best,
                    static_cast<double>(TextBytes(articles)) / 1e6 / seconds);
  }
  return best;
}

void PrintRow(const char* what, double speed, double floor, size_t result,
              const char* unit) {
  std::printf("%-28s %8.1f MB/s   %5.2f of the floor   %zu %s\n", what, speed,
              speed / floor, result, unit);
  std::fflush(stdout);
}

// What each stage takes of one round, in nanoseconds a byte.
void PrintStages(const LexiconOptions& options,
                 const std::vector<Article>& articles) {
  const auto loaded = Lexicon::Load(options);
  if (!loaded.ok()) return;
  const Lexicon& lexicon = **loaded;
  auto rules = CompileTextRules(lexicon);
  const auto vocabulary = std::make_shared<Vocabulary>();
  const auto amount_detector = AmountDetector::Create(lexicon, *vocabulary);
  const auto name_detector = NameDetector::Create(lexicon, *vocabulary);
  if (!rules.ok() || !amount_detector.ok() || !name_detector.ok()) return;
  rules->vocabulary = vocabulary;
  double parse = 0;
  double amounts = 0;
  double names = 0;
  for (const Article& article : articles) {
    const double begin = CpuSeconds();
    const Document document = Parse(article, *rules);
    const double parsed = CpuSeconds();
    const auto amount_mentions = (*amount_detector)->Detect(document);
    const double counted = CpuSeconds();
    (*name_detector)->Detect(document, amount_mentions);
    names += CpuSeconds() - counted;
    amounts += counted - parsed;
    parse += parsed - begin;
  }
  const double scale = 1e9 / static_cast<double>(TextBytes(articles));
  std::printf("%-28s parse %.1f, amounts %.1f, names %.1f ns/byte\n", "",
              parse * scale, amounts * scale, names * scale);
}

// How many different listed names the articles mention.
size_t CountListed(const Analyzer& analyzer,
                   const std::vector<Article>& articles) {
  std::unordered_set<std::string> keys;
  for (const Article& article : articles) {
    for (const Entity& entity : analyzer.Analyze(article).entities) {
      if (entity.listed) keys.insert(entity.key);
    }
  }
  return keys.size();
}

bool MeasureNames(const Options& options, const std::vector<Article>& articles,
                  const std::vector<std::string>& names, size_t count,
                  double floor) {
  LexiconOptions lexicon_options;
  const NameData data(
      options.data_dir,
      {names.begin(), names.begin() + static_cast<long>(count)});
  lexicon_options.data_dir = data.dir();
  malloc_trim(0);
  const size_t before = ResidentBytes();
  const double begin = CpuSeconds();
  auto lexicon = Lexicon::Load(lexicon_options);
  if (!lexicon.ok()) {
    std::fprintf(stderr, "%s\n", lexicon.status().ToString().c_str());
    return false;
  }
  auto analyzer = Analyzer::Create(*std::move(lexicon));
  if (!analyzer.ok()) {
    std::fprintf(stderr, "%s\n", analyzer.status().ToString().c_str());
    return false;
  }
  const double load_seconds = CpuSeconds() - begin;
  malloc_trim(0);
  const size_t after = ResidentBytes();
  size_t mentions = 0;
  const double speed = Measure(
      options, articles,
      [&](const Article& article) {
        return (*analyzer)->Analyze(article).mentions.size();
      },
      mentions);
  const std::string what = "analysis, " + std::to_string(count) + " names";
  PrintRow(what.c_str(), speed, floor, mentions, "mentions");
  std::printf("%-28s %zu of the names occur in the text\n", "",
              CountListed(**analyzer, articles));
  std::printf("%-28s loaded in %.2f s, %.1f MB resident\n", "", load_seconds,
              static_cast<double>(after > before ? after - before : 0) / 1e6);
  PrintStages(lexicon_options, articles);
  return true;
}

int Run(const Options& options) {
  LexiconOptions lexicon_options;
  lexicon_options.data_dir = options.data_dir;
  const auto lexicon = Lexicon::Load(lexicon_options);
  if (!lexicon.ok()) {
    std::fprintf(stderr, "%s\n", lexicon.status().ToString().c_str());
    return EXIT_FAILURE;
  }
  size_t places = 0;
  const std::vector<std::string> names = GeographicNames(
      *std::max_element(options.name_counts.begin(), options.name_counts.end()),
      places);
  std::vector<Article> articles =
      MakeVariedArticles(options.megabytes * 500000, **lexicon, names);
  std::printf(
      "text: %zu articles of the system's word lists and names from "
      "all lists (%.1f MB)",
      articles.size(), static_cast<double>(TextBytes(articles)) / 1e6);
  const auto generator = ArticleGenerator::Create({});
  if (!generator.ok()) {
    std::fprintf(stderr, "%s\n", generator.status().ToString().c_str());
    return EXIT_FAILURE;
  }
  const size_t varied = articles.size();
  for (uint64_t i = 0; TextBytes(articles) < options.megabytes * 1000000; ++i) {
    articles.push_back(generator->Make(i));
  }
  std::printf(", %zu of phrases; %.1f MB in all\n", articles.size() - varied,
              static_cast<double>(TextBytes(articles)) / 1e6);
  std::printf(
      "names: %zu, of which %zu are places of libgeonames-common, in all "
      "languages, the others pairs of these\n",
      names.size(), std::min(places, names.size()));

  size_t result = 0;
  const double floor = Measure(
      options, articles,
      [](const Article& article) {
        return ScanWords(article.headline) + ScanWords(article.body);
      },
      result);
  PrintRow("floor: bare word scan", floor, floor, result, "words");

  const auto rules = CompileTextRules(**lexicon);
  if (!rules.ok()) return EXIT_FAILURE;
  const double parse = Measure(
      options, articles,
      [&](const Article& article) {
        return Parse(article, *rules).tokens.size();
      },
      result);
  PrintRow("parse alone", parse, floor, result, "tokens");

  std::vector<Article> untagged = articles;
  for (Article& article : untagged) article.language.clear();
  const double identify = Measure(
      options, untagged,
      [&](const Article& article) {
        return Parse(article, *rules).tokens.size();
      },
      result);
  PrintRow("parse, language unknown", identify, floor, result, "tokens");

  for (const size_t count : options.name_counts) {
    if (count > names.size()) {
      std::printf(
          "analysis, %zu names: skipped, libgeonames-common is not "
          "installed\n",
          count);
      continue;
    }
    if (!MeasureNames(options, articles, names, count, floor)) {
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  tocsin::Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--mb") == 0 && i + 1 < argc) {
      options.megabytes = std::strtoul(argv[++i], nullptr, 10);
    } else if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      options.rounds = std::atoi(argv[++i]);
    } else if (std::strcmp(argv[i], "--names") == 0 && i + 1 < argc) {
      options.name_counts = {std::strtoul(argv[++i], nullptr, 10)};
    } else if (std::strcmp(argv[i], "--data") == 0 && i + 1 < argc) {
      options.data_dir = argv[++i];
    } else {
      std::fprintf(stderr,
                   "usage: analysis_bench [--mb N] [--rounds N] "
                   "[--names N] [--data DIR]\n");
      return 2;
    }
  }
  return tocsin::Run(options);
}
