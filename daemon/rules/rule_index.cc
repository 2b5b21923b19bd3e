#include "rules/rule_index.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tocsin {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// How likely an article has the term, before counting.
double Weight(const Term& term) {
  switch (term.kind) {
    case Term::Kind::kEntity:
    case Term::Kind::kPair:
      return 1;
    case Term::Kind::kWord:
      return 4;
    case Term::Kind::kSource:
      return 200;
    case Term::Kind::kAmount:
      if (term.low == term.high) return 1;
      if (term.low > -kInfinity && term.high < kInfinity) return 4;
      return term.low > -kInfinity ? 20 : 100;
  }
  return 1;
}

}  // namespace

void RuleIndexBuilder::Reserve(size_t filters) {
  filings_.reserve(filters);
  clause_ends_.reserve(2 * filters);
  terms_.reserve(2 * filters);
}

void RuleIndexBuilder::Add(FilterId filter,
                           const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) {
    terms_.insert(terms_.end(), clause.begin(), clause.end());
    clause_ends_.push_back(static_cast<uint32_t>(terms_.size()));
  }
  filings_.push_back({filter, static_cast<uint32_t>(clause_ends_.size())});
}

RuleIndex RuleIndexBuilder::Build() {
  using Entries = std::vector<std::pair<uint64_t, FilterId>>;
  absl::flat_hash_map<uint64_t, uint32_t> count;
  count.reserve(terms_.size());
  for (const Term& term : terms_) {
    if (term.kind != Term::Kind::kAmount) ++count[term.key];
  }
  const auto cost = [&](absl::Span<const Term> clause) {
    double sum = 0;
    for (const Term& term : clause) {
      const bool amount = term.kind == Term::Kind::kAmount;
      sum += Weight(term) * (amount ? 1 : count.find(term.key)->second);
    }
    return sum;
  };
  Entries sources, entities, words, pairs;
  absl::flat_hash_map<uint64_t, std::vector<IntervalIndex::Entry>> intervals;
  const auto file = [&](FilterId filter, const Term& term) {
    switch (term.kind) {
      case Term::Kind::kAmount:
        intervals[term.key].push_back({term.low, term.high, filter});
        break;
      case Term::Kind::kWord:
        words.emplace_back(term.key, filter);
        break;
      case Term::Kind::kPair:
        pairs.emplace_back(term.key, filter);
        break;
      case Term::Kind::kEntity:
        entities.emplace_back(term.key, filter);
        break;
      case Term::Kind::kSource:
        sources.emplace_back(term.key, filter);
        break;
    }
  };
  uint32_t clause = 0, term = 0;
  for (const Filing& filing : filings_) {
    absl::Span<const Term> best;
    double best_cost = kInfinity;
    const bool choice = filing.clauses_end - clause > 1;
    for (; clause < filing.clauses_end; ++clause) {
      const auto terms = absl::MakeConstSpan(terms_).subspan(
          term, clause_ends_[clause] - term);
      const double its_cost = choice ? cost(terms) : 0;
      if (its_cost < best_cost) {
        best = terms;
        best_cost = its_cost;
      }
      term = clause_ends_[clause];
    }
    for (const Term& one : best) file(filing.filter, one);
  }
  RuleIndex index;
  index.sources_ = PostingTable(std::move(sources));
  index.entities_ = PostingTable(std::move(entities));
  index.words_ = PostingTable(std::move(words));
  index.pairs_ = PostingTable(std::move(pairs));
  for (auto& [unit, list] : intervals)
    index.amounts_.emplace(unit, IntervalIndex(std::move(list)));
  return index;
}

void RuleIndex::LookAtAmounts(const Analysis& analysis,
                              absl::Span<const Sighting> sightings,
                              std::vector<FilterId>& found) const {
  for (const Sighting& sighting : sightings) {
    const Mention& mention = analysis.mentions[sighting.mention];
    if (mention.amount < 0) continue;
    const Amount& amount = analysis.amounts[mention.amount];
    for (const uint64_t unit : {UnitTermKey(amount.unit), uint64_t{0}}) {
      const auto at = amounts_.find(unit);
      if (at == amounts_.end()) continue;
      at->second.ForEachOverlap(
          amount.low.value, amount.high.value,
          [&](FilterId filter) { found.push_back(filter); });
    }
  }
}

std::vector<FilterId> RuleIndex::Candidates(
    const ArticleFacts& article, absl::Span<const Sighting> sightings,
    const ArticleWords& words) const {
  std::vector<FilterId> found;
  std::vector<uint64_t> keys;
  const auto look = [&](const PostingTable& table) {
    table.Find(keys, found);
    keys.clear();
  };
  if (!sources_.empty()) {
    keys.push_back(SourceTermKey(article.source));
    look(sources_);
  }
  if (!entities_.empty()) {
    for (const Entity& entity : article.analysis->entities)
      keys.push_back(EntityTermKey(entity.key));
    look(entities_);
  }
  const absl::Span<const uint64_t> all = words.words();
  keys.reserve(all.size());
  if (!words_.empty()) {
    words.ForEachDistinct(
        [&](uint32_t position) { keys.push_back(WordTermKey(all[position])); });
    look(words_);
  }
  if (!pairs_.empty()) {
    for (size_t i = 1; i < all.size(); ++i) {
      if (all[i - 1] != 0 && all[i] != 0)
        keys.push_back(PairTermKey(all[i - 1], all[i]));
    }
    look(pairs_);
  }
  if (!amounts_.empty()) LookAtAmounts(*article.analysis, sightings, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace tocsin
