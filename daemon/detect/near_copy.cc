// Each 3-gram votes on each of the 64 bits. The votes are counted bit-sliced:
// plane k holds bit k of all 64 counters. Eight 3-grams are added up by full
// adders before one carry ripples through the higher planes.
#include "detect/near_copy.h"

#include <array>
#include <cstddef>

namespace tocsin {
namespace {

class VoteCounter {
 public:
  void Add(uint64_t votes) {
    ++total_;
    waiting_[waiting_count_++] = votes;
    if (waiting_count_ == waiting_.size()) AddWaiting();
  }

  // Bits that got more than half of the votes.
  uint64_t Majority() {
    for (size_t i = 0; i < waiting_count_; ++i) Ripple(waiting_[i], 0);
    waiting_count_ = 0;
    // All counters are compared with half of the votes, from the top plane on.
    const uint64_t half = total_ / 2;
    uint64_t above = 0;
    uint64_t equal = ~uint64_t{0};
    for (size_t k = planes_.size(); k-- > 0;) {
      if ((half >> k & 1) != 0) {
        equal &= planes_[k];
      } else {
        above |= equal & planes_[k];
        equal &= ~planes_[k];
      }
    }
    return above;
  }

 private:
  // Adds two numbers of one bit to `sum`; returns the carry.
  static uint64_t AddBits(uint64_t& sum, uint64_t a, uint64_t b) {
    const uint64_t either = sum ^ a;
    const uint64_t carry = (sum & a) | (either & b);
    sum = either ^ b;
    return carry;
  }

  void Ripple(uint64_t votes, size_t plane) {
    for (; votes != 0; ++plane) {
      const uint64_t carry = planes_[plane] & votes;
      planes_[plane] ^= votes;
      votes = carry;
    }
  }

  void AddWaiting() {
    const auto& w = waiting_;
    const uint64_t two_a = AddBits(planes_[0], w[0], w[1]);
    const uint64_t two_b = AddBits(planes_[0], w[2], w[3]);
    const uint64_t two_c = AddBits(planes_[0], w[4], w[5]);
    const uint64_t two_d = AddBits(planes_[0], w[6], w[7]);
    const uint64_t four_a = AddBits(planes_[1], two_a, two_b);
    const uint64_t four_b = AddBits(planes_[1], two_c, two_d);
    Ripple(AddBits(planes_[2], four_a, four_b), 3);
    waiting_count_ = 0;
  }

  std::array<uint64_t, 33> planes_ = {};
  std::array<uint64_t, 8> waiting_;
  size_t waiting_count_ = 0;
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
