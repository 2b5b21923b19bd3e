#include "filter/field_table.h"

#include <array>
#include <cstddef>
#include <limits>

namespace tocsin {
namespace {

constexpr EnumValue kEntityTypes[] = {
    {"PERSON", 1}, {"ORGANIZATION", 2}, {"PLACE", 3}, {"PRODUCT", 4},
    {"WORK", 5},   {"EVENT", 6},        {"OTHER", 7}};
constexpr EnumValue kAmountKinds[] = {
    {"MONEY", 1}, {"PERCENT", 2}, {"COUNT", 3}};
constexpr EnumValue kAmountBounds[] = {{"AT_LEAST", 1}, {"AT_MOST", 2}};
constexpr EnumValue kNovelties[] = {
    {"FIRST_EVER", 1}, {"RESURFACED", 2}, {"CHANGED", 3}, {"KNOWN", 4}};

// Places of use, as bits.
constexpr unsigned Bit(FilterPlace place) {
  return 1u << static_cast<unsigned>(place);
}
constexpr unsigned kR = Bit(FilterPlace::kRule);
constexpr unsigned kA = Bit(FilterPlace::kAlert);
constexpr unsigned kL = Bit(FilterPlace::kArticle);
constexpr unsigned kE = Bit(FilterPlace::kEntity);
constexpr unsigned kM = Bit(FilterPlace::kMention);

constexpr double kMany = std::numeric_limits<double>::infinity();

struct Row {
  unsigned places;
  FieldInfo info;
};

// The first row of an id carries its full name.
const Row kRows[] = {
    {kR | kA | kL | kM,
     {"article.source", FieldId::kSource, FieldType::kExact}},
    {kR | kA | kL | kM, {"article.id", FieldId::kId, FieldType::kExact}},
    {kR | kA | kL, {"article.uri", FieldId::kUri, FieldType::kExact, true}},
    {kR | kA | kL | kM,
     {"article.language", FieldId::kLanguage, FieldType::kLanguage}},
    {kR | kL,
     {"article.urgency", FieldId::kArticleUrgency, FieldType::kInt, true, 1,
      9}},
    {kR | kA | kL,
     {"article.headline", FieldId::kHeadline, FieldType::kFolded, true}},
    {kR | kL, {"article.byline", FieldId::kByline, FieldType::kFolded, true}},
    {kR, {"article.text", FieldId::kText, FieldType::kWords, true}},
    {kR | kA | kL | kM,
     {"article.event_time", FieldId::kEventTime, FieldType::kTime}},
    {kR | kA | kL | kM,
     {"article.revision", FieldId::kRevision, FieldType::kInt, false, 1,
      kMany}},
    {kR, {"article.entities", FieldId::kEntities, FieldType::kKeys, true}},

    {kR | kA | kE | kM,
     {"entity", FieldId::kEntity, FieldType::kMessage, true}},
    {kR | kA | kE | kM,
     {"entity.name", FieldId::kEntityName, FieldType::kKey, true}},
    {kR | kA | kE | kM,
     {"entity.display_name", FieldId::kEntityDisplayName, FieldType::kFolded,
      true}},
    {kR | kA | kE | kM,
     {"entity.type", FieldId::kEntityType, FieldType::kEnum, true, 1, 7,
      kEntityTypes}},
    {kR | kA | kE | kM,
     {"entity.listed", FieldId::kEntityListed, FieldType::kBool, true}},
    {kR | kA | kE,
     {"entity.article_count", FieldId::kEntityArticleCount, FieldType::kInt,
      true, 0, kMany}},
    {kR | kA | kE,
     {"entity.source_count", FieldId::kEntitySourceCount, FieldType::kInt, true,
      0, 16}},
    {kR | kA | kE,
     {"entity.first_seen_at", FieldId::kEntityFirstSeen, FieldType::kTime,
      true}},
    {kR | kA | kE,
     {"entity.last_seen_at", FieldId::kEntityLastSeen, FieldType::kTime, true}},

    {kR | kA | kM, {"amount", FieldId::kAmount, FieldType::kMessage, true}},
    {kR | kA | kM,
     {"amount.kind", FieldId::kAmountKind, FieldType::kEnum, true, 1, 3,
      kAmountKinds}},
    {kR | kA | kM,
     {"amount.unit", FieldId::kAmountUnit, FieldType::kUnit, true}},
    {kR | kA | kM,
     {"amount.low", FieldId::kAmountLow, FieldType::kNumber, true}},
    {kR | kA | kM,
     {"amount.high", FieldId::kAmountHigh, FieldType::kNumber, true}},
    {kR | kA | kM,
     {"amount.value", FieldId::kAmountValue, FieldType::kInterval, true}},
    {kR | kA | kM,
     {"amount.approximate", FieldId::kAmountApproximate, FieldType::kBool,
      true}},
    {kR | kA | kM,
     {"amount.bound", FieldId::kAmountBound, FieldType::kEnum, true, 1, 2,
      kAmountBounds}},
    {kR | kA | kM,
     {"amount.vague", FieldId::kAmountVague, FieldType::kBool, true}},
    {kR | kA,
     {"amount.article_count", FieldId::kAmountArticleCount, FieldType::kInt,
      true, 0, kMany}},
    {kR | kA,
     {"amount.source_count", FieldId::kAmountSourceCount, FieldType::kInt, true,
      0, 16}},
    {kR | kA,
     {"amount.first_seen_at", FieldId::kAmountFirstSeen, FieldType::kTime,
      true}},
    {kR | kA,
     {"amount.last_seen_at", FieldId::kAmountLastSeen, FieldType::kTime, true}},

    {kA, {"rule", FieldId::kRule, FieldType::kRuleName}},
    {kA, {"urgency", FieldId::kUrgency, FieldType::kInt, false, 1, 9}},
    {kA,
     {"novelty", FieldId::kNovelty, FieldType::kEnum, true, 1, 4, kNovelties}},
    {kA, {"labels", FieldId::kLabels, FieldType::kMap}},

    // As the fields of the message itself are called.
    {kA | kL, {"source", FieldId::kSource, FieldType::kExact}},
    {kL, {"id", FieldId::kId, FieldType::kExact}},
    {kA | kL, {"uri", FieldId::kUri, FieldType::kExact, true}},
    {kA | kL | kM, {"language", FieldId::kLanguage, FieldType::kLanguage}},
    {kL, {"urgency", FieldId::kArticleUrgency, FieldType::kInt, true, 1, 9}},
    {kA | kL, {"headline", FieldId::kHeadline, FieldType::kFolded, true}},
    {kL, {"byline", FieldId::kByline, FieldType::kFolded, true}},
    {kA | kL | kM, {"event_time", FieldId::kEventTime, FieldType::kTime}},
    {kA | kL | kM,
     {"revision", FieldId::kRevision, FieldType::kInt, false, 1, kMany}},
    {kA,
     {"novelty.kind", FieldId::kNovelty, FieldType::kEnum, true, 1, 4,
      kNovelties}},
    {kE, {"name", FieldId::kEntityName, FieldType::kKey, true}},
    {kE,
     {"display_name", FieldId::kEntityDisplayName, FieldType::kFolded, true}},
    {kE,
     {"type", FieldId::kEntityType, FieldType::kEnum, true, 1, 7,
      kEntityTypes}},
    {kE, {"listed", FieldId::kEntityListed, FieldType::kBool, true}},
};

}  // namespace

const FieldInfo* FindField(FilterPlace place, absl::string_view name) {
  for (const Row& row : kRows) {
    if ((row.places & Bit(place)) != 0 && row.info.name == name)
      return &row.info;
  }
  return nullptr;
}

bool IsFieldElsewhere(absl::string_view name) {
  for (const Row& row : kRows) {
    if (row.info.name == name) return true;
  }
  return false;
}

std::vector<absl::string_view> FieldNames(FilterPlace place) {
  std::vector<absl::string_view> names;
  for (const Row& row : kRows) {
    if ((row.places & Bit(place)) != 0) names.push_back(row.info.name);
  }
  return names;
}

const FieldInfo& InfoOf(FieldId id) {
  static const auto* const by_id = [] {
    auto* table = new std::array<const FieldInfo*, kFieldCount>{};
    for (const Row& row : kRows) {
      const FieldInfo*& entry = (*table)[static_cast<size_t>(row.info.id)];
      if (entry == nullptr) entry = &row.info;
    }
    static const FieldInfo none;
    (*table)[0] = &none;
    return table;
  }();
  return *(*by_id)[static_cast<size_t>(id)];
}

bool IsEntityField(FieldId id) {
  return id >= FieldId::kEntity && id <= FieldId::kEntityLastSeen;
}

bool IsAmountField(FieldId id) {
  return id >= FieldId::kAmount && id <= FieldId::kAmountLastSeen;
}

}  // namespace tocsin
