// From matches to alerts: which of the rules that match an article ring, given
// what they rang for before.
//
// A rule rings for a subject: the entity, the amount with its anchor, or the
// article. A repeat mark keeps it silent about that subject for once_per. A
// rule with min_sources leaves a pending record at its first match, which
// sightings of the subject by other sources complete, whether or not the rule's
// `new` still holds; the rest of its filter must. Not thread-safe.
#ifndef TOCSIN_PIPELINE_RINGER_H_
#define TOCSIN_PIPELINE_RINGER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "detect/mention.h"
#include "filter/sighting.h"
#include "filter/subject.h"
#include "pipeline/novelty.h"
#include "pipeline/overlay.h"
#include "rules/rule_set.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

// An article whose mentions were judged. Views and references; valid for the
// call.
struct JudgedArticle {
  const ArticleRecord& record;
  uint64_t commit = 0;
  absl::string_view body;
  const Analysis& analysis;
  const ResolvedKeys& keys;
  absl::Span<const Sighting> sightings;
};

// As rules see it.
ArticleFacts FactsOf(const ArticleRecord& record, const Analysis& analysis);

// Subject of a ring for a sighting of the article; `sighting` -1 is the
// article.
std::string SubjectOf(const JudgedArticle& article, int sighting);

// Whether a mark keeps a rule silent at `event_time`.
bool KeepsSilent(const RepeatMark& mark, int64_t event_time,
                 absl::Duration once_per);

class Ringer {
 public:
  // With the pending records of the store.
  static absl::StatusOr<Ringer> Load(const Store& store);

  // Rules that match, and those that wait for a subject of the article. Needs
  // no body.
  std::vector<RuleMatch> Matches(const JudgedArticle& article,
                                 const RuleSet& rules,
                                 const Scans& scans) const;

  // Alerts of those matches that ring, numbered from `first_sequence`; their
  // marks are written to `rows`. `now` is the sequencer's time.
  absl::StatusOr<std::vector<AlertRecord>> Ring(
      const JudgedArticle& article, absl::Span<const RuleMatch> matches,
      absl::Time now, uint64_t first_sequence, Overlay& rows);

  // Deletes the pending records that wait no more at `now`. Before every
  // article, so that what rings does not depend on when time was told.
  void Expire(absl::Time now, Overlay& rows);

 private:
  struct Decision {
    bool rings = false;
    std::vector<std::string> confirmed_by;
  };

  absl::StatusOr<bool> IsSilenced(const JudgedArticle& article,
                                  const RuleMatch& match,
                                  const std::string& subject,
                                  const Overlay& rows) const;
  // Counts this source for a rule with min_sources.
  absl::StatusOr<Decision> Confirm(const JudgedArticle& article,
                                   const Rule& rule, const std::string& subject,
                                   Overlay& rows);

  void Wait(const std::string& subject, const std::string& rule,
            int64_t expire_time);
  void WaitNoMore(const std::string& subject, const std::string& rule);

  // The rules that wait, and until when, by subject.
  absl::flat_hash_map<std::string, std::map<std::string, int64_t>> pending_;
  // The same, (subject, rule) by expire time.
  std::set<std::tuple<int64_t, std::string, std::string>> expiries_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_RINGER_H_
