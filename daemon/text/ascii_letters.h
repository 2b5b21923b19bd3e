// The ASCII letters at the beginning of sixteen bytes, all looked at at once:
// most words of most texts are done with one look. Internal to text/.
#ifndef TOCSIN_TEXT_ASCII_LETTERS_H_
#define TOCSIN_TEXT_ASCII_LETTERS_H_

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "text/fold_hash.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tocsin {

inline constexpr uint32_t kAsciiBlock = 16;

struct AsciiLetters {
  uint32_t size = 0;   // Up to the first byte that is no letter.
  uint32_t upper = 0;  // Bit i: byte i of them is a capital.
  // All sixteen bytes, letters made small. Others are not of use.
  std::array<uint64_t, 2> folded = {};

  uint32_t lower() const { return ((1u << size) - 1) & ~upper; }
  // A capital stands behind a small letter.
  bool HasInnerUpper() const {
    return lower() != 0 && upper > (lower() & -lower());
  }
};

// In 64-bit arithmetic, for machines without the instructions of the other.
inline AsciiLetters PortableAsciiLettersAt(const char* bytes) {
  AsciiLetters run;
  uint32_t letters = 0;
  uint32_t small = 0;
  for (uint32_t half = 0; half < 2; ++half) {
    uint64_t word;
    std::memcpy(&word, bytes + 8 * half, sizeof(word));
    run.folded[half] = word | 0x2020202020202020u;
    const uint64_t is_letter =
        BytesBetween(run.folded[half] & ~kHighBits, 'a', 'z') & ~word;
    letters |= GatherHighBits(is_letter) << (8 * half);
    small |= GatherHighBits(word << 2 & kHighBits) << (8 * half);
  }
  run.size = static_cast<uint32_t>(std::countr_one(letters));
  run.upper = ~small & ((1u << run.size) - 1);
  return run;
}

// `bytes` are kAsciiBlock of them.
inline AsciiLetters AsciiLettersAt(const char* bytes) {
#if defined(__SSE2__)
  const __m128i block =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  const __m128i folded = _mm_or_si128(block, _mm_set1_epi8(0x20));
  const __m128i place = _mm_sub_epi8(folded, _mm_set1_epi8('a'));
  const __m128i is_letter =
      _mm_cmpeq_epi8(_mm_min_epu8(place, _mm_set1_epi8('z' - 'a')), place);
  AsciiLetters run;
  run.size = static_cast<uint32_t>(
      std::countr_one(static_cast<uint32_t>(_mm_movemask_epi8(is_letter))));
  const auto small =
      static_cast<uint32_t>(_mm_movemask_epi8(_mm_slli_epi16(block, 2)));
  run.upper = ~small & ((1u << run.size) - 1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(run.folded.data()), folded);
  return run;
#else
  return PortableAsciiLettersAt(bytes);
#endif
}

}  // namespace tocsin

#endif  // TOCSIN_TEXT_ASCII_LETTERS_H_
