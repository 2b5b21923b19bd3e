// UTF-8: checking, decoding and encoding.
//
// Article text is checked once, at the door (ValidateArticle). What comes
// after decodes without checking again, and must merely not crash on bytes
// that are not UTF-8: such a byte decodes as U+FFFD by itself.
#ifndef TOCSIN_TEXT_UTF8_H_
#define TOCSIN_TEXT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tocsin {

// Offset of the first byte that is not part of well-formed UTF-8 (overlong
// forms and surrogates are not well-formed); npos if there is none.
size_t FindInvalidUtf8(absl::string_view text);

inline bool IsValidUtf8(absl::string_view text) {
  return FindInvalidUtf8(text) == absl::string_view::npos;
}

// A code point and how many bytes it takes.
struct DecodedCodePoint {
  char32_t value = 0;
  uint32_t size = 0;
};

// The code point at text[pos]; pos < text.size().
DecodedCodePoint DecodeMultiByte(absl::string_view text, size_t pos);
inline DecodedCodePoint DecodeUtf8(absl::string_view text, size_t pos) {
  const auto byte = static_cast<uint8_t>(text[pos]);
  if (byte < 0x80) return {byte, 1};
  if (byte >= 0xC2 && byte < 0xE0 && pos + 1 < text.size()) {
    const auto next = static_cast<uint8_t>(text[pos + 1]);
    if ((next & 0xC0) == 0x80) {
      return {static_cast<char32_t>((byte & 0x1F) << 6 | (next & 0x3F)), 2};
    }
  }
  return DecodeMultiByte(text, pos);
}

void AppendUtf8(char32_t code_point, std::string& out);

// The longest prefix of `text` of at most `max_bytes` that does not end within
// a code point.
absl::string_view TruncateUtf8(absl::string_view text, size_t max_bytes);

}  // namespace tocsin

#endif  // TOCSIN_TEXT_UTF8_H_
