// A rule set: rules, compiled and indexed, so that an article touches only
// those that could match.
//
// Immutable; may be shared between threads and is swapped whole. Holds every
// rule it was given, by name; only enabled ones match.
#ifndef TOCSIN_RULES_RULE_SET_H_
#define TOCSIN_RULES_RULE_SET_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "filter/filter.h"
#include "filter/sighting.h"
#include "filter/subject.h"
#include "rules/rule.h"

namespace tocsin {

// Distinct filters without a selective term that the enabled rules of one set
// may have; any number of rules may share them.
inline constexpr int kMaxBroadRules = 1000;

// A rule that matched. The views live as long as the rule set.
struct RuleMatch {
  const Rule* rule = nullptr;
  int sighting = -1;  // Index into the sightings; -1: the article.
  NoveltyKind novelty = NoveltyKind::kUnspecified;
  FilterAbout about = FilterAbout::kArticle;
  // How long the rule stays silent about the key after ringing for it: once_per
  // where set, else the window of new(x, window), else InfiniteDuration().
  // Zero: it rings every time.
  absl::Duration once_per = absl::InfiniteDuration();
};

class RuleSet {
 public:
  // Validates, compiles and indexes. Two rules of one name are an error.
  // INVALID_ARGUMENT names the rule, and for a filter line and column.
  static absl::StatusOr<std::shared_ptr<const RuleSet>> Create(
      std::vector<Rule> rules);
  static absl::StatusOr<std::shared_ptr<const RuleSet>> CreateShared(
      std::vector<RulePtr> rules);

  // The set without rules.
  static std::shared_ptr<const RuleSet> Empty();

  ~RuleSet();

  // Every enabled rule that matches, ordered by sighting (the article first),
  // then by name. Mutes, repeat marks and min_sources are the caller's.
  // `scans` may be null.
  std::vector<RuleMatch> Match(const ArticleFacts& article,
                               absl::Span<const Sighting> sightings,
                               const Scans* scans = nullptr) const;

  // Whether a rule that matched before, and waits for more sources, matches
  // `sighting` (-1: the article) too: as Match, but new(...) is what the filter
  // wants it to be, for what was new has been seen by then. The rule must be
  // of this set.
  std::optional<RuleMatch> MatchAgain(const Rule& rule,
                                      const ArticleFacts& article,
                                      absl::Span<const Sighting> sightings,
                                      int sighting,
                                      const Scans* scans = nullptr) const;

  // How many different filters Match would ask about the article.
  size_t CandidateCount(const ArticleFacts& article,
                        absl::Span<const Sighting> sightings) const;

  // All rules, by name.
  absl::Span<const RulePtr> rules() const;
  // Null if there is none of that name (without `rules/`).
  const Rule* Find(absl::string_view name) const;
  // As RuleMatch::once_per. The rule must be of this set.
  absl::Duration EffectiveOncePer(const Rule& rule) const;

  struct Impl;  // Of rules/ only.

 private:
  explicit RuleSet(std::unique_ptr<const Impl> impl);

  const std::unique_ptr<const Impl> impl_;
};

// INVALID_ARGUMENT whose message begins with the field at fault, such as
// `rule.urgency: ...`. Compiles the filter too.
absl::Status ValidateRule(const Rule& rule);

// Whether `name` is 1 to 64 characters of a-z, 0-9 and hyphen, beginning with a
// letter.
bool IsRuleName(absl::string_view name);

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_SET_H_
