#include "text/vocabulary.h"

#include "base/prefetch.h"

namespace tocsin {

Vocabulary::Vocabulary() : words_(1), filter_(kFilterBlocks), slots_(1 << 10) {}

uint32_t Vocabulary::Add(uint64_t folded) {
  if (const uint32_t word = Find(folded); word != kNoWord) return word;
  const uint32_t word = size();
  words_.push_back(folded);
  filter_[FilterBlock(folded)] |= uint64_t{1} << (folded & 63);
  if (words_.size() * 2 < slots_.size()) {
    Insert(word);
  } else {
    slots_.assign(slots_.size() * 2, Slot());
    for (uint32_t i = 1; i < size(); ++i) Insert(i);
  }
  return word;
}

void Vocabulary::Insert(uint32_t word) {
  size_t i = HomeSlot(words_[word]);
  while (slots_[i].word != kNoWord) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = {static_cast<uint32_t>(words_[word]), word};
}

void Vocabulary::Number(std::vector<Token>& tokens) const {
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i + kAhead < tokens.size()) {
      Prefetch(&slots_[HomeSlot(tokens[i + kAhead].folded)]);
    }
    tokens[i].word = Find(tokens[i].folded);
  }
}

}  // namespace tocsin
