#include "pipeline/preview.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "pipeline/knowledge.h"
#include "pipeline/novelty.h"
#include "pipeline/ringer.h"
#include "pipeline/scans.h"
#include "rules/quiet.h"
#include "storage/read_records.h"
#include "storage/schema.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

ArticleRecord RecordOf(const Article& article, const Analysis& analysis,
                       absl::Time now) {
  ArticleRecord record;
  record.set_source(article.source);
  record.set_id(article.id);
  record.set_uri(article.uri);
  record.set_language(analysis.language);
  record.set_headline(article.headline);
  record.set_byline(article.byline);
  record.set_urgency(article.urgency);
  record.set_revision(1);
  record.set_event_time(
      ToMicros(std::min(article.published_at.value_or(now), now)));
  return record;
}

absl::StatusOr<bool> WouldRing(const Store& store, const JudgedArticle& article,
                               const RuleMatch& match, absl::Time now) {
  if (MutedAt(*match.rule, now) || match.rule->min_sources > 1) return false;
  if (match.once_per <= absl::ZeroDuration()) return true;
  const std::string key =
      MarkKey(match.rule->name, SubjectOf(article, match.sighting));
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<RepeatMark> mark,
                          ReadRecord<RepeatMark>(store, Family::kMarks, key));
  return !mark.has_value() ||
         !KeepsSilent(*mark, article.record.event_time(), match.once_per);
}

}  // namespace

absl::StatusOr<Preview> PreviewArticle(const Store& store, const RuleSet& rules,
                                       const Article& article,
                                       const Analysis& analysis,
                                       absl::Time now) {
  // The same judgement as the sequencer's, on knowledge that is thrown away.
  Knowledge knowledge(store, UINT64_MAX / 2, /*cache_bytes=*/0);
  const ArticleRecord record = RecordOf(article, analysis, now);
  TOCSIN_ASSIGN_OR_RETURN(const ResolvedKeys keys,
                          ResolveKeys(analysis, /*commit=*/0, knowledge));
  TOCSIN_ASSIGN_OR_RETURN(std::vector<Sighting> sightings,
                          Judge(analysis, keys, Coverage(), knowledge));
  const JudgedArticle judged{record,   0,    article.body,
                             analysis, keys, sightings};

  Preview preview;
  preview.sightings.resize(sightings.size());
  LiveScans scans(knowledge);
  const std::vector<RuleMatch> matches =
      rules.Match(FactsOf(record, analysis), sightings, &scans.scans());
  TOCSIN_RETURN_IF_ERROR(scans.status());
  for (const RuleMatch& match : matches) {
    TOCSIN_ASSIGN_OR_RETURN(const bool rings,
                            WouldRing(store, judged, match, now));
    if (!rings) continue;
    auto& names = match.sighting < 0 ? preview.article_rules
                                     : preview.sightings[match.sighting].rules;
    names.push_back(match.rule->name);
  }
  for (size_t i = 0; i < sightings.size(); ++i) {
    preview.sightings[i].is_new = !sightings[i].evidence.known();
    preview.sightings[i].sighting = std::move(sightings[i]);
    std::sort(preview.sightings[i].rules.begin(),
              preview.sightings[i].rules.end());
  }
  std::sort(preview.article_rules.begin(), preview.article_rules.end());
  return preview;
}

}  // namespace tocsin
