// A set of words with up to four bits each, in little memory: dictionaries have
// hundreds of thousands of words, and what is small stays in a near cache.
//
// A word is known by a hash of its text. A slot holds 28 bits of it, and its
// place says some twenty more: of 2^27 words that are not in the set, about one
// is taken for one that is.
//
// Memory: 7 bytes a word.
#ifndef TOCSIN_LEXICON_WORD_SET_H_
#define TOCSIN_LEXICON_WORD_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/huge_pages.h"
#include "base/prefetch.h"

namespace tocsin {

// Immutable once built; thread-safe.
class WordSet {
 public:
  static constexpr int kBits = 4;

  class Builder;

  // Has no words.
  WordSet() : slots_(1) {}

  // The bits of a word; 0 if it is not in the set.
  uint32_t Find(uint64_t hash) const {
    const uint32_t key = Key(hash);
    for (size_t i = HomeSlot(hash);; i = i + 1 == slots_.size() ? 0 : i + 1) {
      const uint32_t slot = slots_[i];
      if ((slot & ~kMask) == key) return slot & kMask;
      if (slot == 0) return 0;
    }
  }

  // Brings a word nearer that is soon asked for.
  void Prefetch(uint64_t hash) const {
    tocsin::Prefetch(&slots_[HomeSlot(hash)]);
  }

  size_t memory_bytes() const { return slots_.size() * sizeof(slots_[0]); }

 private:
  static constexpr uint32_t kMask = (1u << kBits) - 1;

  // Never 0, which is a free slot.
  static uint32_t Key(uint64_t hash) {
    const uint32_t key = static_cast<uint32_t>(hash) & ~kMask;
    return key == 0 ? kMask + 1 : key;
  }
  size_t HomeSlot(uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<size_t>(static_cast<Wide>(hash) * slots_.size() >> 64);
  }

  HugePageVector<uint32_t> slots_;
};

class WordSet::Builder {
 public:
  // `bits` are 1 to 15. A word that is added twice has the bits of both.
  void Add(uint64_t hash, uint32_t bits) { words_.push_back({hash, bits}); }

  WordSet Build() const;

 private:
  struct Word {
    uint64_t hash;
    uint32_t bits;
  };
  std::vector<Word> words_;
};

}  // namespace tocsin

#endif  // TOCSIN_LEXICON_WORD_SET_H_
