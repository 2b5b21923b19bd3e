// What mention.h promises of every analysis, whatever was found.
#ifndef TOCSIN_TESTS_UNIT_DETECT_ANALYSIS_CHECK_H_
#define TOCSIN_TESTS_UNIT_DETECT_ANALYSIS_CHECK_H_

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "text/article.h"

namespace tocsin {

// The first promise of `mention` that is broken; empty if none is. `last` is
// the mention before it that reaches furthest; null if there is none.
inline std::string BrokenBy(const Mention& mention, const Mention* last,
                            const Article& article) {
  const Span& span = mention.span;
  const std::string& text =
      span.field == Field::kHeadline ? article.headline : article.body;
  if (span.begin >= span.end || span.end > text.size()) {
    return "span is not in the text";
  }
  if (mention.surface != text.substr(span.begin, span.end - span.begin)) {
    return "surface is not the text of the span";
  }
  if ((mention.entity >= 0) == (mention.amount >= 0)) {
    return "is not exactly one of entity and amount";
  }
  if (mention.sentence_begin > span.begin || mention.sentence_end < span.end ||
      mention.sentence_end > text.size()) {
    return "is not in its sentence";
  }
  if (last == nullptr) return "";
  if (last->span.field > span.field ||
      (last->span.field == span.field && last->span.begin > span.begin)) {
    return "is out of order";
  }
  if (last->span.field == span.field && span.begin < last->span.end &&
      (last->amount < 0 || mention.entity < 0 || span.end > last->span.end)) {
    return "overlaps and is no name within an amount";
  }
  return "";
}

inline std::string BrokenBy(const Amount& amount, int entity_count) {
  if (amount.anchor >= entity_count) return "anchor is no entity";
  if (!std::is_sorted(amount.linked.begin(), amount.linked.end()) ||
      std::adjacent_find(amount.linked.begin(), amount.linked.end()) !=
          amount.linked.end()) {
    return "links are not ascending and distinct";
  }
  if (!amount.linked.empty() &&
      (amount.linked.front() < 0 || amount.linked.back() >= entity_count)) {
    return "a link is no entity";
  }
  if (amount.anchor >= 0 &&
      std::find(amount.linked.begin(), amount.linked.end(), amount.anchor) ==
          amount.linked.end()) {
    return "anchor is not linked";
  }
  if (!(amount.low.value <= amount.high.value)) return "low is above high";
  if (amount.low.text.empty() || amount.high.text.empty()) {
    return "has no decimal text";
  }
  return "";
}

// The first promise that is broken; empty if none is.
inline std::string BrokenPromise(const Analysis& analysis,
                                 const Article& article) {
  const Mention* last = nullptr;
  std::vector<int> counts(analysis.entities.size());
  int first_mentions = 0;
  for (const Mention& mention : analysis.mentions) {
    std::string broken = BrokenBy(mention, last, article);
    if (!broken.empty()) return "[" + mention.surface + "] " + broken;
    if (last == nullptr || mention.span.field != last->span.field ||
        mention.span.end > last->span.end) {
      last = &mention;
    }
    if (mention.entity < 0) continue;
    if (mention.entity > first_mentions) return "entities are out of order";
    first_mentions = std::max(first_mentions, mention.entity + 1);
    ++counts[static_cast<size_t>(mention.entity)];
  }
  std::set<std::string> keys;
  for (size_t i = 0; i < counts.size(); ++i) {
    const Entity& entity = analysis.entities[i];
    if (entity.mention_count != counts[i]) return "mention_count is wrong";
    if (entity.key.empty() || entity.key.size() > 200) {
      return "key of " + entity.display_name + " has no right size";
    }
    if (!keys.insert(entity.key).second) return "key twice: " + entity.key;
  }
  for (const Amount& amount : analysis.amounts) {
    std::string broken = BrokenBy(amount, static_cast<int>(counts.size()));
    if (!broken.empty()) return "amount " + amount.low.text + " " + broken;
  }
  return "";
}

}  // namespace tocsin

#endif  // TOCSIN_TESTS_UNIT_DETECT_ANALYSIS_CHECK_H_
