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
#include "rules/key_filter.h"
#include "rules/required_terms.h"

namespace tocsin {

class RuleIndex {
 public:
  // `clauses[i]`: what filter `ids[i]` requires, to choose from; never empty.
  struct Filing {
    FilterId filter = 0;
    std::vector<Clause> clauses;
  };

  RuleIndex() = default;
  // Each filter is filed under the clause that shares its terms with the
  // fewest others: a term that many rules name is likely a common one.
  explicit RuleIndex(std::vector<Filing> filings);

  // Every filter that could match, ascending, each once. `words` are the
  // article's.
  std::vector<FilterId> Candidates(const ArticleFacts& article,
                                   absl::Span<const Sighting> sightings,
                                   const ArticleWords& words) const;

  size_t term_count() const { return postings_.size(); }

 private:
  struct Posting {
    uint32_t begin = 0;
    uint32_t size = 0;
  };

  void Build(std::vector<std::pair<uint64_t, FilterId>> entries);
  void Look(uint64_t key, std::vector<FilterId>& found) const;
  void LookAtWords(const ArticleWords& words,
                   std::vector<FilterId>& found) const;

  KeyFilter keys_;  // Of postings_: most words of an article are not there.
  absl::flat_hash_map<uint64_t, Posting> postings_;
  std::vector<FilterId> filters_;  // Postings point in here.
  absl::flat_hash_map<uint64_t, IntervalIndex> amounts_;  // By unit.
  bool has_words_ = false;
  bool has_pairs_ = false;
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_INDEX_H_
