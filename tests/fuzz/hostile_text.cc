// hostile_text: how long analysis takes of text that was made to hurt, beside
// ordinary text of the same size. Fails if any takes more than five times as
// long.
//
//   hostile_text [--mb N]       N MiB of text, by default 4
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>

#include "detect/analyzer.h"
#include "lexicon/lexicon.h"

namespace tocsin {
namespace {

constexpr double kLimit = 5;

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

std::string Repeat(const std::string& piece, size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  text.resize(size);
  return text;
}

std::string RandomText(size_t size, const std::function<char()>& next) {
  std::string text;
  for (size_t i = 0; i < size; ++i) text.push_back(next());
  return text;
}

struct Case {
  const char* name;
  std::string text;
};

std::vector<Case> MakeCases(size_t size) {
  auto random = std::make_shared<std::mt19937>(1);
  const auto letter = [random](char first) {
    return static_cast<char>(first + static_cast<char>((*random)() % 26));
  };
  return {
      {"one word", Repeat("a", size)},
      {"one word of capitals", Repeat("A", size)},
      {"one accented word", Repeat("é", size)},
      {"all digits", Repeat("7", size)},
      {"digits and commas", Repeat("1,", size)},
      {"digits and spaces", Repeat("100 ", size)},
      {"random digits",
       RandomText(size,
                  [random] { return "0123456789 .,"[(*random)() % 13]; })},
      {"capitalised words", Repeat("Ab ", size)},
      {"random capitals and spaces", RandomText(size,
                                                [random, letter] {
                                                  return (*random)() % 6 == 0
                                                             ? ' '
                                                             : letter('A');
                                                })},
      {"random small letters", RandomText(size,
                                          [random, letter] {
                                            return (*random)() % 7 == 0
                                                       ? ' '
                                                       : letter('a');
                                          })},
      {"capitals and periods", Repeat("A. ", size)},
      {"nested hyphens", Repeat("Ab-", size)},
      {"hyphens", Repeat("-", size)},
      {"quotes", Repeat("\"'(", size)},
      {"spaces", Repeat(" ", size)},
      {"newlines", Repeat("\n", size)},
      {"a line a letter", Repeat("a\n", size)},
      {"at signs", Repeat("a@", size)},
      {"e-mail addresses", Repeat("a.b.c@d.e.f", size)},
      {"schemes", Repeat("a://", size)},
      {"number words", Repeat("hundra tusen ", size)},
      {"solid number words", Repeat("hundratusen", size)},
      {"scales", Repeat("miljoner ", size)},
      {"money", Repeat("$5 ", size)},
      {"dollar signs", Repeat("$", size)},
      {"percent", Repeat("5 % ", size)},
      {"ranges", Repeat("1-", size)},
      {"another language", Repeat("The company said that it is one of the "
                                  "biggest that they have seen in Lindby. ",
                                  size)},
      {"one name", Repeat("Anna Lind ", size)},
      {"a name and commas", Repeat("Anna, ", size)},
      {"random bytes",
       RandomText(size,
                  [random] { return static_cast<char>((*random)() & 0xFF); })},
      {"continuation bytes", Repeat("\x80", size)},
  };
}

// The quickest of three runs.
double Measure(const Analyzer& analyzer, const std::string& text) {
  Article article;
  article.language = "sv";
  article.body = text;
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    const double begin = CpuSeconds();
    analyzer.Analyze(article);
    best = std::min(best, CpuSeconds() - begin);
    if (best > 20) break;
  }
  return best;
}

int Run(size_t size) {
  LexiconOptions options;
  options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
  auto lexicon = Lexicon::Load(options);
  if (!lexicon.ok()) {
    std::fprintf(stderr, "%s\n", lexicon.status().ToString().c_str());
    return EXIT_FAILURE;
  }
  const auto analyzer = Analyzer::Create(*std::move(lexicon));
  if (!analyzer.ok()) {
    std::fprintf(stderr, "%s\n", analyzer.status().ToString().c_str());
    return EXIT_FAILURE;
  }
  const double ordinary = Measure(
      **analyzer,
      Repeat("Bolaget Nordverk AB meddelade på tisdagen att det investerar 500 "
             "miljoner kronor i en ny fabrik i Malmö. Vinsten steg med 12 "
             "procent jämfört med förra året, säger Anna Lind, som är vd. "
             "Hon räknar med att det ger arbete åt omkring tvåhundra "
             "personer, men vill inte säga mer om saken just nu.\n\n",
             size));
  std::printf("%zu KiB of ordinary text: %.3f s\n", size / 1024, ordinary);
  bool ok = true;
  for (const Case& c : MakeCases(size)) {
    const double seconds = Measure(**analyzer, c.text);
    const bool good = seconds <= kLimit * ordinary;
    ok &= good;
    std::printf("%-28s %8.3f s  %6.2f times%s\n", c.name, seconds,
                seconds / ordinary, good ? "" : "   TOO SLOW");
    std::fflush(stdout);
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  size_t megabytes = 4;
  if (argc == 3 && std::strcmp(argv[1], "--mb") == 0) {
    megabytes = std::strtoul(argv[2], nullptr, 10);
  }
  return tocsin::Run(megabytes << 20);
}
