// Reads the smallest pieces that names are made of: a word with what hangs on
// it by hyphens, apostrophes, points and ampersands.
//
//   OpenAI-topman   the name is `OpenAI`, the rest is a tail
//   Schmidt-Nielsen one name
//   BBC:s, Apple's  a name and a mark
//   U.S.  AT&T  O'Brien
#ifndef TOCSIN_DETECT_NAME_UNITS_H_
#define TOCSIN_DETECT_NAME_UNITS_H_

#include <cstdint>

#include "detect/name_lists.h"
#include "detect/name_text.h"
#include "detect/name_words.h"

namespace tocsin {

struct NameUnit {
  uint32_t first = 0;      // Tokens [first, last), everything that hangs on.
  uint32_t name_last = 0;  // Tokens [first, name_last) can be a name.
  uint32_t mark_last = 0;  // After a genitive mark; name_last if there is none.
  uint32_t last = 0;
  bool has_tail = false;   // Of a compound: no name goes on after it.
  uint32_t facts = 0;      // Of the first word, and of people in later ones.
  NameLists::Match match;  // The longest listed name that begins here.

  bool has_mark() const { return mark_last > name_last; }
  bool Is(uint32_t any_of) const { return (facts & any_of) != 0; }
  // An ordinary word, surely or probably.
  bool IsOrdinary() const {
    return Is(NameWords::kCommon | NameWords::kLikelyCommon);
  }
};

// The unit that begins at token `first`, a word, and ends before `end`. Does
// not look for listed names.
NameUnit ReadNameUnit(NameText& text, uint32_t first, uint32_t end);

// `volgens Van der Sloot`: a particle with a capital, within a sentence, where
// that says something.
bool IsCapitalParticle(const NameText& text, const NameUnit& unit);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_UNITS_H_
