#include "rules/rule_set.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "filter/article_words.h"
#include "filter/evaluator.h"
#include "filter/program.h"
#include "rules/rule_set_impl.h"
#include "rules/rule_subject.h"

namespace tocsin {

absl::Duration OncePer(const Rule& rule, absl::Span<const int64_t> windows) {
  if (rule.once_per.has_value()) return *rule.once_per;
  return windows.empty() ? absl::InfiniteDuration()
                         : absl::Microseconds(windows.back());
}

namespace {

bool DependsOnSubject(const ConditionView& condition) {
  return IsEntityField(condition.field) || IsAmountField(condition.field);
}

// The truth of the conditions of broad filters, which share theirs: asked once
// an article, or once a sighting where it depends on that.
class Memo {
 public:
  explicit Memo(const RuleSet::Impl& impl)
      : pool_(impl.broad.pool),
        conditions_(impl.broad_conditions),
        known_(conditions_.size(), kUnknown) {}

  void NextSubject() {
    for (const size_t slot : of_subject_) known_[slot] = kUnknown;
    of_subject_.clear();
  }

  bool Holds(uint32_t id, const Subject& subject) {
    const auto slot = static_cast<size_t>(
        std::lower_bound(conditions_.begin(), conditions_.end(), id) -
        conditions_.begin());
    int8_t& known = known_[slot];
    if (known == kUnknown) {
      const ConditionView condition = pool_.condition(id);
      known = tocsin::Holds(condition, subject) ? 1 : 0;
      if (DependsOnSubject(condition)) of_subject_.push_back(slot);
    }
    return known == 1;
  }

 private:
  static constexpr int8_t kUnknown = -1;

  const FilterPool& pool_;
  const absl::Span<const uint32_t> conditions_;
  std::vector<int8_t> known_;
  std::vector<size_t> of_subject_;
};

// The rules that match one article, gathered sighting by sighting.
class Matcher {
 public:
  Matcher(const RuleSet::Impl& impl, const ArticleFacts& article,
          absl::Span<const Sighting> sightings, const Scans* scans)
      : impl_(impl),
        article_(article),
        sightings_(sightings),
        words_(article.analysis->words),
        subject_(SubjectOfArticle(article, words_, scans)),
        memo_(impl) {}

  std::vector<RuleMatch> Run() {
    candidates_ = impl_.index.Candidates(article_, sightings_, words_);
    if (candidates_.empty() && impl_.broad_ids.empty()) return {};
    // In a large pool each is a cache miss: fetch them all at once.
    for (const FilterId id : candidates_) impl_.filed.pool.Prefetch(id);
    Ask(-1, FilterAbout::kArticle);
    for (size_t i = 0; i < sightings_.size(); ++i) {
      const FilterAbout about =
          SetSighting(*article_.analysis, sightings_[i], subject_);
      if (about != FilterAbout::kArticle) Ask(static_cast<int>(i), about);
    }
    return std::move(matches_);
  }

 private:
  struct Ringing {
    uint32_t rule = 0;
    FilterId filter = 0;
    const FilterPool* pool = nullptr;
  };

  void Ask(int sighting, FilterAbout about) {
    ringing_.clear();
    const FilterPool& pool = impl_.filed.pool;
    AskAll(impl_.filed, candidates_, about, [&](uint32_t condition) {
      return Holds(pool.condition(condition), subject_);
    });
    AskAll(impl_.broad, impl_.broad_ids, about, [&](uint32_t condition) {
      return memo_.Holds(condition, subject_);
    });
    memo_.NextSubject();
    std::sort(
        ringing_.begin(), ringing_.end(),
        [](const Ringing& a, const Ringing& b) { return a.rule < b.rule; });
    for (const Ringing& one : ringing_) {
      const Rule& rule = *impl_.rules[one.rule];
      const std::vector<int64_t> windows = one.pool->windows(one.filter);
      matches_.push_back(
          {&rule, sighting,
           NoveltyOf(about, windows, one.pool->names_changed(one.filter),
                     subject_),
           about, OncePer(rule, windows)});
    }
  }

  template <typename ConditionHolds>
  void AskAll(const FilteredRules& filtered, absl::Span<const FilterId> ids,
              FilterAbout about, const ConditionHolds& holds) {
    const FilterPool& pool = filtered.pool;
    for (const FilterId id : ids) {
      if (pool.about(id) != about || !RunCode(pool.code(id), holds)) continue;
      uint32_t one = 0;
      for (const uint32_t rule : filtered.RulesOf(id, one))
        ringing_.push_back({rule, id, &pool});
    }
  }

  const RuleSet::Impl& impl_;
  const ArticleFacts& article_;
  const absl::Span<const Sighting> sightings_;
  const ArticleWords words_;
  Subject subject_;
  Memo memo_;
  std::vector<FilterId> candidates_;
  std::vector<Ringing> ringing_;  // For one subject.
  std::vector<RuleMatch> matches_;
};

}  // namespace

RuleSet::RuleSet(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;

std::shared_ptr<const RuleSet> RuleSet::Empty() {
  static const auto* const empty =
      new std::shared_ptr<const RuleSet>(new RuleSet(std::make_unique<Impl>()));
  return *empty;
}

std::vector<RuleMatch> RuleSet::Match(const ArticleFacts& article,
                                      absl::Span<const Sighting> sightings,
                                      const Scans* scans) const {
  if (impl_->rules.empty() || article.analysis == nullptr) return {};
  return Matcher(*impl_, article, sightings, scans).Run();
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
  Subject subject = SubjectOfArticle(article, words, scans);
  const FilterAbout about =
      sighting < 0
          ? FilterAbout::kArticle
          : SetSighting(*article.analysis,
                        sightings[static_cast<size_t>(sighting)], subject);
  if (about != (*filter)->about() || !(*filter)->MatchesButForNew(subject))
    return std::nullopt;
  return RuleMatch{&rule, sighting, (*filter)->NoveltyOf(subject), about,
                   OncePer(rule, (*filter)->program().windows)};
}

size_t RuleSet::CandidateCount(const ArticleFacts& article,
                               absl::Span<const Sighting> sightings) const {
  const ArticleWords words(article.analysis->words);
  return impl_->index.Candidates(article, sightings, words).size() +
         impl_->broad_ids.size();
}

absl::Span<const RulePtr> RuleSet::rules() const { return impl_->rules; }

const Rule* RuleSet::Find(absl::string_view name) const {
  const auto at =
      std::lower_bound(impl_->rules.begin(), impl_->rules.end(), name,
                       [](const RulePtr& rule, absl::string_view wanted) {
                         return rule->name < wanted;
                       });
  return at == impl_->rules.end() || (*at)->name != name ? nullptr : at->get();
}

absl::Duration RuleSet::EffectiveOncePer(const Rule& rule) const {
  // Compiled again: it is seldom asked for, and not worth memory.
  const auto filter = Filter::Compile(rule.filter, FilterPlace::kRule);
  if (!filter.ok() || rule.disabled) return OncePer(rule, {});
  return OncePer(rule, (*filter)->program().windows);
}

}  // namespace tocsin
