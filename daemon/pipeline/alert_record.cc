#include "pipeline/alert_record.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"

#include "rules/headline.h"
#include "rules/quiet.h"
#include "storage/analysis_record.h"
#include "storage/passage.h"
#include "storage/row_writer.h"

namespace tocsin {
namespace {

EntityMentionRecord EntityOf(const JudgedArticle& article, int index) {
  EntityMentionRecord record = ToRecord(article.analysis.entities[index]);
  const KnownEntity& known = *article.keys.entities[index];
  record.set_number(known.number());
  record.set_key(known.key());  // The heir's, if it was merged.
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
    record.set_anchor_key(anchor.key());
  }
  return record;
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

std::string MentionRow(const JudgedArticle& article) {
  const std::vector<Entity>& entities = article.analysis.entities;
  std::vector<uint64_t> numbers;
  numbers.reserve(entities.size());
  for (const KnownEntity* known : article.keys.entities) {
    numbers.push_back(known->number());
  }
  std::string row;
  AppendMentionList(article.analysis, numbers, article.sightings, row);
  for (size_t i = 0; i < entities.size(); ++i) {
    const KnownEntity& known = *article.keys.entities[i];
    if (entities[i].display_name != known.display_name() ||
        entities[i].listed != known.listed() ||
        entities[i].key != known.key()) {
      AppendNamedOtherwise(i, entities[i], row);
    }
  }
  return row;
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
