#include "filter/evaluator.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "filter/article_words.h"
#include "filter/field_values.h"
#include "filter/phrase.h"
#include "text/fold.h"

namespace tocsin {
namespace {

using Test = Condition::Test;

bool Compare(Test test, double value, double with) {
  switch (test) {
    case Test::kLess:
      return value < with;
    case Test::kLessEqual:
      return value <= with;
    case Test::kGreater:
      return value > with;
    case Test::kGreaterEqual:
      return value >= with;
    default:
      return value == with;
  }
}

// Whether some value from low to high compares so.
bool CompareInterval(Test test, const AmountView& amount, double with) {
  switch (test) {
    case Test::kLess:
    case Test::kLessEqual:
      return Compare(test, amount.low, with);
    case Test::kGreater:
    case Test::kGreaterEqual:
      return Compare(test, amount.high, with);
    default:
      return amount.low <= with && with <= amount.high;
  }
}

bool HoldsNumber(const ConditionView& condition, const Subject& subject) {
  if (condition.field == FieldId::kAmountValue) {
    return subject.amount.has_value() &&
           CompareInterval(condition.test, *subject.amount, condition.number);
  }
  const std::optional<double> value = NumberOf(condition.field, subject);
  return value.has_value() && Compare(condition.test, *value, condition.number);
}

bool HoldsEqual(const ConditionView& condition, const Subject& subject) {
  if (condition.field == FieldId::kLabels)
    return LabelOf(condition.key, subject) == condition.text;
  const auto text = TextOf(condition.field, subject);
  if (!text.has_value()) return false;
  switch (InfoOf(condition.field).type) {
    case FieldType::kFolded:
      return FoldText(*text) == condition.text;
    case FieldType::kUnit:
      return absl::EqualsIgnoreCase(*text, condition.text);
    case FieldType::kLanguage:
      return LanguageMatches(*text, condition.text);
    default:
      return *text == condition.text;
  }
}

bool HoldsGlob(const ConditionView& condition, const Subject& subject) {
  if (condition.field == FieldId::kLabels) {
    const auto value = LabelOf(condition.key, subject);
    return value.has_value() && MatchesGlob(*value, condition.text);
  }
  const auto text = TextOf(condition.field, subject);
  if (!text.has_value()) return false;
  if (InfoOf(condition.field).type == FieldType::kFolded)
    return MatchesGlob(FoldText(*text), condition.text);
  return MatchesGlob(*text, condition.text);
}

bool HoldsPhrase(const ConditionView& condition, const Subject& subject) {
  if (condition.field == FieldId::kText) {
    if (subject.words != nullptr)
      return subject.words->ContainsPhrase(condition.words);
    return subject.analysis != nullptr &&
           ContainsPhrase(subject.analysis->words, condition.words);
  }
  const auto text = TextOf(condition.field, subject);
  return text.has_value() &&
         ContainsPhrase(FoldedWords(*text), condition.words);
}

bool HoldsNear(const ConditionView& condition, const Subject& subject) {
  const int distance = static_cast<int>(condition.number);
  if (subject.words != nullptr) {
    return subject.words->ContainsNear(condition.words, condition.other,
                                       distance);
  }
  return subject.analysis != nullptr &&
         ArticleWords(subject.analysis->words)
             .ContainsNear(condition.words, condition.other, distance);
}

bool HasKey(absl::string_view key, const Subject& subject) {
  return subject.analysis != nullptr &&
         std::any_of(subject.analysis->entities.begin(),
                     subject.analysis->entities.end(),
                     [&](const Entity& entity) { return entity.key == key; });
}

// Never seen before, or seen last longer ago than the window.
bool IsNew(const Evidence& evidence, int64_t window, absl::Time event_time) {
  if (!evidence.known()) return true;
  return window > 0 && evidence.last_seen.has_value() &&
         event_time - *evidence.last_seen > absl::Microseconds(window);
}

bool HoldsNew(const ConditionView& condition, const Subject& subject) {
  if (condition.field == FieldId::kEntity) {
    return subject.entity.has_value() &&
           IsNew(subject.entity->evidence, condition.window,
                 subject.event_time);
  }
  return subject.amount.has_value() &&
         (condition.with_vague || !subject.amount->vague) &&
         IsNew(subject.amount->evidence, condition.window, subject.event_time);
}

// nullopt without an entity; 0 without scans.
std::optional<double> ScanOf(const ConditionView& condition,
                             const Subject& subject) {
  if (!subject.entity.has_value()) return std::nullopt;
  if (subject.scans == nullptr) return 0;
  const auto& scan = condition.test == Test::kSources ? subject.scans->sources
                                                      : subject.scans->mentions;
  if (!scan) return 0;
  return static_cast<double>(scan(subject.entity->key, subject.event_time,
                                  absl::Microseconds(condition.window)));
}

// `wanted`: which truth of the node helps the filter to match.
bool HoldsButForNew(const FilterProgram& program, const ConditionNode& node,
                    bool wanted, const Subject& subject) {
  const auto child_holds = [&](const ConditionNode& child) {
    return HoldsButForNew(program, child, wanted, subject);
  };
  switch (node.kind) {
    case ConditionNode::Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(),
                         child_holds);
    case ConditionNode::Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(),
                         child_holds);
    case ConditionNode::Kind::kNot:
      return !HoldsButForNew(program, node.children[0], !wanted, subject);
    case ConditionNode::Kind::kLeaf:
      break;
  }
  const Condition& condition = program.conditions[node.condition];
  return condition.test == Test::kNew ? wanted : Holds(condition, subject);
}

