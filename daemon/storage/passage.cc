#include "storage/passage.h"

#include <algorithm>

namespace tocsin {
namespace {

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// The first begin of a word at or after `at`, but at most `limit`.
size_t WordBegin(absl::string_view text, size_t at, size_t limit) {
  if (at == 0 || IsSpace(text[at - 1])) return at;
  for (size_t i = at; i < limit; ++i) {
    if (IsSpace(text[i])) return i + 1;
  }
  // One long word: the next code point.
  while (at < limit && IsContinuation(text[at])) ++at;
  return at;
}

// The last end of a word at or before `at`, but at least `limit`.
size_t WordEnd(absl::string_view text, size_t at, size_t limit) {
  if (at >= text.size() || IsSpace(text[at])) return at;
  for (size_t i = at; i > limit; --i) {
    if (IsSpace(text[i - 1])) return i - 1;
  }
  while (at > limit && IsContinuation(text[at])) --at;
  return at;
}

}  // namespace

Passage CutPassage(absl::string_view field_text, uint32_t sentence_begin,
                   uint32_t sentence_end, uint32_t mention_begin,
                   uint32_t mention_end) {
  // Bad bounds cannot come from analysis, but may come from a damaged row.
  const size_t size = field_text.size();
  const size_t mention_to = std::min<size_t>(mention_end, size);
  const size_t mention_from = std::min<size_t>(mention_begin, mention_to);
  size_t begin = std::min<size_t>(sentence_begin, mention_from);
  size_t end = std::min(std::max<size_t>(sentence_end, mention_to), size);
  size_t keep = mention_to;

  if (end - begin > kMaxPassageBytes) {
    if (mention_to - mention_from >= kMaxPassageBytes) {
      begin = mention_from;
      end = WordEnd(field_text, begin + kMaxPassageBytes, begin + 1);
      keep = end;
    } else {
      // As much before the mention as after it, unless one side needs less.
      const size_t room = kMaxPassageBytes - (mention_to - mention_from);
      const size_t before = mention_from - begin;
      const size_t after = end - mention_to;
      const size_t take_before =
          std::min(before, std::max(room / 2, room - std::min(room, after)));
      const size_t take_after = std::min(after, room - take_before);
      if (take_before < before) {
        begin = WordBegin(field_text, mention_from - take_before, mention_from);
      }
      if (take_after < after) {
        end = WordEnd(field_text, mention_to + take_after, mention_to);
      }
    }
  }
  while (begin < mention_from && IsSpace(field_text[begin])) ++begin;
  while (end > keep && IsSpace(field_text[end - 1])) --end;

  Passage passage;
  passage.text = std::string(field_text.substr(begin, end - begin));
  passage.begin = static_cast<uint32_t>(mention_from - begin);
  passage.end = static_cast<uint32_t>(keep - begin);
  return passage;
}

}  // namespace tocsin
