#include "text/vocabulary.h"

#include <utility>

namespace tocsin {
namespace {

constexpr int kMaxMoves = 100;

}  // namespace

Vocabulary::Vocabulary() : words_(1), slots_(1 << 10) {}

uint32_t Vocabulary::Add(uint64_t folded) {
  if (const uint32_t word = Find(folded); word != kNoWord) return word;
  const uint32_t word = size();
  words_.push_back(folded);
  bool placed = words_.size() * 2 < slots_.size() && Insert(word);
  while (!placed) {
    slots_.assign(slots_.size() * 2, Slot());
    placed = true;
    for (uint32_t i = 1; i < size() && placed; ++i) placed = Insert(i);
  }
  return word;
}

// Makes room by moving words to their other slot. False if that does not end.
bool Vocabulary::Insert(uint32_t word) {
  Slot moved = {static_cast<uint32_t>(words_[word]), word};
  size_t at = FirstSlot(words_[word]);
  for (int moves = 0; moves < kMaxMoves; ++moves) {
    std::swap(slots_[at], moved);
    if (moved.word == kNoWord) return true;
    const uint64_t folded = words_[moved.word];
    at = at == FirstSlot(folded) ? SecondSlot(folded) : FirstSlot(folded);
  }
  return false;
}

void Vocabulary::Number(std::vector<Token>& tokens) const {
  for (Token& token : tokens) token.word = Find(token.folded);
}

}  // namespace tocsin
