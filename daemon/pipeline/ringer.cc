#include "pipeline/ringer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "pipeline/alert_record.h"
#include "rules/quiet.h"
#include "storage/read_records.h"
#include "storage/resource_name.h"
#include "storage/schema.h"

namespace tocsin {

namespace {

// What comes in so late still confirms what it was published with.
constexpr absl::Duration kLateArticles = absl::Hours(24);

}  // namespace

ArticleFacts FactsOf(const ArticleRecord& record, const Analysis& analysis) {
  ArticleFacts facts;
  facts.source = record.source();
  facts.id = record.id();
  facts.uri = record.uri();
  facts.language = record.language();
  facts.headline = record.headline();
  facts.byline = record.byline();
  facts.urgency = record.urgency();
  facts.revision = record.revision();
  facts.event_time = absl::FromUnixMicros(record.event_time());
  facts.analysis = &analysis;
  return facts;
}

std::string SubjectOf(const JudgedArticle& article, int sighting) {
  if (sighting < 0) return ArticleSubject(article.record.article_number());
  const Mention& mention =
      article.analysis.mentions[article.sightings[sighting].mention];
  if (mention.entity >= 0) {
    return EntitySubject(article.keys.entities[mention.entity]->number());
  }
  const ResolvedAmount& amount = article.keys.amounts[mention.amount];
  const KnownEntity* anchor = article.keys.AnchorOf(amount);
  return AmountSubject(anchor == nullptr ? 0 : anchor->number(), amount.key);
}

bool KeepsSilent(const RepeatMark& mark, int64_t event_time,
                 absl::Duration once_per) {
  return once_per == absl::InfiniteDuration() ||
         absl::Microseconds(event_time - mark.event_time()) < once_per;
}

absl::StatusOr<Ringer> Ringer::Load(const Store& store) {
  Ringer ringer;
  TOCSIN_RETURN_IF_ERROR(ScanRecords<PendingRecord>(
      store, Family::kPending, "", "", /*reverse=*/false,
      [&](absl::string_view key,
          const PendingRecord& record) -> absl::StatusOr<bool> {
        const std::optional<MarkKeyParts> parts = ParseMarkKey(key);
        if (!parts.has_value()) return DamagedRow(Family::kPending, key);
        ringer.Wait(parts->subject, parts->rule, record.expire_time());
        return true;
      }));
  return ringer;
}

absl::StatusOr<std::vector<AlertRecord>> Ringer::Ring(
    const JudgedArticle& article, absl::Span<const RuleMatch> matches,
    absl::Time now, uint64_t first_sequence, Overlay& rows) {
  std::vector<AlertRecord> alerts;
  for (const RuleMatch& match : matches) {
    const Rule& rule = *match.rule;
    if (MutedAt(rule, now)) continue;
    const std::string subject = SubjectOf(article, match.sighting);
    TOCSIN_ASSIGN_OR_RETURN(const bool silenced,
                            IsSilenced(article, match, subject, rows));
    if (silenced) continue;
    Decision decision{/*rings=*/true, {}};
    if (rule.min_sources > 1) {
      TOCSIN_ASSIGN_OR_RETURN(decision, Confirm(article, rule, subject, rows));
    }
    if (!decision.rings) continue;

    AlertRecord alert = MakeAlert(article, match, now);
    alert.set_sequence(first_sequence + alerts.size());
    for (std::string& name : decision.confirmed_by) {
      alert.add_confirmed_by(std::move(name));
    }
    if (match.once_per > absl::ZeroDuration()) {
      RepeatMark mark;
      mark.set_event_time(article.record.event_time());
      mark.set_sequence(alert.sequence());
      rows.PutRecord(Family::kMarks, MarkKey(rule.name, subject), mark);
    }
    alerts.push_back(std::move(alert));
  }
  return alerts;
}

std::vector<RuleMatch> Ringer::Matches(const JudgedArticle& article,
                                       const RuleSet& rules,
                                       const Scans& scans) const {
  const ArticleFacts facts = FactsOf(article.record, article.analysis);
  std::vector<RuleMatch> matches =
      rules.Match(facts, article.sightings, &scans);
  if (pending_.empty()) return matches;
  const size_t matched = matches.size();
  for (size_t i = 0; i < article.sightings.size(); ++i) {
    const int sighting = static_cast<int>(i);
    const auto waiting = pending_.find(SubjectOf(article, sighting));
    if (waiting == pending_.end()) continue;
    for (const auto& [name, expire_time] : waiting->second) {
      const Rule* rule = rules.Find(name);
      if (rule == nullptr) continue;
      const bool has_matched = std::any_of(
          matches.begin(), matches.begin() + static_cast<ptrdiff_t>(matched),
          [&](const RuleMatch& match) {
            return match.rule == rule && match.sighting == sighting;
          });
      if (has_matched) continue;
      if (const std::optional<RuleMatch> match = rules.MatchAgain(
              *rule, facts, article.sightings, sighting, &scans)) {
        matches.push_back(*match);
      }
    }
  }
  return matches;
}

absl::StatusOr<bool> Ringer::IsSilenced(const JudgedArticle& article,
                                        const RuleMatch& match,
                                        const std::string& subject,
                                        const Overlay& rows) const {
  if (match.once_per <= absl::ZeroDuration()) return false;
  const std::string& rule = match.rule->name;
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<RepeatMark> mark,
      rows.Read<RepeatMark>(Family::kMarks, MarkKey(rule, subject)));
  if (mark.has_value() &&
      KeepsSilent(*mark, article.record.event_time(), match.once_per)) {
    return true;
  }
  // What a near-copy's original rang for, as an article, it does not ring for.
  const uint64_t original = article.record.near_copy_of();
  if (match.sighting >= 0 || original == 0) return false;
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<RepeatMark> original_mark,
      rows.Read<RepeatMark>(Family::kMarks,
                            MarkKey(rule, ArticleSubject(original))));
  return original_mark.has_value();
}

