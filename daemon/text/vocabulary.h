// Numbers for words: every word that a table of the lexicon lists has one, in
// all languages together. A token carries the number of its word (Token::word),
// so that a word is looked up once, and whatever is known of it is an element
// of an array.
//
// Each word stands in one of two slots (cuckoo hashing), so that looking one up
// takes no branch: which words a text has nobody can predict.
//
// Add() while tables are compiled, one thread; immutable and thread-safe after
// that.
#ifndef TOCSIN_TEXT_VOCABULARY_H_
#define TOCSIN_TEXT_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/huge_pages.h"
#include "text/document.h"

namespace tocsin {

class Vocabulary {
 public:
  Vocabulary();

  // The number of the word with this FoldedHash; made if it has none.
  uint32_t Add(uint64_t folded);

  // kNoWord if it has none.
  uint32_t Find(uint64_t folded) const {
    const Slot& first = slots_[FirstSlot(folded)];
    const Slot& second = slots_[SecondSlot(folded)];
    const auto key = static_cast<uint32_t>(folded);
    // Masks, for compilers turn a choice between two loads into branches.
    const uint32_t in_second = 0 - uint32_t{second.key == key};
    const uint32_t in_first = (0 - uint32_t{first.key == key}) & ~in_second;
    return (first.word & in_first) | (second.word & in_second);
  }

  // Sets Token::word of all tokens.
  void Number(std::vector<Token>& tokens) const;

  // Numbers are below this.
  uint32_t size() const { return static_cast<uint32_t>(words_.size()); }
  // The FoldedHash of the word with this number.
  uint64_t Folded(uint32_t word) const { return words_[word]; }

 private:
  size_t FirstSlot(uint64_t folded) const {
    return static_cast<size_t>(folded >> 32) & (slots_.size() - 1);
  }
  size_t SecondSlot(uint64_t folded) const {
    return static_cast<size_t>(folded * 0x9E3779B97F4A7C15u >> 36) &
           (slots_.size() - 1);
  }
  bool Insert(uint32_t word);

  // A slot holds half of the hash, and its place says some more of it.
  struct Slot {
    uint32_t key = 0;
    uint32_t word = kNoWord;  // kNoWord: free.
  };

  std::vector<uint64_t> words_;  // By number.
  HugePageVector<Slot> slots_;   // A power of two.
};

}  // namespace tocsin

#endif  // TOCSIN_TEXT_VOCABULARY_H_
