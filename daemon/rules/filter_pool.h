// The compiled filters of a rule set, each distinct one once, over conditions
// that are each there once.
//
// Everything lies in one array: a filter's conditions, where they are new, just
// before it, so that asking an article about a filter touches one place in
// memory and not five. An id is where in the array a filter or condition
// begins.
//
// A builder until Finish(): not thread-safe. Immutable then.
#ifndef TOCSIN_RULES_FILTER_POOL_H_
#define TOCSIN_RULES_FILTER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "filter/program.h"

namespace tocsin {

using FilterId = uint32_t;

// CodeWords, two in each element.
class PackedCode {
 public:
  PackedCode(const uint64_t* words, size_t size) : words_(words), size_(size) {}
  size_t size() const { return size_; }
  CodeWord operator[](size_t i) const {
    return static_cast<CodeWord>(words_[i / 2] >> (i % 2 * 32));
  }

 private:
  const uint64_t* words_;
  size_t size_;
};

class FilterPool {
 public:
  FilterPool();
  ~FilterPool();
  FilterPool(const FilterPool&) = delete;
  FilterPool& operator=(const FilterPool&) = delete;

  // The filter of that meaning: `added` tells whether it is a new one.
  struct Added {
    FilterId id = 0;
    bool added = false;
  };
  Added Add(const FilterProgram& program);
  // Room for about so many filters.
  void Reserve(size_t filters);
  // Forgets what only Add needs.
  void Finish();

  // Which rules a filter is of: RuleSet's business.
  struct Rules {
    uint32_t begin = 0;
    uint32_t count = 0;
  };
  void SetRules(FilterId id, Rules rules);
  Rules rules(FilterId id) const;

  FilterAbout about(FilterId id) const;
  bool names_changed(FilterId id) const;
  std::vector<int64_t> windows(FilterId id) const;
  // Its tests name conditions by their ids.
  PackedCode code(FilterId id) const;
  ConditionView condition(uint32_t id) const;

  // Every id is below it.
  size_t end() const { return words_.size(); }
  // Begins to fetch a filter from memory.
  void Prefetch(FilterId id) const;

 private:
  // Sets of ids, by what lies there.
  template <typename WordsAt>
  struct Hash;
  template <typename WordsAt>
  struct Equal;
  struct ConditionAt;
  struct CodeAt;
  struct Sets;

  uint32_t AddCondition(const Condition& condition);
  uint32_t Append(absl::Span<const uint64_t> words);

  std::vector<uint64_t> words_;
  std::unique_ptr<Sets> sets_;  // Null after Finish().
  std::vector<uint64_t> buffer_;
};

}  // namespace tocsin

#endif  // TOCSIN_RULES_FILTER_POOL_H_
