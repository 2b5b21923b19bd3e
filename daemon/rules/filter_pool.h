// The compiled filters of a rule set, each distinct one once, over conditions
// that are each there once.
//
// A builder: not thread-safe. FilterPool, which it becomes, is immutable.
#ifndef TOCSIN_RULES_FILTER_POOL_H_
#define TOCSIN_RULES_FILTER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "filter/program.h"

namespace tocsin {

using FilterId = uint32_t;

struct PooledFilter {
  uint32_t code_begin = 0;
  uint32_t code_size = 0;
  uint32_t windows_begin = 0;
  uint16_t windows_size = 0;
  FilterAbout about = FilterAbout::kArticle;
  bool names_changed = false;
};

class FilterPool {
 public:
  // The filter of that meaning: `added` tells whether it is a new one.
  struct Added {
    FilterId id = 0;
    bool added = false;
  };
  Added Add(const FilterProgram& program);
  // Room for about so many filters.
  void Reserve(size_t filters);
  // Forgets what only Add needs.
  void Finish();

  size_t filter_count() const { return filters_.size(); }
  size_t condition_count() const { return conditions_.size(); }
  const PooledFilter& filter(FilterId id) const { return filters_[id]; }
  absl::Span<const CodeWord> code(const PooledFilter& filter) const {
    return absl::MakeConstSpan(code_).subspan(filter.code_begin,
                                              filter.code_size);
  }
  absl::Span<const int64_t> windows(const PooledFilter& filter) const {
    return absl::MakeConstSpan(windows_).subspan(filter.windows_begin,
                                                 filter.windows_size);
  }
  // Asks for the memory of these filters all at once: in a large pool each is
  // several cache misses that would otherwise wait for one another.
  void Prefetch(absl::Span<const FilterId> ids) const;
  const Condition& condition(uint32_t index) const {
    return conditions_[index];
  }

 private:
  uint32_t AddCondition(const Condition& condition);

  std::vector<PooledFilter> filters_;
  std::vector<Condition> conditions_;
  std::vector<CodeWord> code_;  // Of all filters; tests name conditions_.
  std::vector<int64_t> windows_;

  // By hash of the canonical form or the code; the next of the same hash is in
  // the chain.
  absl::flat_hash_map<uint64_t, absl::InlinedVector<uint32_t, 2>>
      conditions_by_hash_;
  absl::flat_hash_map<uint64_t, absl::InlinedVector<FilterId, 2>>
      filters_by_hash_;
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_FILTER_POOL_H_
