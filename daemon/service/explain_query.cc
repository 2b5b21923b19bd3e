#include "service/explain_query.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "pipeline/alert_record.h"
#include "service/convert_alert.h"
#include "service/convert_mention.h"
#include "service/convert_rule.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"
#include "storage/resource_name.h"

namespace tocsin {
namespace {

constexpr size_t kMaxExplainedRules = 50;

v1::ExplainedSubject ToProto(const ExplainedSubject& subject,
                             const StoredJudgement& judgement) {
  v1::ExplainedSubject proto;
  proto.set_outcome(
      static_cast<v1::ExplainedSubject::Outcome>(subject.outcome));
  proto.set_sequence(subject.sequence);
  for (const std::string& name : subject.waiting_articles) {
    proto.add_waiting_articles(name);
  }
  *proto.mutable_filter() = ToProto(subject.explanation.filter);
  if (subject.sighting < 0) return proto;
  const Analysis& analysis = judgement.analysis;
  const Sighting& sighting =
      judgement.sightings[static_cast<size_t>(subject.sighting)];
  const Mention& mention =
      analysis.mentions[static_cast<size_t>(sighting.mention)];
  *proto.mutable_mention() = MentionToProto(analysis, mention);
  if (mention.amount >= 0) {
    const int anchor =
        analysis.amounts[static_cast<size_t>(mention.amount)].anchor;
    if (anchor >= 0) {
      *proto.mutable_anchor() =
          EntityToProto(analysis.entities[static_cast<size_t>(anchor)]);
    }
  }
  *proto.mutable_novelty() =
      NoveltyToProto(static_cast<int>(subject.explanation.novelty),
                     tocsin::ToRecord(sighting));
  return proto;
}

}  // namespace

v1::ExplainedCondition ToProto(const ExplainedPart& part) {
  v1::ExplainedCondition proto;
  proto.set_kind(static_cast<v1::ExplainedCondition::Kind>(part.kind));
  proto.set_holds(part.holds);
  proto.set_text(part.text);
  proto.set_actual(part.actual);
  for (const ExplainedPart& child : part.parts) {
    *proto.add_conditions() = ToProto(child);
  }
  return proto;
}

absl::StatusOr<v1::ExplainArticleResponse> ExplainArticle(
    const Snapshot& snapshot, std::shared_ptr<const Analyzer> analyzer,
    const RuleSet& rules, const v1::ExplainArticleRequest& request) {
  const std::optional<ArticleIdentity> name = ParseArticleName(request.name());
  if (!name.has_value()) {
    return FieldError("name",
                      absl::StrCat("'", request.name(), "' is not of the form ",
                                   "sources/{source}/articles/{article}"));
  }
  std::string rule;
  if (!request.rule().empty()) {
    TOCSIN_ASSIGN_OR_RETURN(rule, RuleIdOf("rule", request.rule()));
  }
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<StoredArticle> article,
      snapshot.GetArticle(name->source, name->id, request.revision()));
  if (!article.has_value()) {
    return absl::NotFoundError(
        absl::StrCat(request.name(),
                     request.revision() == 0
                         ? ""
                         : absl::StrCat(" revision ", request.revision()),
                     " is not stored"));
  }
  TOCSIN_ASSIGN_OR_RETURN(
      const std::unique_ptr<ExplainedArticle> explained,
      ExplainArticle(snapshot, std::move(analyzer), rules,
                     article->record.commit(), rule, kMaxExplainedRules));

  const ArticleRecord& record = explained->article.record;
  const StoredJudgement& judgement = explained->judgement;
  v1::ExplainArticleResponse response;
  response.set_article(ArticleName(record.source(), record.id()));
  response.set_revision(record.revision());
  response.set_language(record.language());
  response.set_headline(record.headline());
  SetTimeMicros(record.event_time(), response.mutable_event_time());
  SetTime(judgement.admitted_at(), response.mutable_admit_time());
  response.set_suppress_alerts(record.suppress_alerts());
  if (record.near_copy_of() != 0) {
    TOCSIN_ASSIGN_OR_RETURN(
        const std::optional<StoredArticle> original,
        snapshot.GetRevision(record.near_copy_of(), /*with_body=*/false));
    if (original.has_value()) {
      response.set_near_copy_of(
          ArticleName(original->record.source(), original->record.id()));
    }
  }
  for (const ExplainedRule& one : explained->rules) {
    v1::ExplainedRule& proto = *response.add_rules();
    *proto.mutable_rule() = tocsin::ToProto(*one.rule);
    for (const ExplainedSubject& subject : one.subjects) {
      *proto.add_subjects() = ToProto(subject, judgement);
    }
  }
  response.set_other_rule_count(static_cast<int32_t>(explained->other_rules));
  for (const int mention : explained->covered) {
    *response.add_covered() = MentionToProto(
        judgement.analysis,
        judgement.analysis.mentions[static_cast<size_t>(mention)]);
  }
  return response;
}

}  // namespace tocsin
