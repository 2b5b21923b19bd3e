// The fields that filters may name, each place of use with its own.
#ifndef TOCSIN_FILTER_FIELD_TABLE_H_
#define TOCSIN_FILTER_FIELD_TABLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "filter/filter.h"

namespace tocsin {

enum class FieldId : uint8_t {
  kNone,  // A function's condition.
  kSource,
  kId,
  kUri,
  kLanguage,
  kArticleUrgency,
  kHeadline,
  kByline,
  kText,
  kEventTime,
  kRevision,
  kEntities,
  kEntity,
  kEntityName,
  kEntityDisplayName,
  kEntityType,
  kEntityListed,
  kEntityArticleCount,
  kEntitySourceCount,
  kEntityFirstSeen,
  kEntityLastSeen,
  kAmount,
  kAmountKind,
  kAmountUnit,
  kAmountLow,
  kAmountHigh,
  kAmountValue,
  kAmountApproximate,
  kAmountBound,
  kAmountVague,
  kAmountArticleCount,
  kAmountSourceCount,
  kAmountFirstSeen,
  kAmountLastSeen,
  kRule,
  kUrgency,
  kNovelty,
  kLabels,
};
inline constexpr int kFieldCount = static_cast<int>(FieldId::kLabels) + 1;

enum class FieldType : uint8_t {
  kExact,     // `=` compares bytes; `:` looks for a part, in any ASCII case.
  kFolded,    // `=` compares folded text; `:` looks for whole words.
  kWords,     // `:` only: whole words.
  kLanguage,  // `=` and `:`: the tag, or a more special one.
  kUnit,      // `=` in any ASCII case.
  kKey,       // An entity, with or without `entities/`.
  kKeys,      // `:` only.
  kRuleName,  // With or without `rules/`.
  kEnum,
  kBool,
  kInt,
  kNumber,
  kInterval,  // amount.value: holds if a value from low to high does.
  kTime,
  kMessage,  // `:*` only: whether it is there.
  kMap,      // labels.x = "y", labels:x.
};

struct EnumValue {
  absl::string_view name;
  int number = 0;
};

struct FieldInfo {
  absl::string_view name;
  FieldId id = FieldId::kNone;
  FieldType type = FieldType::kExact;
  bool optional = false;  // May be absent where the filter's subject is there.
  double least = 0;       // kInt: the values that it can have.
  double most = 0;
  absl::Span<const EnumValue> values = {};  // kEnum.
};

// Null if no field of that place has the name.
const FieldInfo* FindField(FilterPlace place, absl::string_view name);
// Whether some other place of use has it.
bool IsFieldElsewhere(absl::string_view name);
std::vector<absl::string_view> FieldNames(FilterPlace place);
const FieldInfo& InfoOf(FieldId id);

bool IsEntityField(FieldId id);
bool IsAmountField(FieldId id);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_FIELD_TABLE_H_
