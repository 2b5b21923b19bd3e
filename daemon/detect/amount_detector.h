// Finds amounts: sums of money, percentages, counts of things.
//
// A sentence that may have one is read in the language of the article, or in
// another one if its words, or those of a quotation in it, say so.
#ifndef TOCSIN_DETECT_AMOUNT_DETECTOR_H_
#define TOCSIN_DETECT_AMOUNT_DETECTOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "detect/amount_scan.h"
#include "detect/amount_words.h"
#include "detect/mention.h"
#include "lexicon/lexicon.h"
#include "text/document.h"

namespace tocsin {

struct AmountMention {
  Span span;
  // Tokens [first_token, last_token) of the document that the span touches.
  uint32_t first_token = 0;
  uint32_t last_token = 0;
  Amount amount;  // Without anchor and links.
};

// Immutable; thread-safe.
class AmountDetector {
 public:
  // Compiles the tables of every language. Does not keep the lexicon.
  static absl::StatusOr<std::unique_ptr<const AmountDetector>> Create(
      const Lexicon& lexicon, Vocabulary& vocabulary);

  // `document` is parsed with the vocabulary of Create(). In text order, not
  // overlapping, each within one sentence.
  std::vector<AmountMention> Detect(const Document& document) const;

 private:
  AmountDetector() = default;

  absl::Status Add(const Lexicon& lexicon, absl::string_view language,
                   Vocabulary& vocabulary);
  size_t LanguageOf(const AmountStretch& stretch,
                    size_t document_language) const;
  void ReadStretch(const Document& document, absl::string_view text,
                   const AmountStretch& stretch,
                   const std::vector<AmountCandidate>& candidates,
                   size_t document_language,
                   std::vector<AmountMention>& found) const;

  std::vector<std::string> languages_;
  std::vector<AmountWords> words_;  // Of languages_, then of none.
  size_t fallback_ = 0;             // Index into words_.
  AmountScanner scanner_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_AMOUNT_DETECTOR_H_
