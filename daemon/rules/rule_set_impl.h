// What a rule set is made of. Of rule_set.cc and rule_set_compile.cc only.
#ifndef TOCSIN_RULES_RULE_SET_IMPL_H_
#define TOCSIN_RULES_RULE_SET_IMPL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "rules/filter_pool.h"
#include "rules/rule_index.h"
#include "rules/rule_set.h"

namespace tocsin {

// Filters, and the enabled rules that each is of.
struct FilteredRules {
  FilterPool pool;
  std::vector<uint32_t> rules;  // Where a filter is of several.

  // Indices of rules, ascending. `one` holds the answer if it is but one.
  absl::Span<const uint32_t> RulesOf(FilterId id, uint32_t& one) const {
    const FilterPool::Rules of = pool.rules(id);
    one = of.begin;
    return of.count == 1
               ? absl::MakeConstSpan(&one, 1)
               : absl::MakeConstSpan(rules).subspan(of.begin, of.count);
  }
};

struct RuleSet::Impl {
  std::vector<RulePtr> rules;  // By name.

  FilteredRules filed;  // Found through the index.
  RuleIndex index;

  FilteredRules broad;  // Asked of every article.
  std::vector<FilterId> broad_ids;
  std::vector<uint32_t> broad_conditions;
};

// once_per, else the longest window of new(x, window), else for ever.
absl::Duration OncePer(const Rule& rule, absl::Span<const int64_t> windows);

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_SET_IMPL_H_
