#include "rules/rule_set.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "filter/article_words.h"
#include "filter/evaluator.h"
#include "filter/program.h"
#include "rules/filter_pool.h"
#include "rules/rule_index.h"
#include "rules/validate.h"

namespace tocsin {

namespace {
constexpr FilterId kNoFilter = ~FilterId{0};
}  // namespace

struct RuleSet::Impl {
  std::vector<Rule> rules;          // By name.
  std::vector<FilterId> filter_of;  // By rule; kNoFilter: disabled.
  FilterPool pool;
  // The enabled rules of filter i: rules_of[rule_begin[i]] up to that of i + 1.
  std::vector<uint32_t> rule_begin;
  std::vector<uint32_t> rules_of;
  RuleIndex index;
  std::vector<FilterId> broad;  // Asked of every article.
};

namespace {

bool DependsOnSubject(const Condition& condition) {
  return IsEntityField(condition.field) || IsAmountField(condition.field);
}

// The truth of each condition, asked once an article, or once a sighting where
// it depends on that. Worth it for the broad filters, which share theirs.
class Memo {
 public:
  Memo(const FilterPool& pool, absl::Span<const FilterId> filters)
      : pool_(pool) {
    for (const FilterId filter : filters) {
      for (const CodeWord word : pool.code(pool.filter(filter))) {
        if (static_cast<CodeOp>(word >> 30) == CodeOp::kTest)
          limit_ = std::max(limit_, (word & kCodeArgumentMask) + 1);
      }
    }
    known_.assign(limit_, kUnknown);
  }

  void NextSubject() {
    for (const uint32_t condition : of_subject_) known_[condition] = kUnknown;
    of_subject_.clear();
  }

  bool Holds(uint32_t condition, const Subject& subject) {
    if (condition >= limit_)
      return tocsin::Holds(pool_.condition(condition), subject);
    int8_t& known = known_[condition];
    if (known == kUnknown) {
      known = tocsin::Holds(pool_.condition(condition), subject) ? 1 : 0;
      if (DependsOnSubject(pool_.condition(condition)))
        of_subject_.push_back(condition);
    }
    return known == 1;
  }

 private:
  static constexpr int8_t kUnknown = -1;

  const FilterPool& pool_;
  uint32_t limit_ = 0;  // Conditions below it are remembered.
  std::vector<int8_t> known_;
  std::vector<uint32_t> of_subject_;
};

Subject ArticleSubject(const ArticleFacts& article, const ArticleWords& words,
                       const Scans* scans) {
  Subject subject;
  subject.source = article.source;
  subject.id = article.id;
  subject.uri = article.uri;
  subject.language = article.language;
  subject.headline = article.headline;
  subject.byline = article.byline;
  subject.article_urgency = article.urgency;
  subject.revision = article.revision;
  subject.event_time = article.event_time;
  subject.analysis = article.analysis;
  subject.words = &words;
  subject.scans = scans;
  return subject;
}

// Adds what `sighting` is of; kArticle if it is of nothing.
FilterAbout SetSighting(const Analysis& analysis, const Sighting& sighting,
                        Subject& subject) {
  subject.entity.reset();
  subject.amount.reset();
  const Mention& mention = analysis.mentions[sighting.mention];
  if (mention.entity >= 0) {
    subject.entity =
        ViewOf(analysis.entities[mention.entity], sighting.evidence);
    return FilterAbout::kEntity;
  }
  if (mention.amount < 0) return FilterAbout::kArticle;
  const Amount& amount = analysis.amounts[mention.amount];
  subject.amount =
      ViewOf(amount, sighting.evidence, sighting.previous.has_value());
  if (amount.anchor >= 0)
    subject.entity = ViewOf(analysis.entities[amount.anchor], sighting.anchor);
  return FilterAbout::kAmount;
}

// A rule and a filter of its own, before they are pooled.
absl::Status InRule(const Rule& rule, const absl::Status& status) {
  absl::Status with_name(status.code(), absl::StrCat("rule `", rule.name,
                                                     "`: ", status.message()));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    with_name.SetPayload(type, payload);
  });
  return with_name;
}

absl::Status TooBroad(const Rule& rule) {
  return absl::InvalidArgumentError(absl::StrCat(
      "rule `", rule.name, "`: more than ", kMaxBroadRules,
      " different filters name no entity, word, source or amount, so that "
      "every "
      "article must be held against each of them; name one of these in it"));
}

