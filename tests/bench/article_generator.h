// Made-up articles for benchmarks and fault tests: as many as you like, the
// same ones on every machine.
//
// Each has a headline and a body of about 3 KB in one of five languages, at
// least 15 different people, companies and places, drawn by Zipf's law from
// 18,000, and at least 3 amounts. Names are the same in every language, so
// articles meet in the archive as real ones do. The text is put together from
// tests/bench/articles/<language>.txt.
//
// Immutable; may be shared between threads.
#ifndef TOCSIN_TESTS_BENCH_ARTICLE_GENERATOR_H_
#define TOCSIN_TESTS_BENCH_ARTICLE_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "text/article.h"

namespace tocsin {

class ArticleGenerator {
 public:
  struct Options {
    uint64_t seed = 1;
    // Of the body, in UTF-8 bytes; bodies are this long or up to one sentence
    // longer.
    size_t body_bytes = 3000;
    // Whether the article says what language it is in.
    bool tag_language = true;
    // Folder of the phrase files; empty: that of this checkout.
    std::string phrase_dir = {};
  };

  // NOT_FOUND or INVALID_ARGUMENT if the phrase files are not as they should
  // be.
  static absl::StatusOr<ArticleGenerator> Create(Options options);

  // The article of that number: a pure function of options and index. Its id
  // and its published_at differ from those of every other index; published_at
  // grows with the index by 7 s, from 2026-01-01.
  Article Make(uint64_t index) const;

 private:
  class Random;
  struct Writer;

  // What articles of one language are put together from. A phrase has slots
  // such as {person}; see tests/bench/articles/en.txt.
  struct Language {
    std::string tag;
    std::vector<std::string> headlines;
    std::vector<std::string> naming;   // With names.
    std::vector<std::string> amounts;  // With an amount.
    std::vector<std::string> plain;    // With neither.
    std::vector<std::string> nouns;
  };

  // Draws from 0 .. n - 1, the k-th with a weight of 1 / (k + 1).
  class Zipf {
   public:
    explicit Zipf(size_t n);
    size_t Draw(Random& random) const;

   private:
    std::vector<double> cumulative_;
  };

  ArticleGenerator(Options options, std::vector<Language> languages);

  static absl::StatusOr<Language> Load(const std::string& dir,
                                       const std::string& tag);

  Options options_;
  std::vector<Language> languages_;
  std::vector<std::string> people_;
  std::vector<std::string> companies_;
  std::vector<std::string> places_;
  Zipf people_law_;
  Zipf companies_law_;
  Zipf places_law_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_ARTICLE_GENERATOR_H_
