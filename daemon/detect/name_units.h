// Reads the smallest pieces that names are made of: a word with what hangs on
// it by hyphens, apostrophes, points and ampersands.
//
//   OpenAI-topman   the name is `OpenAI`, the rest is a tail
//   Schmidt-Nielsen one name
//   BBC:s, Apple's  a name and a mark
//   U.S.  AT&T  O'Brien
//
// Pure; thread-safe.
#ifndef TOCSIN_DETECT_NAME_UNITS_H_
#define TOCSIN_DETECT_NAME_UNITS_H_

#include <cstdint>

#include "detect/name_words.h"
#include "text/document.h"

namespace tocsin {

struct NameUnit {
  uint32_t first = 0;      // Tokens [first, last), everything that hangs on.
  uint32_t name_last = 0;  // Tokens [first, name_last) can be a name.
  uint32_t mark_last = 0;  // After a genitive mark; name_last if there is none.
  uint32_t last = 0;
  bool has_tail = false;  // Of a compound: no name goes on after it.
  uint32_t facts = 0;     // Of the first word, and of people in later ones.
  uint32_t tail_facts = 0;
  NameWords::Commonness common = NameWords::Commonness::kUnknown;

  bool has_mark() const { return mark_last > name_last; }
  bool Is(uint32_t any_of) const { return (facts & any_of) != 0; }
};

// The unit that begins at tokens[first], a word, and ends before `end`.
NameUnit ReadNameUnit(const Document& document, const NameWords& words,
                      uint32_t first, uint32_t end);

// Whether a word's shape allows it to begin a name: capitals, or digits.
inline bool LooksLikeName(const Token& token) {
  return token.kind == TokenKind::kWord &&
         (token.Has(Token::kUpperFirst) || token.Has(Token::kInnerUpper));
}

inline bool IsText(const Document& document, uint32_t token,
                   absl::string_view text) {
  return document.Text(document.tokens[token]) == text;
}

bool IsApostrophe(absl::string_view text);
bool IsHyphen(absl::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_UNITS_H_
