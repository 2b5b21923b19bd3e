// From a key, which is a hash already, to the filters filed under it: one cache
// line for most keys, which have one filter.
//
// Immutable once built; may be shared between threads.
#ifndef TOCSIN_RULES_POSTING_TABLE_H_
#define TOCSIN_RULES_POSTING_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "rules/filter_pool.h"
#include "rules/key_filter.h"

namespace tocsin {

class PostingTable {
 public:
  PostingTable() = default;
  // Sorts `entries`; the same one twice counts once.
  explicit PostingTable(std::vector<std::pair<uint64_t, FilterId>> entries);

  bool empty() const { return slots_.empty(); }

  // Appends the filters of each key to `found`, in the order of the keys.
  void Find(absl::Span<const uint64_t> keys,
            std::vector<FilterId>& found) const;

 private:
  // Empty if `count` is 0.
  struct Slot {
    uint64_t key = 0;
    uint32_t count = 0;
    uint32_t first = 0;  // The filter; if there are several, where in filters_.
  };

  KeyFilter keys_;           // Most of what an article has is in no rule.
  std::vector<Slot> slots_;  // Open addressing, two thirds full at most.
  int shift_ = 0;
  std::vector<FilterId> filters_;
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_POSTING_TABLE_H_
