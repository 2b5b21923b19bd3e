// A stretch of text that may be a name, with what speaks for it: what the
// parts of name detection hand to each other.
#ifndef TOCSIN_DETECT_NAME_CANDIDATE_H_
#define TOCSIN_DETECT_NAME_CANDIDATE_H_

#include <array>
#include <cstdint>
#include <string>

#include "detect/mention.h"

namespace tocsin {

// Evidence is counted in points: 1 is a hint, 3 is enough by itself unless
// something speaks against it, 6 outweighs other evidence.
struct NameCandidate {
  uint32_t first = 0;  // Tokens [first, last) of the document.
  uint32_t last = 0;
  uint32_t begin = 0;  // Bytes of the span, with a genitive ending.
  uint32_t end = 0;
  uint32_t base_end = 0;  // Where the name itself ends.
  int listed = -1;        // Index into NameLists; -1: no list knows it.
  bool initial = false;   // Begins a sentence: its capital says little.
  bool marked = false;    // base_end is certain: an apostrophe or colon stands
                          // before the ending, or a list knows the base.
  uint32_t words = 1;     // Capitalised words.
  uint32_t facts = 0;     // NameWords::Fact bits of all units.
  int belief = 0;         // For being a name at all.
  std::array<int, 8> type = {};  // For each EntityType.
};

// Belief from which a candidate is a name.
inline constexpr int kBelieved = 2;

inline int& Points(NameCandidate& candidate, EntityType type) {
  return candidate.type[static_cast<size_t>(type)];
}

inline int Points(const NameCandidate& candidate, EntityType type) {
  return candidate.type[static_cast<size_t>(type)];
}

inline EntityType BestType(const NameCandidate& candidate) {
  size_t best = 0;
  for (size_t i = 1; i < candidate.type.size(); ++i) {
    best = candidate.type[i] > candidate.type[best] ? i : best;
  }
  return static_cast<EntityType>(best);
}

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_CANDIDATE_H_
