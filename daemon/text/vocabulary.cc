#include "text/vocabulary.h"

namespace tocsin {

Vocabulary::Vocabulary() : words_(1), filter_(kFilterBlocks), slots_(1 << 10) {}

uint32_t Vocabulary::Add(uint64_t folded) {
  if (const uint32_t word = Find(folded); word != kNoWord) return word;
  if (words_.size() * 2 >= slots_.size()) Grow();
  const uint32_t word = size();
  words_.push_back(folded);
  filter_[FilterBlock(folded)] |= uint64_t{1} << (folded & 63);
  size_t slot = HomeSlot(folded);
  while (slots_[slot] != kNoWord) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = word;
  return word;
}

void Vocabulary::Grow() {
  slots_.assign(slots_.size() * 2, kNoWord);
  for (uint32_t word = 1; word < size(); ++word) {
    size_t slot = HomeSlot(words_[word]);
    while (slots_[slot] != kNoWord) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = word;
  }
}

uint32_t Vocabulary::Lookup(uint64_t folded) const {
  size_t slot = HomeSlot(folded);
  while (slots_[slot] != kNoWord && words_[slots_[slot]] != folded) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slots_[slot];
}

void Vocabulary::Number(std::vector<Token>& tokens) const {
  for (Token& token : tokens) token.word = Find(token.folded);
}

}  // namespace tocsin
