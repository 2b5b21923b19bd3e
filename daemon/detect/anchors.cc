#include "detect/anchors.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tocsin {
namespace {

bool IsPlace(const Entity& entity) { return entity.type == EntityType::kPlace; }

// Entities that amounts are linked to wherever they stand, best first: the most
// mentioned ones, the earlier one of two.
std::vector<int> MainEntities(const std::vector<Entity>& entities) {
  std::vector<int> order;
  for (size_t i = 0; i < entities.size(); ++i) {
    if (!IsPlace(entities[i])) order.push_back(static_cast<int>(i));
  }
  if (order.empty()) {
    order.resize(entities.size());
    std::iota(order.begin(), order.end(), 0);
  }
  const size_t kept = std::min<size_t>(order.size(), kMainEntities);
  std::partial_sort(
      order.begin(), order.begin() + static_cast<ptrdiff_t>(kept), order.end(),
      [&](int a, int b) {
        const int count_a = entities[static_cast<size_t>(a)].mention_count;
        const int count_b = entities[static_cast<size_t>(b)].mention_count;
        return count_a != count_b ? count_a > count_b : a < b;
      });
  order.resize(kept);
  return order;
}

bool SameSentence(const Mention& a, const Mention& b) {
  return a.span.field == b.span.field && a.sentence_begin == b.sentence_begin;
}

uint32_t Distance(const Span& a, const Span& b) {
  if (a.end <= b.begin) return b.begin - a.end;
  if (b.end <= a.begin) return a.begin - b.end;
  return 0;
}

// Mentions [begin, end) are of one sentence.
void LinkSentence(Analysis& analysis, size_t begin, size_t end,
                  const std::vector<int>& main) {
  std::vector<int> linked = main;
  bool has_thing = false;  // Something that is no place.
  for (size_t i = begin; i < end; ++i) {
    const int entity = analysis.mentions[i].entity;
    if (entity < 0) continue;
    linked.push_back(entity);
    has_thing |= !IsPlace(analysis.entities[static_cast<size_t>(entity)]);
  }
  std::sort(linked.begin(), linked.end());
  linked.erase(std::unique(linked.begin(), linked.end()), linked.end());

  for (size_t i = begin; i < end; ++i) {
    const Mention& mention = analysis.mentions[i];
    if (mention.amount < 0) continue;
    Amount& amount = analysis.amounts[static_cast<size_t>(mention.amount)];
    uint32_t nearest = 0;
    for (size_t k = begin; k < end; ++k) {
      const int entity = analysis.mentions[k].entity;
      if (entity < 0) continue;
      if (has_thing &&
          IsPlace(analysis.entities[static_cast<size_t>(entity)])) {
        continue;
      }
      const uint32_t distance =
          Distance(mention.span, analysis.mentions[k].span);
      if (amount.anchor < 0 || distance < nearest) {
        amount.anchor = entity;
        nearest = distance;
      }
    }
    if (amount.anchor < 0 && !main.empty()) amount.anchor = main.front();
    amount.linked = linked;
  }
}

}  // namespace

void LinkAmounts(Analysis& analysis) {
  if (analysis.amounts.empty()) return;
  const std::vector<int> main = MainEntities(analysis.entities);
  size_t begin = 0;
  while (begin < analysis.mentions.size()) {
    size_t end = begin + 1;
    while (end < analysis.mentions.size() &&
           SameSentence(analysis.mentions[begin], analysis.mentions[end])) {
      ++end;
    }
    LinkSentence(analysis, begin, end, main);
    begin = end;
  }
}

}  // namespace tocsin
