#include "rules/filter_pool.h"

#include <algorithm>
#include <string>

#include "absl/hash/hash.h"

namespace tocsin {
namespace {

bool SameTest(const Condition& a, const Condition& b) {
  return a.test == b.test && a.field == b.field && a.compare == b.compare &&
         a.with_vague == b.with_vague && a.number == b.number &&
         a.window == b.window && a.text == b.text && a.key == b.key &&
         a.words == b.words && a.other == b.other;
}

uint64_t HashOf(const Condition& c) {
  return absl::HashOf(c.test, c.field, c.compare, c.with_vague, c.number,
                      c.window, c.text, c.key, c.words, c.other);
}

}  // namespace

uint32_t FilterPool::AddCondition(const Condition& condition) {
  auto& same_hash = conditions_by_hash_[HashOf(condition)];
  for (const uint32_t index : same_hash) {
    if (SameTest(conditions_[index], condition)) return index;
  }
  const auto index = static_cast<uint32_t>(conditions_.size());
  same_hash.push_back(index);
  conditions_.push_back(condition);
  conditions_.back().begin = conditions_.back().end = 0;
  return index;
}

void FilterPool::Reserve(size_t filters) {
  filters_.reserve(filters);
  filters_by_hash_.reserve(filters);
  conditions_by_hash_.reserve(filters);
}

FilterPool::Added FilterPool::Add(const FilterProgram& program) {
  std::vector<CodeWord> code = program.code;
  for (CodeWord& word : code) {
    if (static_cast<CodeOp>(word >> 30) == CodeOp::kTest) {
      word =
          MakeCode(CodeOp::kTest,
                   AddCondition(program.conditions[word & kCodeArgumentMask]));
    }
  }
  auto& same_hash = filters_by_hash_[absl::HashOf(code)];
  for (const FilterId id : same_hash) {
    const absl::Span<const CodeWord> other = this->code(filters_[id]);
    if (std::equal(code.begin(), code.end(), other.begin(), other.end()))
      return {id, false};
  }
  PooledFilter filter;
  filter.code_begin = static_cast<uint32_t>(code_.size());
  filter.code_size = static_cast<uint32_t>(code.size());
  filter.windows_begin = static_cast<uint32_t>(windows_.size());
  filter.windows_size = static_cast<uint16_t>(program.windows.size());
  filter.about = program.about;
  filter.names_changed = program.names_changed;
  code_.insert(code_.end(), code.begin(), code.end());
  windows_.insert(windows_.end(), program.windows.begin(),
                  program.windows.end());
  const auto id = static_cast<FilterId>(filters_.size());
  filters_.push_back(filter);
  same_hash.push_back(id);
  return {id, true};
}

void FilterPool::Prefetch(absl::Span<const FilterId> ids) const {
  constexpr size_t kMost = 64;
  ids = ids.subspan(0, std::min(ids.size(), kMost));
  for (const FilterId id : ids) __builtin_prefetch(&filters_[id]);
  for (const FilterId id : ids)
    __builtin_prefetch(&code_[filters_[id].code_begin]);
  for (const FilterId id : ids) {
    // The first condition decides, more often than not.
    const CodeWord word = code_[filters_[id].code_begin];
    const Condition& condition = conditions_[word & kCodeArgumentMask];
    __builtin_prefetch(&condition);
    __builtin_prefetch(reinterpret_cast<const char*>(&condition) + 64);
  }
}

void FilterPool::Finish() {
  conditions_by_hash_ = {};
  filters_by_hash_ = {};
  filters_.shrink_to_fit();
  conditions_.shrink_to_fit();
  code_.shrink_to_fit();
  windows_.shrink_to_fit();
}

}  // namespace tocsin
