#include "detect/name_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "small_lexicon.h"

namespace tocsin {
namespace {

using testing::ElementsAreArray;

struct Found {
  std::vector<NameCandidate> candidates;
  std::vector<std::string> names;   // Up to base_end; `=` before a listed one.
  std::vector<std::string> passed;  // Taken for ordinary words.
};

Found Scan(const Document& document, std::vector<char> barred = {}) {
  barred.resize(document.tokens.size());
  NameText text(document, TheSmallLexicon().words());
  NameScanner scanner(text, TheSmallLexicon().lists(), barred);
  Found found;
  for (const Sentence& sentence : document.sentences) {
    NameScanner::Glance glance;
    scanner.Look(sentence, glance);
    scanner.Scan(sentence, glance, found.candidates);
  }
  for (const NameCandidate& c : found.candidates) {
    const absl::string_view all = document.Text(document.tokens[c.first].field);
    found.names.push_back(
        (c.listed >= 0 ? "=" : "") +
        std::string(all.substr(c.begin, c.base_end - c.begin)));
  }
  for (const uint32_t token : scanner.TakePassedOver()) {
    found.passed.push_back(std::string(document.Text(document.tokens[token])));
  }
  return found;
}

TEST(NameScanner, FindsWhatMayBeAName) {
  const struct {
    const char* text;
    std::vector<std::string> names;
  } kCases[] = {
      {"nothing here", {}},
      {"today OpenAI paid", {"=OpenAI"}},
      {"today OpenAI-topman Sam Altman left", {"=OpenAI", "=Sam Altman"}},
      {"today xAI paid", {"=xAI"}},
      {"today Xai paid", {"Xai"}},
      {"the White House said", {"=White House"}},
      {"today Veldrix paid", {"Veldrix"}},
      {"today Anna Berg spoke", {"Anna Berg"}},
      {"today Anna van der Berg spoke", {"Anna van der Berg"}},
      {"today Ali al-Nuaimi spoke", {"Ali al-Nuaimi"}},
      {"today Mary van Eeghen spoke", {"Mary van Eeghen"}},
      {"today Anna of France spoke", {"Anna of France"}},
      {"today Mr Berg spoke", {"Berg"}},
      {"today Mr. Berg spoke", {"Berg"}},
      {"at the University of Leiden", {"University of Leiden"}},
      {"today Bergwald Ltd paid", {"Bergwald Ltd"}},
      {"today Marsh & Sons paid", {"Marsh & Sons"}},
      {"today A. J. van Dam spoke", {"A. J. van Dam"}},
      {"Anna Berg\nRose Jansen", {"Anna Berg", "Rose Jansen"}},
      {"Council members left", {}},
      {"New Court members left", {"New Court"}},
  };
  for (const auto& c : kCases) {
    const auto parsed = TheSmallLexicon().Parse(c.text);
    EXPECT_THAT(Scan(parsed->document).names, ElementsAreArray(c.names))
        << c.text;
  }
}

TEST(NameScanner, SaysWhichCapitalsItTookForOrdinaryWords) {
  const auto parsed = TheSmallLexicon().Parse("Shell paid. The Company left.");
  const Found found = Scan(parsed->document);
  EXPECT_THAT(found.names, ElementsAreArray(std::vector<std::string>{}));
  EXPECT_THAT(found.passed, ElementsAreArray({"Shell", "Company"}));
}

TEST(NameScanner, LeavesAmountsAlone) {
  const auto parsed = TheSmallLexicon().Parse("today Veldrix paid Anna Berg");
  std::vector<char> barred(parsed->document.tokens.size());
  barred[1] = 1;
  EXPECT_THAT(Scan(parsed->document, barred).names,
              ElementsAreArray({"Anna Berg"}));
}

// In order, apart, within their sentence, and about the bytes of their tokens.
TEST(NameScanner, KeepsItsPromises) {
  const auto parsed = TheSmallLexicon().Parse(
      "Anna Berg of OpenAI spoke. Mr. Jansen, Minister of France, and xAI "
      "left Utrecht's Lake.\nTHE WHITE HOUSE IS NEW\nA. B. Rose's University "
      "of Utrecht and Philips’ Court.");
  const Document& document = parsed->document;
  const Found found = Scan(document);
  ASSERT_GT(found.candidates.size(), 5u);
  uint32_t last = 0;
  for (size_t i = 0; i < found.candidates.size(); ++i) {
    const NameCandidate& c = found.candidates[i];
    SCOPED_TRACE(found.names[i]);
    EXPECT_GE(c.first, last);
    ASSERT_LT(c.first, c.last);
    last = c.last;
    EXPECT_EQ(document.tokens[c.first].sentence,
              document.tokens[c.last - 1].sentence);
    EXPECT_EQ(c.begin, document.tokens[c.first].begin);
    EXPECT_LE(c.base_end, c.end);
    EXPECT_LE(c.end, document.tokens[c.last - 1].end);
    EXPECT_GE(c.words, 1u);
  }
}

}  // namespace
}  // namespace tocsin
