// Each 3-gram votes on each of the 64 bits. The votes are counted bit-sliced:
// plane k holds bit k of all 64 counters, so that adding a 3-gram is a carry
// through a few words instead of 64 additions.
#include "detect/near_copy.h"

#include <array>
#include <cstddef>

namespace tocsin {
namespace {

class VoteCounter {
 public:
  void Add(uint64_t votes) {
    ++total_;
    for (uint64_t& plane : planes_) {
      const uint64_t carry = plane & votes;
      plane ^= votes;
      votes = carry;
      if (votes == 0) break;
    }
  }

  // Bits that got more than half of the votes.
  uint64_t Majority() const {
    uint64_t result = 0;
    for (int bit = 0; bit < 64; ++bit) {
      uint64_t count = 0;
      for (size_t k = 0; k < planes_.size(); ++k) {
        count |= (planes_[k] >> bit & 1) << k;
      }
      if (2 * count > total_) result |= uint64_t{1} << bit;
    }
    return result;
  }

 private:
  std::array<uint64_t, 32> planes_ = {};
  uint64_t total_ = 0;
};

uint64_t Mix(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t h = a * 0x9E3779B97F4A7C15u + b;
  h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9u + c;
  h = (h ^ h >> 32) * 0x94D049BB133111EBu;
  return h ^ h >> 31;
}

}  // namespace

uint64_t SimHash(absl::Span<const uint64_t> words) {
  VoteCounter votes;
  uint64_t before_last = 0;
  uint64_t last = 0;
  size_t count = 0;
  for (uint64_t word : words) {
    if (word == 0) continue;
    ++count;
    if (count >= 3) votes.Add(Mix(before_last, last, word));
    before_last = last;
    last = word;
  }
  if (count == 0) return 0;
  // One or two words: there is no 3-gram.
  if (count < 3) votes.Add(Mix(before_last, last, 0));
  return votes.Majority();
}

}  // namespace tocsin