absl::StatusOr<Ringer::Decision> Ringer::Confirm(const JudgedArticle& article,
                                                 const Rule& rule,
                                                 const std::string& subject,
                                                 Overlay& rows) {
  const std::string key = MarkKey(rule.name, subject);
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<PendingRecord> earlier,
                          rows.Read<PendingRecord>(Family::kPending, key));
  // Of each source the latest sighting that is within the window of this one.
  PendingRecord pending;
  const int64_t time = article.record.event_time();
  const int64_t window = absl::ToInt64Microseconds(rule.min_sources_within);
  const auto add = [&](const std::string& name, const std::string& source,
                       int64_t event_time) {
    pending.add_articles(name);
    pending.add_sources(source);
    pending.add_event_times(event_time);
  };
  for (int i = 0; earlier.has_value() && i < earlier->sources_size(); ++i) {
    if (earlier->sources(i) == article.record.source()) continue;
    if (window > 0 && std::abs(time - earlier->event_times(i)) > window) {
      continue;
    }
    add(earlier->articles(i), earlier->sources(i), earlier->event_times(i));
  }
  add(ArticleName(article.record.source(), article.record.id()),
      article.record.source(), time);

  Decision decision;
  decision.rings = pending.sources_size() >= rule.min_sources;
  if (decision.rings) {
    decision.confirmed_by.assign(pending.articles().begin(),
                                 pending.articles().end());
    if (earlier.has_value()) {
      rows.Delete(Family::kPending, key);
      WaitNoMore(subject, rule.name);
    }
  } else {
    const int64_t latest = *std::max_element(pending.event_times().begin(),
                                             pending.event_times().end());
    pending.set_expire_time(
        latest +
        absl::ToInt64Microseconds(rule.min_sources_within + kLateArticles));
    rows.PutRecord(Family::kPending, key, pending);
    Wait(subject, rule.name, pending.expire_time());
  }
  return decision;
}

void Ringer::Wait(const std::string& subject, const std::string& rule,
                  int64_t expire_time) {
  WaitNoMore(subject, rule);
  pending_[subject][rule] = expire_time;
  expiries_.emplace(expire_time, subject, rule);
}

void Ringer::WaitNoMore(const std::string& subject, const std::string& rule) {
  const auto waiting = pending_.find(subject);
  if (waiting == pending_.end()) return;
  const auto entry = waiting->second.find(rule);
  if (entry == waiting->second.end()) return;
  expiries_.erase({entry->second, subject, rule});
  waiting->second.erase(entry);
  if (waiting->second.empty()) pending_.erase(waiting);
}

void Ringer::Expire(absl::Time now, Overlay& rows) {
  const int64_t time = absl::ToUnixMicros(now);
  while (!expiries_.empty() && std::get<0>(*expiries_.begin()) <= time) {
    const auto [expire_time, subject, rule] = *expiries_.begin();
    rows.Delete(Family::kPending, MarkKey(rule, subject));
    WaitNoMore(subject, rule);
  }
}

}  // namespace tocsin
