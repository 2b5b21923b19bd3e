// A document: an article's text, parsed once. Tokens and sentences over the
// headline and the body, and the language.
//
// Views the article's text, which must outlive it. Immutable after Parse();
// may be shared between threads.
#ifndef TOCSIN_TEXT_DOCUMENT_H_
#define TOCSIN_TEXT_DOCUMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tocsin {

// Numbers as in tocsin.v1.Span.Field.
enum class Field : uint8_t { kHeadline = 1, kBody = 2 };

// UTF-8 byte offsets into one field of the article, end exclusive.
struct Span {
  Field field = Field::kBody;
  uint32_t begin = 0;
  uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// Longer than any word. What looks at the inside of a word takes a bounded
// time.
inline constexpr uint32_t kMaxWordBytes = 128;

// The number of no word (text/vocabulary.h).
inline constexpr uint32_t kNoWord = 0;

enum class TokenKind : uint8_t {
  kWord,         // Letters, also with digits inside: `H100`, `xAI`.
  kNumber,       // Digits with inner points, commas, apostrophes: `1.234,5`.
  kPunctuation,  // One code point.
  kSymbol,       // One code point: currency and other symbols.
  kAddress,      // A whole URL or e-mail address.
};

// A word is a maximal run of letters, marks and digits: hyphens and apostrophes
// are tokens of their own, and kSpaceBefore tells what stands together. A run
// that begins with a digit is a word if it has letters (`5G`, `100m`), unless a
// point or comma stands inside: `1.5bn` is a number and a word. Inner
// punctuation of a number is `.`, `,`, `'` and its typographic form. A run
// longer than kMaxWordBytes is cut into several tokens.
struct Token {
  enum Flag : uint16_t {
    kUpperFirst = 1 << 0,  // First letter is a capital.
    kAllUpper = 1 << 1,    // Two or more letters, all capitals.
    kInnerUpper = 1 << 2,  // A capital after a small letter: `OpenAI`.
    kHasDigit = 1 << 3,
    kHasLetter = 1 << 4,
    kSentenceStart = 1 << 5,  // First word of its sentence.
    kSpaceBefore = 1 << 6,    // White space, or the beginning of the field.
    kNewlineBefore = 1 << 7,  // First of its line.
    kNonLatin = 1 << 8,       // Has a letter of another script.
  };

  uint32_t begin = 0;  // UTF-8 bytes into the field's text.
  uint32_t end = 0;
  uint64_t folded = 0;      // FoldedHash of its text (text/fold.h).
  uint32_t sentence = 0;    // Index into Document::sentences.
  uint32_t word = kNoWord;  // Its number, if the lexicon lists it.
  Field field = Field::kBody;
  TokenKind kind = TokenKind::kWord;
  uint16_t flags = 0;

  bool Has(Flag flag) const { return (flags & flag) != 0; }
};

// Tokens [first_token, last_token) and the bytes that they span.
struct Sentence {
  uint32_t first_token = 0;
  uint32_t last_token = 0;
  Field field = Field::kBody;
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Document {
  absl::string_view headline;
  absl::string_view body;
  std::string language;       // BCP 47, primary subtag first; `und` if unknown.
  std::vector<Token> tokens;  // Headline first, then body.
  std::vector<Sentence> sentences;  // Cover all tokens, in order.

  absl::string_view Text(Field field) const {
    return field == Field::kHeadline ? headline : body;
  }
  absl::string_view Text(const Token& token) const {
    return Text(token.field).substr(token.begin, token.end - token.begin);
  }
};

}  // namespace tocsin

#endif  // TOCSIN_TEXT_DOCUMENT_H_
