#include "lexicon/word_set.h"

namespace tocsin {

WordSet WordSet::Builder::Build() const {
  WordSet set;
  set.slots_.assign(words_.size() * 7 / 4 + 1, 0);
  for (const Word& word : words_) {
    const uint32_t key = Key(word.hash);
    size_t i = set.HomeSlot(word.hash);
    while (set.slots_[i] != 0 && (set.slots_[i] & ~kMask) != key) {
      i = i + 1 == set.slots_.size() ? 0 : i + 1;
    }
    set.slots_[i] |= key | word.bits;
  }
  return set;
}

}  // namespace tocsin
