#include "detect/amount_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "lexicon/lexicon.h"
#include "lexicon/text_rules.h"
#include "text/parse.h"

namespace tocsin {
namespace {

// Which sentences may have an amount against a scan of every sentence, on
// sentences of random words, some of them numbers of some language.
TEST(AmountScanner, PassesOverNoSentenceWithACandidate) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const auto lexicon =
      Lexicon::Load({TOCSIN_SOURCE_DIR "/daemon/data", true}).value();
  const std::vector<std::string>& languages = lexicon->Languages();
  std::vector<AmountWords> words;
  auto vocabulary = std::make_shared<Vocabulary>();
  AmountScanner scanner;
  for (size_t i = 0; i < languages.size(); ++i) {
    words.push_back(AmountWords::Compile(*lexicon, languages[i]).value());
    scanner.Add(i, words.back(), *vocabulary);
  }
  auto rules = CompileTextRules(*lexicon).value();
  rules.vocabulary = vocabulary;
  const char* const kWords[] = {"Veldrix",        "talks",    "tre",
                                "zwanzigtausend", "en",       "tweehonderd",
                                "million",        "sjutusen", "5",
                                "Haus",           "\"",       "procent",
                                "\xE2\x80\x9C",   "sieht",    "o1",
                                "vijftig",        "euro",     "EUR",
                                "skriver",        "-"};
  int scanned = 0;
  int passed_over = 0;
  for (int round = 0; round < 300; ++round) {
    const size_t language = random() % languages.size();
    Article article;
    article.language = languages[language];
    for (int sentence = 0; sentence < 20; ++sentence) {
      for (uint64_t size = 1 + random() % 5; size > 0; --size) {
        absl::StrAppend(&article.body, kWords[random() % std::size(kWords)],
                        " ");
      }
      absl::StrAppend(&article.body, "\n\n");
    }
    const Document document = Parse(article, rules);
    const std::vector<uint32_t> sentences =
        scanner.Sentences(document, language, words[language]);
    ASSERT_TRUE(std::is_sorted(sentences.begin(), sentences.end()));
    std::vector<AmountCandidate> candidates;
    std::vector<AmountStretch> stretches;
    for (uint32_t i = 0; i < document.sentences.size(); ++i) {
      scanner.Scan(document, document.sentences[i], language, words[language],
                   candidates, stretches);
      const bool listed =
          std::binary_search(sentences.begin(), sentences.end(), i);
      ASSERT_TRUE(listed || stretches.empty()) << article.body;
      ++(listed ? scanned : passed_over);
    }
  }
  EXPECT_GT(scanned, 1000);
  EXPECT_GT(passed_over, 1000);
}

}  // namespace
}  // namespace tocsin
