// What analysis finds in an article: plain values, the same for the same
// article and lexicon.
#ifndef TOCSIN_DETECT_MENTION_H_
#define TOCSIN_DETECT_MENTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "text/document.h"

namespace tocsin {

// Numbers as in tocsin.v1.Entity.Type.
enum class EntityType : uint8_t {
  kUnspecified = 0,
  kPerson = 1,
  kOrganization = 2,
  kPlace = 3,
  kProduct = 4,
  kWork = 5,
  kEvent = 6,
  kOther = 7,
};

// Numbers as in tocsin.v1.Amount.Kind.
enum class AmountKind : uint8_t {
  kUnspecified = 0,
  kMoney = 1,
  kPercent = 2,
  kCount = 3,
};

// Numbers as in tocsin.v1.Amount.Bound.
enum class AmountBound : uint8_t { kNone = 0, kAtLeast = 1, kAtMost = 2 };

// A value as normalised decimal text: `-` if negative, no leading zeros, no
// exponent, `.` as the point, no trailing zeros after it. Keys use the text;
// only the API and comparisons use the double.
struct Decimal {
  std::string text;
  double value = 0;
};

struct Amount {
  AmountKind kind = AmountKind::kUnspecified;
  // MONEY: ISO 4217. PERCENT: `%` or `pp`. COUNT: what is counted, a concept of
  // the lexicon (`job`) or the folded noun; empty if unknown.
  std::string unit;
  bool unit_known = false;  // COUNT: the unit is a concept of the lexicon.
  Decimal low;
  Decimal high;
  bool approximate = false;
  AmountBound bound = AmountBound::kNone;
  bool vague = false;
  // Index into Analysis::entities of what the amount is about; -1: none.
  int anchor = -1;
  // Indices into Analysis::entities, distinct, ascending: the anchor, the
  // entities of its sentence, the article's six most mentioned ones (places
  // only where there is nothing else).
  std::vector<int> linked;
};

struct Entity {
  // Id of the listed name, else the folded, transliterated name. Never empty;
  // at most 200 bytes of a-z, 0-9, `-` and non-Latin letters.
  std::string key;
  std::string display_name;
  EntityType type = EntityType::kUnspecified;
  bool listed = false;
  int mention_count = 0;  // In this article.
};

struct Mention {
  Span span;
  std::string surface;
  // Exactly one of the two is >= 0: index into Analysis::entities or ::amounts.
  int entity = -1;
  int amount = -1;
  // The sentence around it, in the same field: UTF-8 bytes, end exclusive.
  uint32_t sentence_begin = 0;
  uint32_t sentence_end = 0;
};

// An article has at most so many mentions of names, and of amounts; the first
// ones count. So what a hostile article costs everybody else is bounded.
inline constexpr size_t kMaxMentions = 20000;

struct Analysis {
  // Given or identified BCP 47 tag; `und` if it could not be told.
  std::string language;
  std::vector<Entity> entities;  // Distinct keys, by first mention.
  std::vector<Amount> amounts;   // One for each amount mention, in text order.
  // In order of (field, begin), the longer one first. Not nested, except that a
  // name may stand inside an amount: `H100` in `100.000 H100-Chips`.
  std::vector<Mention> mentions;
  // FoldedHash of every word of headline and body, in order; 0 stands between
  // sentences and fields. What text filters and near-copies look at.
  std::vector<uint64_t> words;
  // SimHash of folded word 3-grams.
  uint64_t simhash = 0;
  int word_count = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_MENTION_H_
