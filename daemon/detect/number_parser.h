// Reads a number at a token: digits or words or both, with its scales.
//
//   1,5 Milliarden   two and a half million   achtundsiebzig   halvanden mio.
//   hundreds of thousands   flera miljoner   half a billion
//
// Words are put together by one small machine for every language: what comes
// next must fit below what stands there already (`two hundred` takes `five`,
// `two` does not). A word written solid is cut into such parts first.
//
// A parser looks at one sentence and holds no state of its own; thread-safe.
#ifndef TOCSIN_DETECT_NUMBER_PARSER_H_
#define TOCSIN_DETECT_NUMBER_PARSER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "detect/amount_words.h"
#include "detect/number_decimal.h"
#include "text/document.h"

namespace tocsin {

// What is looked at: tokens [begin, end) of one sentence in one language.
struct AmountScope {
  absl::string_view text;  // Of the sentence's field.
  absl::Span<const Token> tokens;
  uint32_t begin = 0;
  uint32_t end = 0;
  const AmountWords* words = nullptr;
  // Asked for scales and units that `words` does not know; never null.
  const AmountWords* fallback = nullptr;

  absl::string_view Text(uint32_t i) const {
    return text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin);
  }
  bool Is(uint32_t i, char c) const {
    return i < end && tokens[i].end == tokens[i].begin + 1 &&
           text[tokens[i].begin] == c;
  }
  // Whether tokens[i] stands right after the token before it.
  bool Glued(uint32_t i) const {
    return i > begin && i < end && !tokens[i].Has(Token::kSpaceBefore);
  }
  // A hyphen that joins what stands before and after it.
  bool IsInnerHyphen(uint32_t i) const {
    return Is(i, '-') && Glued(i) && Glued(i + 1);
  }
};

struct NumberMatch {
  uint32_t first = 0;  // Tokens [first, last) ...
  uint32_t last = 0;
  uint32_t begin = 0;  // ... and bytes.
  uint32_t end = 0;
  ExactDecimal low;  // low = high unless vague.
  ExactDecimal high;
  ExactDecimal scale = {1, 0, false};  // Product of the scale words.
  bool has_scale = false;
  bool vague = false;
  bool has_digits = false;
  bool is_article = false;  // Nothing but `a`: one of what follows.
  bool grouped = false;
  bool has_fraction = false;
  bool leading_zero = false;
  bool bare_scale = false;  // A scale without a number: `a million`.
  bool needs_unit = false;  // `half`: nothing without what follows.
  bool foreign_style = false;
  bool in_compound = false;  // Its scale begins a word: `miljardersprojekt`.
  int integer_digits = 0;
  // A unit in the same token: `115USD`, `5%`.
  const AmountWord* unit = nullptr;

  // One number below 10,000 in plain digits that may be a year.
  bool LooksLikeYear() const;
};

class NumberParser {
 public:
  explicit NumberParser(const AmountScope& scope) : scope_(scope) {}

  // The number that begins at tokens[at]; nullopt if none does. The tokens of
  // an article or sign before it are part of it if `at` is theirs.
  // `by_currency`: a currency stands before it, so `m` may be a million.
  std::optional<NumberMatch> Parse(uint32_t at, bool by_currency = false) const;

  // The number that begins with the first digit inside tokens[at]: `USD115`.
  std::optional<NumberMatch> ParseInside(uint32_t at) const;

  // Where the number that contains the trigger tokens[at] begins, not before
  // `floor`: `a` of `a quarter million`.
  uint32_t StartOf(uint32_t at, uint32_t floor) const;

 private:
  uint32_t SignBefore(uint32_t start, uint32_t floor) const;

  const AmountScope& scope_;
};

// The parts of a number word that is written solid, in order; empty if `word`
// is not one from beginning to end. `word` is folded.
std::vector<const AmountWord*> SplitNumberWord(absl::string_view word,
                                               const AmountWords& words);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NUMBER_PARSER_H_
