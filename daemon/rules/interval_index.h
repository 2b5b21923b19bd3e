// Intervals that overlap a query interval, in O(log n + answers): the intervals
// sorted by their low end, and over them a tree of the highest high end.
//
// Immutable once built; may be shared between threads.
#ifndef TOCSIN_RULES_INTERVAL_INDEX_H_
#define TOCSIN_RULES_INTERVAL_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace tocsin {

class IntervalIndex {
 public:
  struct Entry {
    double low = 0;
    double high = 0;
    uint32_t value = 0;
  };

  IntervalIndex() = default;
  explicit IntervalIndex(std::vector<Entry> entries)
      : entries_(std::move(entries)) {
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.low < b.low; });
    while (leaves_ < entries_.size()) leaves_ *= 2;
    highest_.assign(2 * leaves_, -std::numeric_limits<double>::infinity());
    for (size_t i = 0; i < entries_.size(); ++i)
      highest_[leaves_ + i] = entries_[i].high;
    for (size_t i = leaves_; i-- > 1;)
      highest_[i] = std::max(highest_[2 * i], highest_[2 * i + 1]);
  }

  // Calls `visit(value)` for each interval that has a point in [low, high].
  template <typename Visit>
  void ForEachOverlap(double low, double high, const Visit& visit) const {
    const auto end = std::partition_point(
        entries_.begin(), entries_.end(),
        [&](const Entry& entry) { return entry.low <= high; });
    const auto count = static_cast<size_t>(end - entries_.begin());
    if (count > 0) Descend(1, 0, leaves_, count, low, visit);
  }

 private:
  template <typename Visit>
  void Descend(size_t node, size_t first, size_t width, size_t count,
               double low, const Visit& visit) const {
    if (first >= count || highest_[node] < low) return;
    if (width == 1) {
      visit(entries_[first].value);
      return;
    }
    Descend(2 * node, first, width / 2, count, low, visit);
    Descend(2 * node + 1, first + width / 2, width / 2, count, low, visit);
  }

  std::vector<Entry> entries_;
  size_t leaves_ = 1;
  std::vector<double> highest_;  // A heap: the children of i are 2i, 2i + 1.
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_INTERVAL_INDEX_H_
