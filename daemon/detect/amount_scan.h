// Where in a document an amount may be found, and in which language to read.
//
// The one look at every token, so it must cost next to nothing: a word's hash
// picks a bit, and only words behind set bits are looked up. Only a sentence
// that has a candidate is read again for which language it is in.
//
// Immutable once built; thread-safe.
#ifndef TOCSIN_DETECT_AMOUNT_SCAN_H_
#define TOCSIN_DETECT_AMOUNT_SCAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "detect/amount_words.h"
#include "text/document.h"

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
  std::array<uint16_t, kMaxAmountLanguages> votes = {};
};

class AmountScanner {
 public:
  static constexpr size_t kMaxStretches = 8;

  AmountScanner();

  // While building: the words of the language with this index.
  void Add(size_t language, const AmountWords& words);
  void Finish();

  // Replaces `candidates` and `stretches` by those of the sentence, in order,
  // for a document in the language with this index. No stretch is returned if
  // there is no candidate.
  void Scan(const Document& document, const Sentence& sentence, size_t language,
            std::vector<AmountCandidate>& candidates,
            std::vector<AmountStretch>& stretches) const;

 private:
  // Languages by word: open addressing, with a filter before it.
  class WordTable {
   public:
    void Build(const std::vector<std::pair<uint64_t, uint16_t>>& words);
    uint16_t Find(uint64_t hash) const {
      const size_t bit = hash % kFilterBits;
      if ((bits_[bit / 64] >> (bit % 64) & 1) == 0) return 0;
      return Lookup(hash);
    }

   private:
    static constexpr size_t kFilterBits = 1 << 16;
    uint16_t Lookup(uint64_t hash) const;

    std::vector<uint64_t> bits_;
    std::vector<uint64_t> keys_;  // 0: free.
    std::vector<uint16_t> values_;
  };

  void Split(const Document& document, const Sentence& sentence,
             const std::vector<AmountCandidate>& candidates,
             std::vector<AmountStretch>& stretches) const;

  WordTable triggers_;
  WordTable function_words_;
  // Languages in which a number word written solid may begin so.
  std::vector<uint16_t> solid_;
  // While building.
  std::vector<std::pair<uint64_t, uint16_t>> added_triggers_;
  std::vector<std::pair<uint64_t, uint16_t>> added_function_words_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_AMOUNT_SCAN_H_