std::string EvidenceShown(const Evidence& evidence) {
  if (!evidence.known()) return "never seen before";
  std::string shown = absl::StrCat(
      "seen in ", evidence.article_count,
      evidence.article_count == 1 ? " article before" : " articles before");
  if (evidence.last_seen.has_value()) {
    absl::StrAppend(&shown, ", last ",
                    absl::FormatTime(absl::RFC3339_sec, *evidence.last_seen,
                                     absl::UTCTimeZone()));
  }
  return shown;
}

std::string NumberShown(FieldId field, double number) {
  const FieldInfo& info = InfoOf(field);
  if (info.type == FieldType::kBool) return number != 0 ? "true" : "false";
  if (info.type == FieldType::kTime) {
    return absl::FormatTime(absl::RFC3339_sec,
                            absl::FromUnixMicros(static_cast<int64_t>(number)),
                            absl::UTCTimeZone());
  }
  for (const EnumValue& value : info.values) {
    if (value.number == static_cast<int>(number))
      return std::string(value.name);
  }
  return absl::StrCat(number);
}

}  // namespace

bool Holds(const ConditionView& condition, const Subject& subject) {
  switch (condition.test) {
    case Test::kPresent:
      if (condition.field == FieldId::kLabels && !condition.key.empty())
        return LabelOf(condition.key, subject).has_value();
      return IsPresent(condition.field, subject);
    case Test::kEqual:
      return HoldsEqual(condition, subject);
    case Test::kGlob:
      return HoldsGlob(condition, subject);
    case Test::kContains: {
      const auto text = TextOf(condition.field, subject);
      return text.has_value() && ContainsIgnoringCase(*text, condition.text);
    }
    case Test::kPhrase:
      return HoldsPhrase(condition, subject);
    case Test::kNear:
      return HoldsNear(condition, subject);
    case Test::kHasKey:
      return HasKey(condition.text, subject);
    case Test::kIs:
    case Test::kLess:
    case Test::kLessEqual:
    case Test::kGreater:
    case Test::kGreaterEqual:
    case Test::kNumberEqual:
      return HoldsNumber(condition, subject);
    case Test::kNew:
      return HoldsNew(condition, subject);
    case Test::kChanged:
      return subject.amount.has_value() && subject.amount->changed;
    case Test::kSources:
    case Test::kMentions: {
      const std::optional<double> count = ScanOf(condition, subject);
      return count.has_value() &&
             Compare(condition.compare, *count, condition.number);
    }
  }
  return false;
}

bool HoldsButForNew(const FilterProgram& program, const Subject& subject) {
  return HoldsButForNew(program, program.root, /*wanted=*/true, subject);
}

NoveltyKind NoveltyOf(FilterAbout about, absl::Span<const int64_t> windows,
                      bool names_changed, const Subject& subject) {
  const Evidence* evidence = nullptr;
  if (about == FilterAbout::kEntity && subject.entity.has_value())
    evidence = &subject.entity->evidence;
  if (about == FilterAbout::kAmount && subject.amount.has_value())
    evidence = &subject.amount->evidence;
  if (evidence == nullptr) return NoveltyKind::kUnspecified;
  if (!evidence->known()) return NoveltyKind::kFirstEver;
  for (const int64_t window : windows) {
    if (IsNew(*evidence, window, subject.event_time))
      return NoveltyKind::kResurfaced;
  }
  if (names_changed && subject.amount.has_value() && subject.amount->changed)
    return NoveltyKind::kChanged;
  return NoveltyKind::kKnown;
}

std::string ValueShown(const ConditionView& condition, const Subject& subject) {
  const FieldId field = condition.field;
  switch (condition.test) {
    case Test::kNew:
      if (field == FieldId::kEntity) {
        return subject.entity.has_value()
                   ? EvidenceShown(subject.entity->evidence)
                   : "no entity";
      }
      if (!subject.amount.has_value()) return "no amount";
      return absl::StrCat(subject.amount->vague ? "vague, " : "",
                          EvidenceShown(subject.amount->evidence));
    case Test::kChanged:
      if (!subject.amount.has_value()) return "no amount";
      return subject.amount->changed ? "changed" : "no other amount before";
    case Test::kSources:
    case Test::kMentions: {
      const std::optional<double> count = ScanOf(condition, subject);
      return count.has_value() ? absl::StrCat(*count) : "no entity";
    }
    case Test::kNear:
    case Test::kPhrase:
      if (field == FieldId::kText || field == FieldId::kNone)
        return Holds(condition, subject) ? "in the text" : "not in the text";
      break;
    case Test::kHasKey: {
      if (subject.analysis == nullptr) return "no entities";
      return absl::StrJoin(subject.analysis->entities, ", ",
                           [](std::string* out, const Entity& entity) {
                             absl::StrAppend(out, entity.key);
                           });
    }
    default:
      break;
  }
  if (field == FieldId::kLabels)
    return std::string(LabelOf(condition.key, subject).value_or("absent"));
  if (field == FieldId::kAmountValue && subject.amount.has_value()) {
    if (subject.amount->low == subject.amount->high)
      return absl::StrCat(subject.amount->low);
    return absl::StrCat(subject.amount->low, " to ", subject.amount->high);
  }
  if (const auto text = TextOf(field, subject))
    return absl::StrCat("\"", *text, "\"");
  if (const auto number = NumberOf(field, subject))
    return NumberShown(field, *number);
  return IsPresent(field, subject) ? "present" : "absent";
}

}  // namespace tocsin
