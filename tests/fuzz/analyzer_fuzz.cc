// Any bytes as an article, in any language: analysis keeps its promises and
// says the same twice.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "detect/analyzer.h"
#include "lexicon/lexicon.h"
#include "unit/detect/analysis_check.h"

namespace tocsin {
namespace {

std::shared_ptr<const Analyzer> MakeAnalyzer() {
  LexiconOptions options;
  options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
  auto lexicon = Lexicon::Load(options);
  if (!lexicon.ok()) {
    std::fprintf(stderr, "%s\n", lexicon.status().ToString().c_str());
    std::abort();
  }
  auto analyzer = Analyzer::Create(*std::move(lexicon));
  if (!analyzer.ok()) {
    std::fprintf(stderr, "%s\n", analyzer.status().ToString().c_str());
    std::abort();
  }
  return *std::move(analyzer);
}

}  // namespace
}  // namespace tocsin

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  static const std::shared_ptr<const Analyzer>& analyzer =
      *new std::shared_ptr<const Analyzer>(MakeAnalyzer());
  if (size < 2) return 0;
  // The first two bytes choose the language and where the headline ends.
  const size_t language = data[0] % (analyzer->languages().size() + 2);
  const std::string text(reinterpret_cast<const char*>(data + 2), size - 2);
  Article article;
  article.source = "s";
  article.id = "1";
  if (language < analyzer->languages().size()) {
    article.language = analyzer->languages()[language];
  } else if (language == analyzer->languages().size()) {
    article.language = "xx";
  }
  article.headline = text.substr(0, data[1] % 64);
  article.body = text.substr(article.headline.size());
  const Analysis analysis = analyzer->Analyze(article);
  const std::string broken = BrokenPromise(analysis, article);
  if (!broken.empty()) {
    std::fprintf(stderr, "broken: %s\nlanguage %s\nheadline %s\nbody %s\n",
                 absl::CHexEscape(broken).c_str(), article.language.c_str(),
                 absl::CHexEscape(article.headline).c_str(),
                 absl::CHexEscape(article.body).c_str());
    std::abort();
  }
  return 0;
}
