// The words of one article, by hash: where each stands. Looked up when it is
// first asked, once an article, in time in proportion to its length.
//
// Not thread-safe; views Analysis::words, which must outlive it.
#ifndef TOCSIN_FILTER_ARTICLE_WORDS_H_
#define TOCSIN_FILTER_ARTICLE_WORDS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace tocsin {

class ArticleWords {
 public:
  explicit ArticleWords(absl::Span<const uint64_t> words) : words_(words) {}

  bool Contains(uint64_t word) const { return First(word) != kNone; }
  // As a run; no phrase goes over a sentence's end.
  bool ContainsPhrase(absl::Span<const uint64_t> phrase) const;
  // Whether both phrases stand with at most `distance` steps from the one to
  // the other: 1 is side by side. Sentence ends take no step.
  bool ContainsNear(absl::Span<const uint64_t> one,
                    absl::Span<const uint64_t> other, int distance) const;

  // Calls `visit(position)` for the first position of each distinct word.
  template <typename Visit>
  void ForEachDistinct(const Visit& visit) const {
    LookUp();
    for (const uint32_t position : distinct_) visit(position);
  }
  absl::Span<const uint64_t> words() const { return words_; }

 private:
  static constexpr uint32_t kNone = ~0u;

  // Fills what is mutable, if it is not yet.
  void LookUp() const;
  uint32_t First(uint64_t word) const;
  bool StandsAt(uint32_t position, absl::Span<const uint64_t> phrase) const;
  std::vector<uint32_t> PositionsOf(absl::Span<const uint64_t> phrase) const;

  const absl::Span<const uint64_t> words_;
  mutable uint32_t mask_ = 0;
  // Open addressing by word: its position.
  mutable std::vector<uint32_t> first_;
  mutable std::vector<uint32_t> next_;  // The next position of the same word.
  mutable std::vector<uint32_t> distinct_;  // First positions, in no order.
};

}  // namespace tocsin

#endif  // TOCSIN_FILTER_ARTICLE_WORDS_H_
