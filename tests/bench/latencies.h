// Durations, and what share of them was below what.
#ifndef TOCSIN_TESTS_BENCH_LATENCIES_H_
#define TOCSIN_TESTS_BENCH_LATENCIES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace tocsin {

// In milliseconds. Not thread-safe.
class Latencies {
 public:
  void Add(double milliseconds) { values_.push_back(milliseconds); }

  size_t size() const { return values_.size(); }

  // The smallest value that `share` (0 to 1) of all do not exceed; 0 of none.
  double At(double share) const {
    if (values_.empty()) return 0;
    std::vector<double> sorted = values_;
    const auto rank = static_cast<size_t>(
        std::ceil(share * static_cast<double>(sorted.size())));
    const auto place =
        sorted.begin() + static_cast<ptrdiff_t>(std::max<size_t>(rank, 1) - 1);
    std::nth_element(sorted.begin(), place, sorted.end());
    return *place;
  }

 private:
  std::vector<double> values_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_LATENCIES_H_
