// Makes candidates of units, and counts what their shape says for and against
// their being names at all.
#ifndef TOCSIN_DETECT_NAME_SHAPES_H_
#define TOCSIN_DETECT_NAME_SHAPES_H_

#include <cstdint>

#include "absl/types/span.h"
#include "detect/name_candidate.h"
#include "detect/name_lists.h"
#include "detect/name_text.h"
#include "detect/name_units.h"

namespace tocsin {

// How a sentence uses capitals.
enum class SentenceStyle : uint8_t {
  kProse,
  kTitle,     // Every Word Has One.
  kShouting,  // ALL LETTERS ARE.
};

// Short words say nothing of it.
inline bool CountsForStyle(const Token& word) {
  return word.end - word.begin >= 4;
}

// `capitals` are words of a sentence, all that have a capital among them; it
// has `long_words` that count.
SentenceStyle StyleOf(const NameText& text, absl::Span<const uint32_t> capitals,
                      uint32_t long_words);

// The listed name `match` at token `first`. `units` are those it covers.
NameCandidate MakeListed(NameText& text, SentenceStyle style, uint32_t first,
                         const NameLists::Match& match,
                         absl::Span<const NameUnit> units);

// A name of all of `units`, which no list knows.
NameCandidate MakeUnlisted(NameText& text, SentenceStyle style,
                           absl::Span<const NameUnit> units);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_SHAPES_H_
