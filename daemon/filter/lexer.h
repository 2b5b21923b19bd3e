// Splits a filter into tokens.
#ifndef TOCSIN_FILTER_LEXER_H_
#define TOCSIN_FILTER_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin {

enum class FilterTokenKind : uint8_t {
  kText,    // Unquoted: a name, number, duration, time, or a single word.
  kString,  // Quoted; FilterToken::text is without quotes and escapes.
  kAnd,
  kOr,
  kNot,
  kMinus,
  kLeft,
  kRight,
  kComma,
  kDot,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kHas,
  kEnd,  // The last token, at the end of the text.
};

struct FilterToken {
  FilterTokenKind kind = FilterTokenKind::kEnd;
  size_t begin = 0;  // Bytes of the filter's text, end exclusive.
  size_t end = 0;
  std::string text;
  bool space_before = false;
};

// INVALID_ARGUMENT for a string that does not end, an unknown escape or a
// character that no token begins with. The text must be valid UTF-8.
absl::StatusOr<std::vector<FilterToken>> LexFilter(absl::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_LEXER_H_
