// Where filters are filed: from what an article has to the filters that could
// match it.
//
// Immutable once built; may be shared between threads.
#ifndef TOCSIN_RULES_RULE_INDEX_H_
#define TOCSIN_RULES_RULE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "filter/article_words.h"
#include "filter/sighting.h"
#include "rules/filter_pool.h"
#include "rules/interval_index.h"
#include "rules/posting_table.h"
#include "rules/required_terms.h"

namespace tocsin {

class RuleIndex {
 public:
  RuleIndex() = default;

  // Every filter that could match, ascending, each once. `words` are the
  // article's.
  std::vector<FilterId> Candidates(const ArticleFacts& article,
                                   absl::Span<const Sighting> sightings,
                                   const ArticleWords& words) const;

 private:
  friend class RuleIndexBuilder;

  void LookAtAmounts(const Analysis& analysis,
                     absl::Span<const Sighting> sightings,
                     std::vector<FilterId>& found) const;

  // A table for each kind of term: a kind that no rule asks for costs nothing.
  PostingTable sources_;
  PostingTable entities_;
  PostingTable words_;
  PostingTable pairs_;
  absl::flat_hash_map<uint64_t, IntervalIndex> amounts_;  // By unit.
};

// Gathers what filters require, then files each under the clause that shares
// its terms with the fewest others: a term that many rules name is likely a
// common one. Not thread-safe.
class RuleIndexBuilder {
 public:
  // `clauses`: what the filter requires, to choose from; not empty.
  void Add(FilterId filter, const std::vector<Clause>& clauses);
  void Reserve(size_t filters);

  // Once.
  RuleIndex Build();

 private:
  // Clauses end at clause_ends_, their terms at what stands there: flat, for
  // there may be millions.
  struct Filing {
    FilterId filter = 0;
    uint32_t clauses_end = 0;
  };

  std::vector<Filing> filings_;
  std::vector<uint32_t> clause_ends_;
  std::vector<Term> terms_;
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_INDEX_H_
