#include "filter/field_values.h"

#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace tocsin {
namespace {

std::optional<double> TimeOf(const std::optional<absl::Time>& time) {
  if (!time.has_value()) return std::nullopt;
  return static_cast<double>(absl::ToUnixMicros(*time));
}

std::optional<double> Number(double number) { return number; }
std::optional<double> IfSet(int number) {
  if (number == 0) return std::nullopt;
  return number;
}

std::optional<double> EntityNumber(FieldId field, const EntityView& entity) {
  switch (field) {
    case FieldId::kEntityType:
      return IfSet(static_cast<int>(entity.type));
    case FieldId::kEntityListed:
      return Number(entity.listed ? 1 : 0);
    case FieldId::kEntityArticleCount:
      return Number(static_cast<double>(entity.evidence.article_count));
    case FieldId::kEntitySourceCount:
      return Number(entity.evidence.source_count);
    case FieldId::kEntityFirstSeen:
      return TimeOf(entity.evidence.first_seen);
    case FieldId::kEntityLastSeen:
      return TimeOf(entity.evidence.last_seen);
    default:
      return std::nullopt;
  }
}

std::optional<double> AmountNumber(FieldId field, const AmountView& amount) {
  switch (field) {
    case FieldId::kAmountKind:
      return IfSet(static_cast<int>(amount.kind));
    case FieldId::kAmountLow:
      return Number(amount.low);
    case FieldId::kAmountHigh:
      return Number(amount.high);
    case FieldId::kAmountApproximate:
      return Number(amount.approximate ? 1 : 0);
    case FieldId::kAmountBound:
      return IfSet(static_cast<int>(amount.bound));
    case FieldId::kAmountVague:
      return Number(amount.vague ? 1 : 0);
    case FieldId::kAmountArticleCount:
      return Number(static_cast<double>(amount.evidence.article_count));
    case FieldId::kAmountSourceCount:
      return Number(amount.evidence.source_count);
    case FieldId::kAmountFirstSeen:
      return TimeOf(amount.evidence.first_seen);
    case FieldId::kAmountLastSeen:
      return TimeOf(amount.evidence.last_seen);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<absl::string_view> TextOf(FieldId field, const Subject& subject) {
  const auto if_any =
      [](absl::string_view text) -> std::optional<absl::string_view> {
    if (text.empty()) return std::nullopt;
    return text;
  };
  switch (field) {
    case FieldId::kSource:
      return if_any(subject.source);
    case FieldId::kId:
      return if_any(subject.id);
    case FieldId::kUri:
      return if_any(subject.uri);
    case FieldId::kLanguage:
      return if_any(subject.language);
    case FieldId::kHeadline:
      return if_any(subject.headline);
    case FieldId::kByline:
      return if_any(subject.byline);
    case FieldId::kRule:
      return if_any(absl::StripPrefix(subject.rule, "rules/"));
    case FieldId::kEntityName:
      if (subject.entity.has_value()) return if_any(subject.entity->key);
      return std::nullopt;
    case FieldId::kEntityDisplayName:
      if (subject.entity.has_value())
        return if_any(subject.entity->display_name);
      return std::nullopt;
    case FieldId::kAmountUnit:
      if (subject.amount.has_value()) return if_any(subject.amount->unit);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<double> NumberOf(FieldId field, const Subject& subject) {
  if (IsEntityField(field)) {
    return subject.entity.has_value() ? EntityNumber(field, *subject.entity)
                                      : std::nullopt;
  }
  if (IsAmountField(field)) {
    return subject.amount.has_value() ? AmountNumber(field, *subject.amount)
                                      : std::nullopt;
  }
  switch (field) {
    case FieldId::kArticleUrgency:
      return IfSet(subject.article_urgency);
    case FieldId::kUrgency:
      return IfSet(subject.urgency);
    case FieldId::kRevision:
      return IfSet(subject.revision);
    case FieldId::kEventTime:
      return TimeOf(subject.event_time);
    case FieldId::kNovelty:
      return IfSet(static_cast<int>(subject.novelty));
    default:
      return std::nullopt;
  }
}

bool IsPresent(FieldId field, const Subject& subject) {
  switch (InfoOf(field).type) {
    case FieldType::kMessage:
      return field == FieldId::kEntity ? subject.entity.has_value()
                                       : subject.amount.has_value();
    case FieldType::kInterval:
      return subject.amount.has_value();
    case FieldType::kWords:
      return subject.analysis != nullptr && !subject.analysis->words.empty();
    case FieldType::kKeys:
      return subject.analysis != nullptr && !subject.analysis->entities.empty();
    case FieldType::kMap:
      return !subject.labels.empty();
    default:
      return TextOf(field, subject).has_value() ||
             NumberOf(field, subject).has_value();
  }
}

std::optional<absl::string_view> LabelOf(absl::string_view key,
                                         const Subject& subject) {
  for (const auto& [name, value] : subject.labels) {
    if (name == key) return value;
  }
  return std::nullopt;
}

}  // namespace tocsin
