#include "pipeline/stored_judgement.h"

#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "pipeline/alert_record.h"
#include "storage/amount_key.h"
#include "storage/analysis_record.h"
#include "storage/read_records.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

// Some 100 bytes each.
constexpr size_t kMaxEntities = 500'000;

}  // namespace

absl::StatusOr<KnownEntity*> JudgementReader::EntityAt(uint64_t number) {
  auto& kept = entities_[number];
  if (kept != nullptr) return kept.get();
  TOCSIN_ASSIGN_OR_RETURN(std::optional<EntityRecord> record,
                          ReadRecord<EntityRecord>(snapshot_, Family::kEntities,
                                                   NumberKey(number)));
  if (!record.has_value()) {
    return DamagedRow(Family::kEntities, NumberKey(number));
  }
  // Its sources and forms are of no use here, and many.
  record->clear_sources();
  record->clear_forms();
  kept = KnownEntity::FromRecord(*record);
  return kept.get();
}

absl::StatusOr<StoredJudgement> JudgementReader::Judgement(
    const ArchivedArticle& article) {
  if (entities_.size() > kMaxEntities) entities_.clear();
  StoredJudgement judgement;
  judgement.record = &article.record;
  const MentionList& list = article.mentions;
  TOCSIN_ASSIGN_OR_RETURN(judgement.analysis, AnalysisWithoutText(list));
  Analysis& analysis = judgement.analysis;
  analysis.language = article.record.language();

  for (int i = 0; i < list.entities_size(); ++i) {
    TOCSIN_ASSIGN_OR_RETURN(KnownEntity * known, EntityAt(list.entities(i)));
    judgement.keys.entities.push_back(known);
    judgement.keys.first_of.push_back(i);
    Entity& entity = analysis.entities[static_cast<size_t>(i)];
    entity.key = known->key();
    entity.display_name = known->display_name();
    entity.listed = known->listed();
  }
  for (const NamedOtherwise& named : list.names()) {
    if (named.entity() >= analysis.entities.size()) {
      return DamagedRow(Family::kMentions, NumberKey(article.record.commit()));
    }
    Entity& entity = analysis.entities[named.entity()];
    entity.key = named.key();
    entity.display_name = named.display_name();
    entity.listed = named.listed();
  }
  for (const Amount& amount : analysis.amounts) {
    ResolvedAmount& resolved = judgement.keys.amounts.emplace_back();
    resolved.key = AmountKey(amount);
    resolved.anchor = amount.anchor;
  }
  judgement.sightings.reserve(static_cast<size_t>(list.sightings_size()));
  for (const SightingRecord& stored : list.sightings()) {
    if (stored.mention() >= analysis.mentions.size()) {
      return DamagedRow(Family::kMentions, NumberKey(article.record.commit()));
    }
    judgement.sightings.push_back(FromRecord(stored));
  }
  return judgement;
}

absl::Status JudgementReader::ReadText(StoredJudgement& judgement,
                                       bool with_words) const {
  const ArticleRecord& record = *judgement.record;
  TOCSIN_ASSIGN_OR_RETURN(judgement.body, ReadBody(snapshot_, record.commit()));
  TOCSIN_RETURN_IF_ERROR(
      FillSurfaces(record.headline(), judgement.body, judgement.analysis));
  if (with_words) {
    Article article;
    article.headline = record.headline();
    article.body = judgement.body;
    article.language = record.language();
    judgement.analysis.words = analyzer_->Words(article);
  }
  return absl::OkStatus();
}

}  // namespace tocsin
