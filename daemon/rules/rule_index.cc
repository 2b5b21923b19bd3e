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

RuleIndex::RuleIndex(std::vector<Filing> filings) {
  absl::flat_hash_map<uint64_t, uint32_t> count;
  for (const Filing& filing : filings) {
    for (const Clause& clause : filing.clauses) {
      for (const Term& term : clause) {
        if (term.kind != Term::Kind::kAmount) ++count[term.key];
      }
    }
  }
  const auto cost = [&](const Clause& clause) {
    double sum = 0;
    for (const Term& term : clause) {
      const bool amount = term.kind == Term::Kind::kAmount;
      sum += Weight(term) * (amount ? 1 : count.find(term.key)->second);
    }
    return sum;
  };
  std::vector<std::pair<uint64_t, FilterId>> entries;
  entries.reserve(filings.size());
  absl::flat_hash_map<uint64_t, std::vector<IntervalIndex::Entry>> intervals;
  for (Filing& filing : filings) {
    const auto best = std::min_element(
        filing.clauses.begin(), filing.clauses.end(),
        [&](const Clause& a, const Clause& b) { return cost(a) < cost(b); });
    for (const Term& term : *best) {
      switch (term.kind) {
        case Term::Kind::kAmount:
          intervals[term.key].push_back({term.low, term.high, filing.filter});
          continue;
        case Term::Kind::kWord:
          has_words_ = true;
          break;
        case Term::Kind::kPair:
          has_pairs_ = true;
          break;
        default:
          break;
      }
      entries.emplace_back(term.key, filing.filter);
    }
    filing.clauses.clear();
    filing.clauses.shrink_to_fit();
  }
  for (auto& [unit, list] : intervals)
    amounts_.emplace(unit, IntervalIndex(std::move(list)));
  Build(std::move(entries));
}

void RuleIndex::Build(std::vector<std::pair<uint64_t, FilterId>> entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  filters_.reserve(entries.size());
  size_t terms = 0;
  for (size_t i = 0; i < entries.size(); ++i)
    terms += i == 0 || entries[i].first != entries[i - 1].first ? 1 : 0;
  postings_.reserve(terms);
  keys_ = KeyFilter(terms);
  for (const auto& [key, filter] : entries) {
    const auto begin = static_cast<uint32_t>(filters_.size());
    keys_.Add(key);
    ++postings_.try_emplace(key, Posting{begin, 0}).first->second.size;
    filters_.push_back(filter);
  }
}

void RuleIndex::Look(uint64_t key, std::vector<FilterId>& found) const {
  if (!keys_.MayContain(key)) return;
  const auto at = postings_.find(key);
  if (at == postings_.end()) return;
  const auto begin = filters_.begin() + at->second.begin;
  found.insert(found.end(), begin, begin + at->second.size);
}

void RuleIndex::LookAtWords(const ArticleWords& words,
                            std::vector<FilterId>& found) const {
  const absl::Span<const uint64_t> all = words.words();
  if (has_words_) {
    words.ForEachDistinct(
        [&](uint32_t position) { Look(WordTermKey(all[position]), found); });
  }
  if (!has_pairs_) return;
  for (size_t i = 1; i < all.size(); ++i) {
    if (all[i - 1] != 0 && all[i] != 0)
      Look(PairTermKey(all[i - 1], all[i]), found);
  }
}

std::vector<FilterId> RuleIndex::Candidates(
    const ArticleFacts& article, absl::Span<const Sighting> sightings,
    const ArticleWords& words) const {
  std::vector<FilterId> found;
  Look(SourceTermKey(article.source), found);
  for (const Entity& entity : article.analysis->entities)
    Look(EntityTermKey(entity.key), found);
  if (has_words_ || has_pairs_) LookAtWords(words, found);
  if (!amounts_.empty()) {
    for (const Sighting& sighting : sightings) {
      const Mention& mention = article.analysis->mentions[sighting.mention];
      if (mention.amount < 0) continue;
      const Amount& amount = article.analysis->amounts[mention.amount];
      for (const uint64_t unit : {UnitTermKey(amount.unit), uint64_t{0}}) {
        const auto at = amounts_.find(unit);
        if (at == amounts_.end()) continue;
        at->second.ForEachOverlap(
            amount.low.value, amount.high.value,
            [&](FilterId filter) { found.push_back(filter); });
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace tocsin