bool ByName(const Rule& a, const Rule& b) { return a.name < b.name; }

using CompiledFilter = absl::StatusOr<std::shared_ptr<const Filter>>;
// Rules that are compiled at once; below it is one thread's work.
constexpr size_t kBlockRules = 16'384;
constexpr size_t kRulesOfAThread = 2'048;

// In parallel where it pays.
std::vector<CompiledFilter> CompileBlock(absl::Span<const Rule> rules) {
  std::vector<CompiledFilter> filters(rules.size());
  const size_t threads =
      std::min<size_t>({std::max(1u, std::thread::hardware_concurrency()), 8,
                        rules.size() / kRulesOfAThread + 1});
  const auto compile = [&](size_t part) {
    for (size_t i = rules.size() * part / threads;
         i < rules.size() * (part + 1) / threads; ++i) {
      filters[i] = CompileRule(rules[i]);
    }
  };
  std::vector<std::thread> workers;
  for (size_t part = 1; part < threads; ++part)
    workers.emplace_back(compile, part);
  compile(0);
  for (std::thread& worker : workers) worker.join();
  return filters;
}

}  // namespace

RuleSet::RuleSet(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;

std::shared_ptr<const RuleSet> RuleSet::Empty() {
  static const auto* const empty =
      new std::shared_ptr<const RuleSet>(new RuleSet(std::make_unique<Impl>()));
  return *empty;
}

absl::StatusOr<std::shared_ptr<const RuleSet>> RuleSet::Create(
    std::vector<Rule> rules) {
  auto impl = std::make_unique<Impl>();
  if (!std::is_sorted(rules.begin(), rules.end(), ByName))
    std::sort(rules.begin(), rules.end(), ByName);
  for (size_t i = 1; i < rules.size(); ++i) {
    if (rules[i].name == rules[i - 1].name) {
      return absl::InvalidArgumentError(absl::StrCat(
          "rule `", rules[i].name, "`: there are two rules of this name"));
    }
  }
  std::vector<FilterId>& filter_of = impl->filter_of;
  filter_of.assign(rules.size(), kNoFilter);
  impl->pool.Reserve(rules.size());
  std::vector<RuleIndex::Filing> filings;
  filings.reserve(rules.size());
  // Block by block, so that compiled filters do not pile up.
  for (size_t begin = 0; begin < rules.size(); begin += kBlockRules) {
    const absl::Span<const Rule> block =
        absl::MakeConstSpan(rules).subspan(begin, kBlockRules);
    const std::vector<CompiledFilter> filters = CompileBlock(block);
    for (size_t i = 0; i < block.size(); ++i) {
      if (!filters[i].ok()) return InRule(block[i], filters[i].status());
      if (block[i].disabled) continue;
      const FilterProgram& program = (*filters[i])->program();
      const FilterPool::Added added = impl->pool.Add(program);
      filter_of[begin + i] = added.id;
      if (!added.added) continue;
      std::vector<Clause> clauses = RequiredClauses(program);
      if (!clauses.empty()) {
        filings.push_back({added.id, std::move(clauses)});
        continue;
      }
      if (impl->broad.size() == kMaxBroadRules) return TooBroad(block[i]);
      impl->broad.push_back(added.id);
    }
  }
  impl->pool.Finish();
  impl->index = RuleIndex(std::move(filings));

  // Group the rules by filter, in order of their names.
  impl->rule_begin.assign(impl->pool.filter_count() + 1, 0);
  for (const FilterId filter : filter_of) {
    if (filter != kNoFilter) ++impl->rule_begin[filter + 1];
  }
  std::partial_sum(impl->rule_begin.begin(), impl->rule_begin.end(),
                   impl->rule_begin.begin());
  impl->rules_of.resize(impl->rule_begin.back());
  std::vector<uint32_t> next(impl->rule_begin.begin(),
                             impl->rule_begin.end() - 1);
  for (size_t i = 0; i < rules.size(); ++i) {
    if (filter_of[i] != kNoFilter)
      impl->rules_of[next[filter_of[i]]++] = static_cast<uint32_t>(i);
  }
  impl->rules = std::move(rules);
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(impl)));
}

