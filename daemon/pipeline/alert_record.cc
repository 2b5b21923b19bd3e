#include "pipeline/alert_record.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"

#include "rules/headline.h"
#include "rules/quiet.h"
#include "storage/analysis_record.h"
#include "storage/passage.h"

namespace tocsin {
namespace {

EntityMentionRecord EntityOf(const JudgedArticle& article, int index) {
  EntityMentionRecord record = ToRecord(article.analysis.entities[index]);
  const KnownEntity& known = *article.keys.entities[index];
  record.set_number(known.number());
  record.set_key(known.record.key());  // The heir's, if it was merged.
  return record;
}

AmountRecord AmountOf(const JudgedArticle& article, int index) {
  const Amount& amount = article.analysis.amounts[index];
  AmountRecord record = ToRecord(amount);
  record.clear_anchor();
  record.clear_linked();
  if (amount.anchor >= 0) {
    const KnownEntity& anchor = *article.keys.entities[amount.anchor];
    record.set_anchor_number(anchor.number());
    record.set_anchor_key(anchor.record.key());
  }
  return record;
}

// Novelty of what was sighted by itself, whatever a rule asks.
NoveltyKind NoveltyOf(const Sighting& sighting) {
  if (!sighting.evidence.known()) return NoveltyKind::kFirstEver;
  return sighting.previous.has_value() ? NoveltyKind::kChanged
                                       : NoveltyKind::kKnown;
}

void AddMention(const JudgedArticle& article, const Mention& mention,
                AlertRecord& alert) {
  MentionRecord& record = *alert.mutable_mention();
  record.set_field(static_cast<uint32_t>(mention.span.field));
  record.set_begin(mention.span.begin);
  record.set_end(mention.span.end);
  record.set_surface(mention.surface);
  if (mention.entity >= 0) {
    *record.mutable_entity() = EntityOf(article, mention.entity);
  } else {
    *record.mutable_amount() = AmountOf(article, mention.amount);
    const int anchor = article.analysis.amounts[mention.amount].anchor;
    if (anchor >= 0) *alert.mutable_anchor() = EntityOf(article, anchor);
  }
  Passage passage =
      CutPassage(mention.span.field == Field::kHeadline
                     ? absl::string_view(article.record.headline())
                     : article.body,
                 mention.sentence_begin, mention.sentence_end,
                 mention.span.begin, mention.span.end);
  alert.set_passage(std::move(passage.text));
  alert.set_passage_begin(passage.begin);
  alert.set_passage_end(passage.end);
}

}  // namespace

AlertRecord MakeAlert(const JudgedArticle& article, const RuleMatch& match,
                      absl::Time now) {
  const ArticleRecord& record = article.record;
  const Rule& rule = *match.rule;
  AlertRecord alert;
  alert.set_rule(rule.name);
  alert.set_rule_revision(rule.revision);
  alert.set_urgency(rule.urgency);
  alert.mutable_labels()->insert(rule.labels.begin(), rule.labels.end());
  alert.set_novelty(static_cast<int>(match.novelty));

  alert.set_commit(article.commit);
  alert.set_article_source(record.source());
  alert.set_article_id(record.id());
  alert.set_article_revision(record.revision());
  alert.set_language(record.language());
  alert.set_headline(record.headline());
  alert.set_uri(record.uri());
  alert.set_event_time(record.event_time());
  alert.set_create_time(ToMicros(now));
  alert.set_quiet_until(ToMicros(QuietUntil(rule, now)));

  const Sighting* sighting = nullptr;
  if (match.sighting >= 0) {
    sighting = &article.sightings[match.sighting];
    AddMention(article, article.analysis.mentions[sighting->mention], alert);
    *alert.mutable_evidence() = ToRecord(*sighting);
  }
  if (!rule.headline_template.empty()) {
    alert.set_alert_headline(
        RenderHeadline(rule, FactsOf(record, article.analysis), sighting));
  }
  return alert;
}

SightingRecord ToRecord(const Sighting& sighting) {
  SightingRecord record;
  record.set_mention(static_cast<uint32_t>(sighting.mention));
  record.set_novelty(static_cast<int>(NoveltyOf(sighting)));
  record.set_first_seen_at(ToMicros(sighting.evidence.first_seen));
  record.set_last_seen_at(ToMicros(sighting.evidence.last_seen));
  record.set_article_count(sighting.evidence.article_count);
  record.set_source_count(sighting.evidence.source_count);
  if (sighting.previous.has_value()) {
    AmountRecord& previous = *record.mutable_previous();
    previous = ToRecord(*sighting.previous);
    previous.clear_anchor();
    previous.clear_linked();
  }
  record.set_anchor_article_count(sighting.anchor.article_count);
  record.set_anchor_first_seen_at(ToMicros(sighting.anchor.first_seen));
  record.set_anchor_last_seen_at(ToMicros(sighting.anchor.last_seen));
  record.set_anchor_source_count(sighting.anchor.source_count);
  return record;
}

Sighting FromRecord(const SightingRecord& record) {
  Sighting sighting;
  sighting.mention = static_cast<int>(record.mention());
  sighting.evidence = {FromMicros(record.first_seen_at()),
                       FromMicros(record.last_seen_at()),
                       record.article_count(), record.source_count()};
  sighting.anchor = {FromMicros(record.anchor_first_seen_at()),
                     FromMicros(record.anchor_last_seen_at()),
                     record.anchor_article_count(),
                     record.anchor_source_count()};
  if (record.has_previous()) sighting.previous = FromRecord(record.previous());
  return sighting;
}

MentionList ToMentionList(const JudgedArticle& article) {
  MentionList list;
  const Analysis& analysis = article.analysis;
  for (size_t i = 0; i < analysis.entities.size(); ++i) {
    const Entity& entity = analysis.entities[i];
    const EntityRecord& known = article.keys.entities[i]->record;
    list.add_entities(known.number());
    list.add_types(static_cast<uint32_t>(entity.type));
    if (entity.display_name != known.display_name() ||
        entity.listed != known.listed() || entity.key != known.key()) {
      NamedOtherwise& named = *list.add_names();
      named.set_entity(static_cast<uint32_t>(i));
      named.set_key(entity.key);
      named.set_display_name(entity.display_name);
      named.set_listed(entity.listed);
    }
  }
  for (const Amount& amount : analysis.amounts) {
    *list.add_amounts() = ToRecord(amount);
  }
  for (const Mention& mention : analysis.mentions) {
    AppendMention(mention, *list.mutable_mentions());
  }
  for (const Sighting& sighting : article.sightings) {
    *list.add_sightings() = ToRecord(sighting);
  }
  return list;
}

uint64_t OrderKeyOf(const AlertRecord& alert) {
  const absl::string_view zero("\0", 1);
  std::string key = absl::StrCat(alert.rule(), zero);
  if (alert.mention().has_amount()) {
    const AmountRecord& amount = alert.mention().amount();
    absl::StrAppend(&key, "a", amount.anchor_number(), zero, amount.kind(),
                    zero, amount.unit(), zero, amount.low(), zero,
                    amount.high());
  } else if (alert.mention().has_entity()) {
    absl::StrAppend(&key, "e", alert.mention().entity().number());
  } else {
    absl::StrAppend(&key, "t", alert.article_source(), zero,
                    alert.article_id());
  }
  return XXH3_64bits(key.data(), key.size());
}

}  // namespace tocsin
