#include "service/subject_view.h"

#include "storage/analysis_record.h"

namespace tocsin {

EntityView ViewOf(const EntityMentionRecord& record, const Evidence& evidence) {
  EntityView view;
  view.key = record.key();
  view.display_name = record.display_name();
  view.type = static_cast<EntityType>(record.type());
  view.listed = record.listed();
  view.evidence = evidence;
  return view;
}

AmountView ViewOf(const AmountRecord& record, const Evidence& evidence,
                  bool changed) {
  const Amount amount = FromRecord(record);
  AmountView view;
  view.kind = amount.kind;
  view.unit = record.unit();
  view.low = amount.low.value;
  view.high = amount.high.value;
  view.approximate = amount.approximate;
  view.bound = amount.bound;
  view.vague = amount.vague;
  view.changed = changed;
  view.evidence = evidence;
  return view;
}

EntityView ViewOf(const StoredEntity& entity) {
  EntityView view;
  view.key = entity.record.key();
  view.display_name = entity.record.display_name();
  view.type = entity.type();
  view.listed = entity.record.listed();
  view.evidence.first_seen = FromMicros(entity.counters.first_seen_at());
  view.evidence.last_seen = FromMicros(entity.counters.last_seen_at());
  view.evidence.article_count = entity.counters.article_count();
  view.evidence.source_count = entity.record.sources_size();
  return view;
}

Subject SubjectOf(const ArticleRecord& article) {
  Subject subject;
  subject.source = article.source();
  subject.id = article.id();
  subject.uri = article.uri();
  subject.language = article.language();
  subject.headline = article.headline();
  subject.byline = article.byline();
  subject.article_urgency = article.urgency();
  subject.revision = article.revision();
  subject.event_time = absl::FromUnixMicros(article.event_time());
  return subject;
}

Subject SubjectOf(const StoredEntity& entity) {
  Subject subject;
  subject.entity = ViewOf(entity);
  return subject;
}

Subject SubjectOf(const StoredMention& mention) {
  Subject subject = SubjectOf(mention.article);
  if (mention.mention.has_entity()) {
    subject.entity = ViewOf(mention.mention.entity(), Evidence());
  } else if (mention.mention.has_amount()) {
    subject.amount = ViewOf(mention.mention.amount(), Evidence(), false);
  }
  return subject;
}

}  // namespace tocsin
