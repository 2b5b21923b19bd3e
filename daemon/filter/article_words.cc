#include "filter/article_words.h"

#include <algorithm>
#include <cstddef>

#include "absl/numeric/bits.h"

namespace tocsin {

void ArticleWords::LookUp() const {
  if (!first_.empty()) return;
  const absl::Span<const uint64_t> words = words_;
  const auto size = static_cast<uint32_t>(words.size());
  const uint32_t slots = std::max<uint32_t>(16, absl::bit_ceil(size * 2));
  mask_ = slots - 1;
  first_.assign(slots, kNone);
  next_.resize(size);
  // From the end, so that chains run forward.
  for (uint32_t position = size; position-- > 0;) {
    const uint64_t word = words[position];
    if (word == 0) continue;
    uint32_t slot = static_cast<uint32_t>(word) & mask_;
    while (first_[slot] != kNone && words[first_[slot]] != word)
      slot = (slot + 1) & mask_;
    next_[position] = first_[slot];
    first_[slot] = position;
  }
  distinct_.reserve(size);
  for (const uint32_t position : first_) {
    if (position != kNone) distinct_.push_back(position);
  }
}

uint32_t ArticleWords::First(uint64_t word) const {
  LookUp();
  for (uint32_t slot = static_cast<uint32_t>(word) & mask_;;
       slot = (slot + 1) & mask_) {
    const uint32_t position = first_[slot];
    if (position == kNone || words_[position] == word) return position;
  }
}

bool ArticleWords::StandsAt(uint32_t position,
                            absl::Span<const uint64_t> phrase) const {
  return phrase.size() <= words_.size() - position &&
         std::equal(phrase.begin(), phrase.end(), words_.begin() + position);
}

bool ArticleWords::ContainsPhrase(absl::Span<const uint64_t> phrase) const {
  if (phrase.empty()) return false;
  for (uint32_t at = First(phrase[0]); at != kNone; at = next_[at]) {
    if (StandsAt(at, phrase)) return true;
  }
  return false;
}

std::vector<uint32_t> ArticleWords::PositionsOf(
    absl::Span<const uint64_t> phrase) const {
  std::vector<uint32_t> positions;
  if (phrase.empty()) return positions;
  for (uint32_t at = First(phrase[0]); at != kNone; at = next_[at]) {
    if (StandsAt(at, phrase)) positions.push_back(at);
  }
  return positions;
}

bool ArticleWords::ContainsNear(absl::Span<const uint64_t> one,
                                absl::Span<const uint64_t> other,
                                int distance) const {
  struct Place {
    uint32_t begin;
    uint32_t end;
    bool is_one;
  };
  std::vector<Place> places;
  const auto collect = [&](absl::Span<const uint64_t> phrase, bool is_one) {
    for (const uint32_t at : PositionsOf(phrase))
      places.push_back({at, at + static_cast<uint32_t>(phrase.size()), is_one});
  };
  collect(one, true);
  collect(other, false);
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.begin < b.begin; });
  // The nearest of the other kind is a neighbour in the order of begins.
  const auto steps = [&](const Place& left, const Place& right) {
    if (right.begin < left.end) return 1;  // They overlap.
    int count = 1;
    for (uint32_t at = left.end; at < right.begin && count <= distance; ++at)
      count += words_[at] != 0 ? 1 : 0;
    return count;
  };
  for (size_t i = 1; i < places.size(); ++i) {
    if (places[i - 1].is_one != places[i].is_one &&
        steps(places[i - 1], places[i]) <= distance)
      return true;
  }
  return false;
}

}  // namespace tocsin
