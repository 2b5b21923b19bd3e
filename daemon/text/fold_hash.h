// The hash under FoldedHash and ExactHash, for code that folds by itself: it
// takes the folded bytes eight at a time. Internal to text/.
#ifndef TOCSIN_TEXT_FOLD_HASH_H_
#define TOCSIN_TEXT_FOLD_HASH_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

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

// A-Z to a-z in eight ASCII bytes at once.
inline uint64_t LowerAscii(uint64_t ascii) {
  return ascii | BytesBetween(ascii, 'A', 'Z') >> 2;
}

}  // namespace tocsin

#endif  // TOCSIN_TEXT_FOLD_HASH_H_
