// The text that proves a mention: its sentence, cut at word bounds to at most
// 400 bytes.
#ifndef TOCSIN_STORAGE_PASSAGE_H_
#define TOCSIN_STORAGE_PASSAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tocsin {

inline constexpr size_t kMaxPassageBytes = 400;

struct Passage {
  std::string text;
  // UTF-8 byte offsets of the mention into `text`, end exclusive.
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Offsets are UTF-8 bytes into `field_text`, at code point bounds; the mention
// lies in the sentence. A mention longer than the limit is cut itself.
Passage CutPassage(absl::string_view field_text, uint32_t sentence_begin,
                   uint32_t sentence_end, uint32_t mention_begin,
                   uint32_t mention_end);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_PASSAGE_H_
