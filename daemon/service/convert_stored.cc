#include "service/convert_stored.h"

#include <utility>

#include "base/status_macros.h"
#include "service/convert_mention.h"
#include "service/convert_time.h"
#include "storage/resource_name.h"

namespace tocsin {
namespace {

// The name of the article of one commit. Empty if retention took it.
absl::StatusOr<std::string> NameOfCommit(const Snapshot& snapshot,
                                         uint64_t commit) {
  TOCSIN_ASSIGN_OR_RETURN(const auto article,
                          snapshot.GetRevision(commit, /*with_body=*/false));
  if (!article.has_value()) return std::string();
  return ArticleName(article->record.source(), article->record.id());
}

}  // namespace

v1::Article ArticleToProto(StoredArticle article) {
  ArticleRecord& record = article.record;
  v1::Article proto;
  proto.set_name(ArticleName(record.source(), record.id()));
  proto.set_id(std::move(*record.mutable_id()));
  proto.set_source(std::move(*record.mutable_source()));
  proto.set_uri(std::move(*record.mutable_uri()));
  proto.set_language(std::move(*record.mutable_language()));
  if (record.published_at() != 0) {
    SetTimeMicros(record.published_at(), proto.mutable_published_at());
  }
  if (record.updated_at() != 0) {
    SetTimeMicros(record.updated_at(), proto.mutable_updated_at());
  }
  if (record.embargo_until() != 0) {
    SetTimeMicros(record.embargo_until(), proto.mutable_embargo_until());
  }
  proto.set_urgency(record.urgency());
  proto.set_byline(std::move(*record.mutable_byline()));
  proto.set_headline(std::move(*record.mutable_headline()));
  proto.set_body(std::move(article.body));
  proto.set_revision(record.revision());
  SetTimeMicros(record.received_at(), proto.mutable_received_at());
  proto.set_revision_count(article.revision_count);
  return proto;
}

v1::StoredMention MentionToProto(const StoredMention& mention) {
  v1::StoredMention proto;
  *proto.mutable_mention() = MentionToProto(mention.mention);
  proto.set_article(
      ArticleName(mention.article.source(), mention.article.id()));
  proto.set_revision(mention.article.revision());
  proto.set_language(mention.article.language());
  SetTimeMicros(mention.article.event_time(), proto.mutable_event_time());
  proto.mutable_passage()->set_text(mention.passage.text);
  proto.mutable_passage()->set_begin(mention.passage.begin);
  proto.mutable_passage()->set_end(mention.passage.end);
  return proto;
}

absl::StatusOr<v1::Entity> EntityToProto(const Snapshot& snapshot,
                                         const StoredEntity& entity) {
  v1::Entity proto;
  proto.set_name(EntityResourceName(entity.record.key()));
  proto.set_display_name(entity.record.display_name());
  proto.set_type(static_cast<v1::Entity::Type>(entity.type()));
  proto.set_listed(entity.record.listed());
  v1::EntityHistory& history = *proto.mutable_history();
  if (entity.counters.first_seen_at() != 0) {
    SetTimeMicros(entity.counters.first_seen_at(),
                  history.mutable_first_seen_at());
    SetTimeMicros(entity.counters.last_seen_at(),
                  history.mutable_last_seen_at());
  }
  TOCSIN_ASSIGN_OR_RETURN(*history.mutable_first_article(),
                          NameOfCommit(snapshot, entity.record.first_commit()));
  history.set_article_count(entity.counters.article_count());
  *history.mutable_sources() = entity.record.sources();
  for (int i = 0; i < entity.record.forms_size(); ++i) {
    v1::SurfaceForm& form = *history.add_forms();
    form.set_language(entity.record.forms(i).language());
    form.set_text(entity.record.forms(i).text());
    if (i < entity.counters.form_counts_size()) {
      form.set_count(entity.counters.form_counts(i));
    }
  }
  return proto;
}

absl::Status AddAmounts(const Snapshot& snapshot, const StoredEntity& entity,
                        size_t limit, v1::EntityHistory& history) {
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<StoredAmount> amounts,
                          snapshot.AmountsOf(entity.record.number(), limit));
  for (const StoredAmount& stored : amounts) {
    v1::AmountHistory& proto = *history.add_amounts();
    *proto.mutable_amount() = AmountToProto(stored.amount);
    SetTimeMicros(stored.first_seen_at, proto.mutable_first_seen_at());
    SetTimeMicros(stored.last_seen_at, proto.mutable_last_seen_at());
    proto.set_article_count(stored.article_count);
    TOCSIN_ASSIGN_OR_RETURN(*proto.mutable_first_article(),
                            NameOfCommit(snapshot, stored.first_commit));
  }
  return absl::OkStatus();
}

}  // namespace tocsin
