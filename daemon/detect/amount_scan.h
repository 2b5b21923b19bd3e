// Where in a document an amount may be found, and in which language to read.
//
// The one look at every token, so it must cost next to nothing: the number of
// its word says what it is good for (text/vocabulary.h). Only a sentence that
// may have an amount is read again, for candidates of all languages and for
// which of these it is in.
//
// Immutable once built; thread-safe.
#ifndef TOCSIN_DETECT_AMOUNT_SCAN_H_
#define TOCSIN_DETECT_AMOUNT_SCAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "detect/amount_words.h"
#include "text/document.h"
#include "text/vocabulary.h"

namespace tocsin {

// At most this many languages take part, the neutral one included.
inline constexpr size_t kMaxAmountLanguages = 16;

// A token at which an amount may begin, in the languages of the bits.
struct AmountCandidate {
  uint32_t token = 0;
  uint16_t languages = 0;
};

// Tokens [begin, end) of a sentence between quotation marks, the candidates
// [first_candidate, last_candidate) among them, and how many of its words are
// frequent in each language.
struct AmountStretch {
  uint32_t begin = 0;
  uint32_t end = 0;
  size_t first_candidate = 0;
  size_t last_candidate = 0;
  std::array<uint32_t, kMaxAmountLanguages> votes = {};
};

class AmountScanner {
 public:
  static constexpr size_t kMaxStretches = 8;

  AmountScanner();

  // While building: the words of the language with this index.
  void Add(size_t language, const AmountWords& words, Vocabulary& vocabulary);

  // Indices of the sentences that may have an amount, ascending, of a document
  // in the language with this index and these words: Scan() finds nothing in
  // the others.
  std::vector<uint32_t> Sentences(const Document& document, size_t language,
                                  const AmountWords& words) const;

  // Text without a space that has dozens of them gives none. Replaces
  // `candidates` and `stretches` by those of the sentence, in order,
  // for a document in the language with this index and these words. No stretch
  // is returned if there is no candidate.
  void Scan(const Document& document, const Sentence& sentence, size_t language,
            const AmountWords& words, std::vector<AmountCandidate>& candidates,
            std::vector<AmountStretch>& stretches) const;

 private:
  // What a word is good for, in the languages of the bits.
  struct alignas(8) WordUse {
    uint16_t trigger = 0;
    uint16_t function_word = 0;
    uint16_t sign = 0;   // As `trigger`, and all bits of a quotation mark.
    bool quote = false;  // A quotation mark.
  };

  WordUse& UseOf(uint32_t word);
  WordUse Use(const Token& token) const {
    return uses_[token.word < uses_.size() ? token.word : kNoWord];
  }
  // Whether the token itself says that an amount may be found: in the language
  // of this bit, or in a quotation in another one.
  bool IsSign(const Token& token, uint16_t own) const {
    return token.Has(Token::kHasDigit) || (Use(token).sign & own) != 0;
  }
  // Languages in which a number written solid may begin like a word of `text`.
  uint16_t SolidBegins(absl::string_view text, const Token& word) const {
    static_assert(AmountWords::kShortestSolid > sizeof(uint32_t));
    if (word.begin + sizeof(uint32_t) > text.size()) return 0;
    const absl::string_view rest(text.data() + word.begin, sizeof(uint32_t));
    const uint32_t size = word.end - word.begin;
    // All bits if it is too short: no branch, for nobody can predict it.
    const auto too_short = static_cast<uint32_t>(
        static_cast<int32_t>(size - AmountWords::kShortestSolid) >> 31);
    return static_cast<uint16_t>(solid_begins_[AmountWords::SolidSlot(rest)] &
                                 ~too_short);
  }
  // Languages in which a word of `text` may be a number written solid.
  uint16_t SolidIn(absl::string_view text, const Token& word) const {
    const uint16_t begins = SolidBegins(text, word);
    if (begins == 0) return 0;
    return static_cast<uint16_t>(begins &
                                 solid_ends_[AmountWords::SolidEnd(text.substr(
                                     word.begin, word.end - word.begin))]);
  }

  void Split(const Document& document, const Sentence& sentence,
             const std::vector<AmountCandidate>& candidates,
             std::vector<AmountStretch>& stretches) const;

  std::vector<WordUse> uses_;  // By number of the word.
  // Languages by SolidSlot and SolidEnd.
  std::vector<uint16_t> solid_begins_;
  std::vector<uint16_t> solid_ends_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_AMOUNT_SCAN_H_
