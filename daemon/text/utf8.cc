#include "text/utf8.h"

#include <cstring>

namespace tocsin {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool IsContinuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Size 0 if the bytes at `pos` are not well-formed.
DecodedCodePoint DecodeStrict(absl::string_view text, size_t pos) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(pos);
  if (lead < 0x80) return {lead, 1};
  const size_t left = text.size() - pos;
  if (lead >= 0xC2 && lead < 0xE0) {
    if (left < 2 || !IsContinuation(byte(pos + 1))) return {};
    return {static_cast<char32_t>((lead & 0x1F) << 6 | (byte(pos + 1) & 0x3F)),
            2};
  }
  if (lead >= 0xE0 && lead < 0xF0) {
    if (left < 3 || !IsContinuation(byte(pos + 1)) ||
        !IsContinuation(byte(pos + 2))) {
      return {};
    }
    const char32_t value = static_cast<char32_t>((lead & 0x0F) << 12 |
                                                 (byte(pos + 1) & 0x3F) << 6 |
                                                 (byte(pos + 2) & 0x3F));
    if (value < 0x800 || (value >= 0xD800 && value < 0xE000)) return {};
    return {value, 3};
  }
  if (lead >= 0xF0 && lead < 0xF5) {
    if (left < 4 || !IsContinuation(byte(pos + 1)) ||
        !IsContinuation(byte(pos + 2)) || !IsContinuation(byte(pos + 3))) {
      return {};
    }
    const char32_t value = static_cast<char32_t>(
        (lead & 0x07) << 18 | (byte(pos + 1) & 0x3F) << 12 |
        (byte(pos + 2) & 0x3F) << 6 | (byte(pos + 3) & 0x3F));
    if (value < 0x10000 || value > 0x10FFFF) return {};
    return {value, 4};
  }
  return {};
}

}  // namespace

size_t FindInvalidUtf8(absl::string_view text) {
  size_t pos = 0;
  while (pos < text.size()) {
    // Eight ASCII bytes at a time: most text is mostly that.
    while (pos + 8 <= text.size()) {
      uint64_t word;
      std::memcpy(&word, text.data() + pos, 8);
      if ((word & 0x8080808080808080u) != 0) break;
      pos += 8;
    }
    if (pos == text.size()) break;
    const DecodedCodePoint decoded = DecodeStrict(text, pos);
    if (decoded.size == 0) return pos;
    pos += decoded.size;
  }
  return absl::string_view::npos;
}

DecodedCodePoint DecodeMultiByte(absl::string_view text, size_t pos) {
  const DecodedCodePoint decoded = DecodeStrict(text, pos);
  if (decoded.size == 0) return {kReplacement, 1};
  return decoded;
}

void AppendUtf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | c >> 6));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | c >> 12));
    out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | c >> 18));
    out.push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

absl::string_view TruncateUtf8(absl::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > 0 && IsContinuation(static_cast<uint8_t>(text[end]))) --end;
  return text.substr(0, end);
}

}  // namespace tocsin
