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

// Tells it by the words of the sentence.
class CapitalCount {
 public:
  void Add(const Token& token, bool is_word) {
    const bool counts = is_word & (token.end - token.begin >= 4);
    words_ += counts;
    capital_ += counts & token.Has(Token::kUpperFirst);
    shouted_ += counts & token.Has(Token::kAllUpper);
  }
  // `noun_capitals`: in a language in which every noun has one.
  SentenceStyle Style(bool noun_capitals) const;

 private:
  uint32_t words_ = 0;
  uint32_t capital_ = 0;
  uint32_t shouted_ = 0;
};

// The listed name `match` at token `first`. `units` are those it covers.
NameCandidate MakeListed(NameText& text, SentenceStyle style, uint32_t first,
                         const NameLists::Match& match,
                         absl::Span<const NameUnit> units);

// A name of all of `units`, which no list knows.
NameCandidate MakeUnlisted(NameText& text, SentenceStyle style,
                           absl::Span<const NameUnit> units);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_SHAPES_H_
