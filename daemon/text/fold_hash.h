// The hash under FoldedHash and ExactHash, for code that folds by itself: it
// takes the folded bytes eight at a time. Internal to text/.
#ifndef TOCSIN_TEXT_FOLD_HASH_H_
#define TOCSIN_TEXT_FOLD_HASH_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "text/code_points.h"
#include "text/utf8.h"

namespace tocsin {

static_assert(std::endian::native == std::endian::little,
              "stored hashes assume little-endian loads");

inline constexpr uint64_t kHighBits = 0x8080808080808080u;

class FoldHasher {
 public:
  // The next eight bytes; at the end the rest, with zeros above.
  void Add(uint64_t word) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(state_ ^ word) * kMultiplier;
    state_ = static_cast<uint64_t>(product) ^
             static_cast<uint64_t>(product >> 64) ^ kSeed;
  }
  // `size` is the number of bytes. Never 0.
  uint64_t Finish(uint64_t size) {
    Add(size ^ 0xA0761D6478BD642Fu);
    return state_ == 0 ? 1 : state_;
  }

 private:
  static constexpr uint64_t kSeed = 0x9E3779B97F4A7C15u;
  static constexpr uint64_t kMultiplier = 0xE7037ED1A0B428DBu;
  uint64_t state_ = kSeed;
};

// Folds code points one by one, collects their bytes and hands them on, eight
// at a time.
class FoldingHasher {
 public:
  // `entry` is that of the code point `c`, whose bytes stand at `text`.
  void Append(const CodePoint& entry, const DecodedCodePoint& c,
              const char* text) {
    if (entry.fold_size != CodePoint::kItself) {
      uint64_t bytes = 0;
      std::memcpy(&bytes, entry.fold.data(), sizeof(entry.fold));
      Append(bytes, entry.fold_size);
    } else if (c.value == 0xFFFD) {
      Append(0xBDBFEF, 3);
    } else {
      uint64_t bytes = 0;
      for (uint32_t i = 0; i < c.size; ++i) {
        bytes |= uint64_t{static_cast<uint8_t>(text[i])} << (8 * i);
      }
      Append(bytes, c.size);
    }
  }
  // `size` folded bytes, at most 8, with zeros above.
  void Append(uint64_t bytes, uint32_t size) {
    const auto filled = static_cast<uint32_t>(size_ % 8);
    word_ |= bytes << (8 * filled);
    size_ += size;
    if (filled + size >= 8) {
      hasher_.Add(word_);
      word_ = filled == 0 ? 0 : bytes >> (8 * (8 - filled));
    }
  }
  uint64_t Finish() {
    if (size_ % 8 != 0) hasher_.Add(word_);
    return hasher_.Finish(size_);
  }

 private:
  FoldHasher hasher_;
  uint64_t word_ = 0;
  uint64_t size_ = 0;
};

// The first eight bytes of p[0, size), with zeros above where there are fewer.
inline uint64_t LoadBytes(const char* p, size_t size) {
  uint64_t word = 0;
  if (size >= 8) {
    std::memcpy(&word, p, 8);
  } else if (size >= 4) {
    uint32_t low, high;
    std::memcpy(&low, p, 4);
    std::memcpy(&high, p + size - 4, 4);
    word = low | static_cast<uint64_t>(high) << (8 * (size - 4));
  } else if (size > 0) {
    word = static_cast<uint8_t>(p[0]);
    word |= static_cast<uint64_t>(static_cast<uint8_t>(p[size / 2]))
            << (8 * (size / 2));
    word |= static_cast<uint64_t>(static_cast<uint8_t>(p[size - 1]))
            << (8 * (size - 1));
  }
  return word;
}

// The high bit of each of eight ASCII bytes that is in [low, high].
inline uint64_t BytesBetween(uint64_t ascii, uint8_t low, uint8_t high) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  const uint64_t at_least = ascii + kOnes * static_cast<uint8_t>(0x80 - low);
  const uint64_t above = ascii + kOnes * static_cast<uint8_t>(0x7F - high);
  return at_least & ~above & kHighBits;
}

// One bit for each of eight bytes that has its high bit set; the other bits are
// 0.
inline uint32_t GatherHighBits(uint64_t high_bits) {
  return static_cast<uint32_t>((high_bits >> 7) * 0x0102040810204080u >> 56);
}

// A-Z to a-z in eight ASCII bytes at once.
inline uint64_t LowerAscii(uint64_t ascii) {
  return ascii | BytesBetween(ascii, 'A', 'Z') >> 2;
}

}  // namespace tocsin

#endif  // TOCSIN_TEXT_FOLD_HASH_H_
