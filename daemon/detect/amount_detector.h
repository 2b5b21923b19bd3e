// Finds amounts: sums of money, percentages, counts of things.
//
// One pass over the tokens. Most of them are rejected by one look into a small
// table: only digits, number words, scales and units begin a search. A sentence
// that has one is read in the language of the article, or in another one if
// its words, or those of a quotation in it, say so.
#ifndef TOCSIN_DETECT_AMOUNT_DETECTOR_H_
#define TOCSIN_DETECT_AMOUNT_DETECTOR_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
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
  // At most this many languages take part.
  static constexpr size_t kMaxLanguages = 16;

  // Compiles the tables of every language. Does not keep the lexicon.
  static absl::StatusOr<std::unique_ptr<const AmountDetector>> Create(
      const Lexicon& lexicon);

  // In text order, not overlapping, each within one sentence.
  std::vector<AmountMention> Detect(const Document& document) const;

 private:
  // What the scan knows of a word: bits of languages.
  struct WordClass {
    uint16_t trigger = 0;   // An amount may begin there.
    uint16_t function = 0;  // It is a frequent word of these languages.
  };
  // Tokens of one sentence between quotation marks.
  struct Stretch {
    uint32_t begin = 0;
    uint32_t end = 0;
    std::array<uint16_t, kMaxLanguages> votes = {};
  };

  AmountDetector() = default;

  void AddWords(size_t language);
  bool MayTrigger(const Token& token, absl::string_view text,
                  uint16_t languages) const;
  bool MayBeSolidNumber(absl::string_view text) const;
  size_t LanguageOf(const Stretch& stretch, size_t document_language) const;
  void DetectInSentence(const Document& document, const Sentence& sentence,
                        size_t document_language,
                        std::vector<AmountMention>& found) const;

  std::vector<std::string> languages_;
  std::vector<AmountWords> words_;  // Of languages_, then of none.
  size_t fallback_ = 0;             // Index into words_.
  absl::flat_hash_map<uint64_t, WordClass> classes_;
  // By the low bits of a word's hash: whether classes_ can have it.
  std::vector<uint64_t> class_bits_;
  // By a hash of the first three bytes: whether a solid number may begin so.
  std::vector<uint64_t> solid_bits_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_AMOUNT_DETECTOR_H_