std::vector<RuleMatch> RuleSet::Match(const ArticleFacts& article,
                                      absl::Span<const Sighting> sightings,
                                      const Scans* scans) const {
  std::vector<RuleMatch> matches;
  if (impl_->rules_of.empty() || article.analysis == nullptr) return matches;
  const FilterPool& pool = impl_->pool;
  const ArticleWords words(article.analysis->words);
  std::vector<FilterId> filters =
      impl_->index.Candidates(article, sightings, words);
  filters.insert(filters.end(), impl_->broad.begin(), impl_->broad.end());
  if (filters.empty()) return matches;
  pool.Prefetch(filters);

  Memo memo(pool, impl_->broad);
  Subject subject = ArticleSubject(article, words, scans);
  std::vector<uint32_t> ringing;  // Rules, for one subject.
  const auto ask = [&](int sighting, FilterAbout about) {
    ringing.clear();
    for (const FilterId id : filters) {
      const PooledFilter& filter = pool.filter(id);
      if (filter.about != about ||
          !RunCode(pool.code(filter), [&](uint32_t condition) {
            return memo.Holds(condition, subject);
          }))
        continue;
      ringing.insert(ringing.end(),
                     impl_->rules_of.begin() + impl_->rule_begin[id],
                     impl_->rules_of.begin() + impl_->rule_begin[id + 1]);
    }
    std::sort(ringing.begin(), ringing.end());
    for (const uint32_t index : ringing) {
      const PooledFilter& filter = pool.filter(impl_->filter_of[index]);
      const Rule& rule = impl_->rules[index];
      matches.push_back({&rule, sighting,
                         NoveltyOf(filter.about, pool.windows(filter),
                                   filter.names_changed, subject),
                         about, EffectiveOncePer(rule)});
    }
    memo.NextSubject();
  };
  ask(-1, FilterAbout::kArticle);
  for (size_t i = 0; i < sightings.size(); ++i) {
    const FilterAbout about =
        SetSighting(*article.analysis, sightings[i], subject);
    if (about != FilterAbout::kArticle) ask(static_cast<int>(i), about);
  }
  return matches;
}

std::optional<RuleMatch> RuleSet::MatchAgain(
    const Rule& rule, const ArticleFacts& article,
    absl::Span<const Sighting> sightings, int sighting,
    const Scans* scans) const {
  if (rule.disabled) return std::nullopt;
  // Rare: compiled again, for the pool keeps no tree of it.
  const auto filter = Filter::Compile(rule.filter, FilterPlace::kRule);
  if (!filter.ok()) return std::nullopt;
  const ArticleWords words(article.analysis->words);
  Subject subject = ArticleSubject(article, words, scans);
  const FilterAbout about =
      sighting < 0
          ? FilterAbout::kArticle
          : SetSighting(*article.analysis,
                        sightings[static_cast<size_t>(sighting)], subject);
  if (about != (*filter)->about() || !(*filter)->MatchesButForNew(subject))
    return std::nullopt;
  return RuleMatch{&rule, sighting, (*filter)->NoveltyOf(subject), about,
                   EffectiveOncePer(rule)};
}

size_t RuleSet::CandidateCount(const ArticleFacts& article,
                               absl::Span<const Sighting> sightings) const {
  const ArticleWords words(article.analysis->words);
  return impl_->index.Candidates(article, sightings, words).size() +
         impl_->broad.size();
}

absl::Span<const Rule> RuleSet::rules() const { return impl_->rules; }

const Rule* RuleSet::Find(absl::string_view name) const {
  const auto at =
      std::lower_bound(impl_->rules.begin(), impl_->rules.end(), name,
                       [](const Rule& rule, absl::string_view wanted) {
                         return rule.name < wanted;
                       });
  return at == impl_->rules.end() || at->name != name ? nullptr : &*at;
}

absl::Duration RuleSet::EffectiveOncePer(const Rule& rule) const {
  if (rule.once_per.has_value()) return *rule.once_per;
  const FilterId id = impl_->filter_of[&rule - impl_->rules.data()];
  if (id == kNoFilter) return absl::InfiniteDuration();
  const absl::Span<const int64_t> windows =
      impl_->pool.windows(impl_->pool.filter(id));
  return windows.empty() ? absl::InfiniteDuration()
                         : absl::Microseconds(windows.back());
}

}  // namespace tocsin
