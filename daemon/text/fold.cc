// The hash reads eight folded bytes at a time. ASCII text is folded in the
// register; anything else goes through a small buffer on the stack, so both
// ways hash the same sequence of folded bytes.
#include "text/fold.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "text/code_points.h"
#include "text/fold_hash.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

constexpr size_t kMaxKeyBytes = 200;
uint64_t HashBytes(absl::string_view text) {
  FoldHasher hasher;
  for (size_t pos = 0; pos < text.size(); pos += 8) {
    hasher.Add(LoadBytes(text.data() + pos, text.size() - pos));
  }
  return hasher.Finish(text.size());
}

uint64_t FoldedHashSlow(absl::string_view text) {
  const CodePointTable& table = CodePointTable::Get();
  FoldingHasher hasher;
  for (size_t pos = 0; pos < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    hasher.Append(table[c.value], c, text.data() + pos);
    pos += c.size;
  }
  return hasher.Finish();
}

}  // namespace

uint64_t FoldedHash(absl::string_view text) {
  FoldHasher hasher;
  for (size_t pos = 0; pos < text.size(); pos += 8) {
    const uint64_t word = LoadBytes(text.data() + pos, text.size() - pos);
    if ((word & kHighBits) != 0) return FoldedHashSlow(text);
    hasher.Add(LowerAscii(word));
  }
  return hasher.Finish(text.size());
}

uint64_t ExactHash(absl::string_view text) { return HashBytes(text); }

std::string FoldText(absl::string_view text) {
  std::string out;
  out.resize(FoldText(text, out).size());
  return out;
}

absl::string_view FoldText(absl::string_view text, std::string& buffer) {
  buffer.resize((text.size() + 7) & ~size_t{7});
  size_t pos = 0;
  for (; pos < text.size(); pos += 8) {  // As long as it is ASCII.
    const uint64_t word = LoadBytes(text.data() + pos, text.size() - pos);
    if ((word & kHighBits) != 0) break;
    const uint64_t folded = LowerAscii(word);
    std::memcpy(buffer.data() + pos, &folded, sizeof(folded));
  }
  if (pos >= text.size()) return {buffer.data(), text.size()};
  buffer.resize(pos);
  const CodePointTable& table = CodePointTable::Get();
  while (pos < text.size()) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    const CodePoint& entry = table[c.value];
    if (entry.fold_size != CodePoint::kItself) {
      buffer.append(entry.fold.data(), entry.fold_size);
    } else if (c.value == 0xFFFD) {
      AppendUtf8(c.value, buffer);
    } else {
      buffer.append(text.data() + pos, c.size);
    }
    pos += c.size;
  }
  return buffer;
}

std::string Fold(absl::string_view text) {
  const CodePointTable& table = CodePointTable::Get();
  // A letter may fold to something that is none: what is folded counts.
  const std::string folded = FoldText(text);
  constexpr uint8_t kKept =
      CodePoint::kLetter | CodePoint::kMark | CodePoint::kDigit;
  std::string out;
  out.reserve(std::min(folded.size(), kMaxKeyBytes));
  bool gap = false;
  for (size_t pos = 0; pos < folded.size();) {
    const DecodedCodePoint c = DecodeUtf8(folded, pos);
    const uint8_t flags =
        c.value < 0x80 ? table.ascii()[c.value] : table[c.value].flags;
    const bool kept = (flags & kKept) != 0;
    const bool hyphen = kept && gap && !out.empty();
    if (kept && out.size() + c.size + hyphen > kMaxKeyBytes) break;
    if (hyphen) out.push_back('-');
    if (kept && c.size == 1) {
      out.push_back(folded[pos]);
    } else if (kept) {
      out.append(folded, pos, c.size);
    }
    gap = !kept;
    pos += c.size;
  }
  return out;
}

}  // namespace tocsin
