// A Bloom filter of 64-bit keys that are hashes already: tells at once, and
// nearly always rightly, that a key is not there, from a table small enough to
// stay in the cache when the real one does not.
//
// Immutable once built; may be shared between threads.
#ifndef TOCSIN_RULES_KEY_FILTER_H_
#define TOCSIN_RULES_KEY_FILTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/bits.h"
#include "absl/types/span.h"

namespace tocsin {

class KeyFilter {
 public:
  KeyFilter() = default;
  // Room for `size` keys at 8 to 16 bits each.
  explicit KeyFilter(size_t size)
      : words_(absl::bit_ceil(std::max<size_t>(1, size / 8))),
        mask_(words_.size() - 1) {}

  void Add(uint64_t key) { words_[WordOf(key)] |= BitsOf(key); }

  // False: Add() was never called with the key. True: it may have been.
  bool MayContain(uint64_t key) const {
    const uint64_t bits = BitsOf(key);
    return (words_[WordOf(key)] & bits) == bits;
  }

  // Calls `visit(key)` for those that may be there, in their order. Faster than
  // asking one after another where the table does not fit into the cache.
  template <typename Visit>
  void ForEachContained(absl::Span<const uint64_t> keys,
                        const Visit& visit) const {
    constexpr size_t kAhead = 16;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (i + kAhead < keys.size())
        __builtin_prefetch(&words_[WordOf(keys[i + kAhead])]);
      if (MayContain(keys[i])) visit(keys[i]);
    }
  }

 private:
  // All bits of a key are in one word: one memory access a question.
  size_t WordOf(uint64_t key) const { return (key >> 20) & mask_; }
  static uint64_t BitsOf(uint64_t key) {
    return uint64_t{1} << (key & 63) | uint64_t{1} << (key >> 6 & 63) |
           uint64_t{1} << (key >> 12 & 63);
  }

  std::vector<uint64_t> words_{0};
  size_t mask_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_KEY_FILTER_H_
