// Numbers for words: every word that a table of the lexicon lists has one, in
// all languages together. A token carries the number of its word (Token::word),
// so that a word is looked up once, and whatever is known of it is an element
// of an array.
//
// Add() while tables are compiled, one thread; immutable and thread-safe after
// that.
#ifndef TOCSIN_TEXT_VOCABULARY_H_
#define TOCSIN_TEXT_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "text/document.h"

namespace tocsin {

class Vocabulary {
 public:
  Vocabulary();

  // The number of the word with this FoldedHash; made if it has none.
  uint32_t Add(uint64_t folded);

  // kNoWord if it has none.
  uint32_t Find(uint64_t folded) const {
    if ((filter_[FilterBlock(folded)] >> (folded & 63) & 1) == 0) {
      return kNoWord;
    }
    return Lookup(folded);
  }

  // Sets Token::word of all tokens.
  void Number(std::vector<Token>& tokens) const;

  // Numbers are below this.
  uint32_t size() const { return static_cast<uint32_t>(words_.size()); }
  // The FoldedHash of the word with this number.
  uint64_t Folded(uint32_t word) const { return words_[word]; }

 private:
  static constexpr size_t kFilterBlocks = 1 << 11;  // 16 KB.

  static size_t FilterBlock(uint64_t folded) {
    return (folded >> 6) & (kFilterBlocks - 1);
  }
  size_t HomeSlot(uint64_t folded) const {
    return static_cast<size_t>(folded >> 32) & (slots_.size() - 1);
  }
  uint32_t Lookup(uint64_t folded) const {
    size_t i = HomeSlot(folded);
    while (slots_[i].word != kNoWord &&
           slots_[i].key != static_cast<uint32_t>(folded)) {
      i = (i + 1) & (slots_.size() - 1);
    }
    return slots_[i].word;
  }
  void Insert(uint32_t word);

  // A slot holds half of the hash, and its place says some more of it.
  struct Slot {
    uint32_t key = 0;
    uint32_t word = kNoWord;  // kNoWord: free.
  };

  std::vector<uint64_t> words_;  // By number.
  std::vector<uint64_t> filter_;
  std::vector<Slot> slots_;  // A power of two.
};

}  // namespace tocsin

#endif  // TOCSIN_TEXT_VOCABULARY_H_
