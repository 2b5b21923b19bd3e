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

// The entity mention of `candidates` (indices of mentions, in text order) that
// is nearest to `amount`; of two the first. Null if there are none. `next` is
// the first candidate that stands after the amount.
const Mention* Nearest(const Analysis& analysis,
                       const std::vector<size_t>& candidates, size_t next,
                       const Mention& amount) {
  const Mention* nearest = nullptr;
  const size_t first = next == 0 ? 0 : next - 1;
  const size_t last = std::min(next + 1, candidates.size());
  for (size_t k = first; k < last; ++k) {
    const Mention& candidate = analysis.mentions[candidates[k]];
    if (nearest == nullptr || Distance(amount.span, candidate.span) <
                                  Distance(amount.span, nearest->span)) {
      nearest = &candidate;
    }
  }
  return nearest;
}

// Mentions [begin, end) are of one sentence.
void LinkSentence(Analysis& analysis, size_t begin, size_t end,
                  const std::vector<int>& main) {
  std::vector<int> linked = main;
  std::vector<size_t> things;  // Mentions of entities that are no places.
  std::vector<size_t> places;
  for (size_t i = begin; i < end; ++i) {
    const int entity = analysis.mentions[i].entity;
    if (entity < 0) continue;
    linked.push_back(entity);
    (IsPlace(analysis.entities[static_cast<size_t>(entity)]) ? places : things)
        .push_back(i);
  }
  std::sort(linked.begin(), linked.end());
  linked.erase(std::unique(linked.begin(), linked.end()), linked.end());
  const std::vector<size_t>& candidates = things.empty() ? places : things;

  size_t next = 0;
  for (size_t i = begin; i < end; ++i) {
    const Mention& mention = analysis.mentions[i];
    if (mention.amount < 0) continue;
    while (next < candidates.size() && candidates[next] < i) ++next;
    Amount& amount = analysis.amounts[static_cast<size_t>(mention.amount)];
    const Mention* nearest = Nearest(analysis, candidates, next, mention);
    if (nearest != nullptr) {
      amount.anchor = nearest->entity;
    } else if (!main.empty()) {
      amount.anchor = main.front();
    }
    amount.linked = linked;
  }
}

}  // namespace

void LinkAmounts(Analysis& analysis) {
  if (analysis.amounts.empty()) return;
  const std::vector<int> main = MainEntities(analysis.entities);
  size_t begin = 0;
  while (begin < analysis.mentions.size()) {
    size_t end = begin;
    bool any_amount = false;
    do {
      any_amount |= analysis.mentions[end++].amount >= 0;
    } while (end < analysis.mentions.size() &&
             SameSentence(analysis.mentions[begin], analysis.mentions[end]));
    if (any_amount) LinkSentence(analysis, begin, end, main);
    begin = end;
  }
}

}  // namespace tocsin
