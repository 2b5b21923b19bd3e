#include "rules/posting_table.h"

#include <algorithm>

#include "absl/numeric/bits.h"

namespace tocsin {
namespace {

// Folded words are spread evenly by their low bits at least; the table is
// addressed by high ones.
uint64_t Spread(uint64_t key) { return key * 0x9E3779B97F4A7C15u; }

}  // namespace

PostingTable::PostingTable(std::vector<std::pair<uint64_t, FilterId>> entries) {
  if (entries.empty()) return;
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  size_t keys = 0;
  for (size_t i = 0; i < entries.size(); ++i)
    keys += i == 0 || entries[i].first != entries[i - 1].first ? 1 : 0;
  keys_ = KeyFilter(keys);
  const int bits =
      static_cast<int>(absl::bit_width(absl::bit_ceil(keys + keys / 2))) - 1;
  shift_ = 64 - std::max(bits, 1);
  const size_t size = size_t{1} << std::max(bits, 1);
  slots_.resize(size);
  for (size_t begin = 0; begin < entries.size();) {
    const uint64_t key = entries[begin].first;
    size_t end = begin;
    while (end < entries.size() && entries[end].first == key) ++end;
    keys_.Add(key);
    size_t at = Spread(key) >> shift_;
    while (slots_[at].count != 0) at = (at + 1) & (size - 1);
    Slot& slot = slots_[at];
    slot.key = key;
    slot.count = static_cast<uint32_t>(end - begin);
    if (slot.count == 1) {
      slot.first = entries[begin].second;
    } else {
      slot.first = static_cast<uint32_t>(filters_.size());
      for (size_t i = begin; i < end; ++i)
        filters_.push_back(entries[i].second);
    }
    begin = end;
  }
  filters_.shrink_to_fit();
}

void PostingTable::Find(absl::Span<const uint64_t> keys,
                        std::vector<FilterId>& found) const {
  if (slots_.empty()) return;
  std::vector<uint64_t> likely;
  keys_.ForEachContained(keys, [&](uint64_t key) {
    likely.push_back(key);
    __builtin_prefetch(&slots_[Spread(key) >> shift_]);
  });
  const size_t mask = slots_.size() - 1;
  for (const uint64_t key : likely) {
    for (size_t at = Spread(key) >> shift_; slots_[at].count != 0;
         at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.key != key) continue;
      if (slot.count == 1) {
        found.push_back(slot.first);
      } else {
        const auto begin = filters_.begin() + slot.first;
        found.insert(found.end(), begin, begin + slot.count);
      }
      break;
    }
  }
}

}  // namespace tocsin
