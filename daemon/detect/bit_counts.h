// Counts for each of 16 bits in how many masks it is set, without a branch: in
// which languages a word is a function word nobody can predict.
#ifndef TOCSIN_DETECT_BIT_COUNTS_H_
#define TOCSIN_DETECT_BIT_COUNTS_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace tocsin {

class BitCounts {
 public:
  void Add(uint16_t mask) {
    low_ += Spread(mask & 0xFFu);
    high_ += Spread(static_cast<uint64_t>(mask >> 8));
    if (++added_ == 255) Flush();
  }

  // By bit; of all masks so far.
  const std::array<uint32_t, 16>& Counts() {
    Flush();
    return counts_;
  }

 private:
  // Bit k of a byte goes to byte k, as 0 or 1.
  static uint64_t Spread(uint64_t byte) {
    const uint64_t bits = byte * 0x0101010101010101u & 0x8040201008040201u;
    return (bits + 0x7F7F7F7F7F7F7F7Fu) >> 7 & 0x0101010101010101u;
  }

  void Flush() {
    for (size_t i = 0; i < 8; ++i) {
      counts_[i] += low_ >> (8 * i) & 0xFF;
      counts_[i + 8] += high_ >> (8 * i) & 0xFF;
    }
    low_ = high_ = 0;
    added_ = 0;
  }

  uint64_t low_ = 0;  // A byte for each bit.
  uint64_t high_ = 0;
  int added_ = 0;
  std::array<uint32_t, 16> counts_ = {};
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_BIT_COUNTS_H_
