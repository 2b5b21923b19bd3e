// From rules to a rule set: each is compiled, in parallel where it pays, its
// filter pooled and filed.
#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "filter/program.h"
#include "rules/required_terms.h"
#include "rules/rule_set_impl.h"
#include "rules/validate.h"

namespace tocsin {
namespace {

absl::Status InRule(const Rule& rule, const absl::Status& status) {
  absl::Status with_name(status.code(), absl::StrCat("rule `", rule.name,
                                                     "`: ", status.message()));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    with_name.SetPayload(type, payload);
  });
  return with_name;
}

absl::Status TooBroad(const Rule& rule) {
  return absl::InvalidArgumentError(absl::StrCat(
      "rule `", rule.name, "`: more than ", kMaxBroadRules,
      " different filters name no entity, word, source or amount, so that "
      "every "
      "article must be held against each of them; name one of these in it"));
}

bool ByName(const RulePtr& a, const RulePtr& b) { return a->name < b->name; }

// A rule's filter before it is pooled.
struct CompiledRule {
  absl::StatusOr<std::shared_ptr<const Filter>> filter;
  std::vector<Clause> clauses;  // Empty: it is broad.
};
// Rules that are compiled at once; below it is one thread's work.
constexpr size_t kBlockRules = 16'384;
constexpr size_t kRulesOfAThread = 2'048;

// In parallel where it pays.
std::vector<CompiledRule> CompileBlock(absl::Span<const RulePtr> rules) {
  std::vector<CompiledRule> compiled(rules.size());
  const size_t threads =
      std::min<size_t>({std::max(1u, std::thread::hardware_concurrency()), 8,
                        rules.size() / kRulesOfAThread + 1});
  const auto compile = [&](size_t part) {
    for (size_t i = rules.size() * part / threads;
         i < rules.size() * (part + 1) / threads; ++i) {
      compiled[i].filter = CompileRule(*rules[i]);
      if (compiled[i].filter.ok())
        compiled[i].clauses = RequiredClauses((*compiled[i].filter)->program());
    }
  };
  std::vector<std::thread> workers;
  for (size_t part = 1; part < threads; ++part)
    workers.emplace_back(compile, part);
  compile(0);
  for (std::thread& worker : workers) worker.join();
  return compiled;
}

using FilterAndRule = std::pair<FilterId, uint32_t>;

// Groups the rules by filter.
void SetRules(std::vector<FilterAndRule> pairs, FilteredRules& filtered) {
  std::sort(pairs.begin(), pairs.end());
  for (size_t begin = 0; begin < pairs.size();) {
    size_t end = begin;
    while (end < pairs.size() && pairs[end].first == pairs[begin].first) ++end;
    FilterPool::Rules rules{pairs[begin].second,
                            static_cast<uint32_t>(end - begin)};
    if (rules.count > 1) {
      rules.begin = static_cast<uint32_t>(filtered.rules.size());
      for (size_t i = begin; i < end; ++i)
        filtered.rules.push_back(pairs[i].second);
    }
    filtered.pool.SetRules(pairs[begin].first, rules);
    begin = end;
  }
  filtered.pool.Finish();
}

std::vector<uint32_t> ConditionsOf(const FilterPool& pool,
                                   const std::vector<FilterId>& filters) {
  std::vector<uint32_t> conditions;
  for (const FilterId filter : filters) {
    const PackedCode code = pool.code(filter);
    for (size_t i = 0; i < code.size(); ++i) {
      if (static_cast<CodeOp>(code[i] >> 30) == CodeOp::kTest)
        conditions.push_back(code[i] & kCodeArgumentMask);
    }
  }
  std::sort(conditions.begin(), conditions.end());
  conditions.erase(std::unique(conditions.begin(), conditions.end()),
                   conditions.end());
  return conditions;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const RuleSet>> RuleSet::Create(
    std::vector<Rule> rules) {
  std::vector<RulePtr> shared;
  shared.reserve(rules.size());
  for (Rule& rule : rules)
    shared.push_back(std::make_shared<const Rule>(std::move(rule)));
  return CreateShared(std::move(shared));
}

absl::StatusOr<std::shared_ptr<const RuleSet>> RuleSet::CreateShared(
    std::vector<RulePtr> rules) {
  auto impl = std::make_unique<Impl>();
  if (!std::is_sorted(rules.begin(), rules.end(), ByName))
    std::sort(rules.begin(), rules.end(), ByName);
  for (size_t i = 1; i < rules.size(); ++i) {
    if (rules[i]->name == rules[i - 1]->name) {
      return absl::InvalidArgumentError(absl::StrCat(
          "rule `", rules[i]->name, "`: there are two rules of this name"));
    }
  }
  RuleIndexBuilder index;
  std::vector<FilterAndRule> filed, broad;
  impl->filed.pool.Reserve(rules.size());
  index.Reserve(rules.size());
  filed.reserve(rules.size());
  // Block by block, so that compiled filters do not pile up.
  for (size_t begin = 0; begin < rules.size(); begin += kBlockRules) {
    const absl::Span<const RulePtr> block =
        absl::MakeConstSpan(rules).subspan(begin, kBlockRules);
    const std::vector<CompiledRule> compiled = CompileBlock(block);
    for (size_t i = 0; i < block.size(); ++i) {
      const auto& [filter, clauses] = compiled[i];
      if (!filter.ok()) return InRule(*block[i], filter.status());
      if (block[i]->disabled) continue;
      const bool is_broad = clauses.empty();
      FilterPool& pool = is_broad ? impl->broad.pool : impl->filed.pool;
      const FilterPool::Added added = pool.Add((*filter)->program());
      (is_broad ? broad : filed)
          .emplace_back(added.id, static_cast<uint32_t>(begin + i));
      if (!added.added) continue;
      if (!is_broad) {
        index.Add(added.id, clauses);
        continue;
      }
      if (impl->broad_ids.size() == kMaxBroadRules) return TooBroad(*block[i]);
      impl->broad_ids.push_back(added.id);
    }
  }
  SetRules(std::move(filed), impl->filed);
  SetRules(std::move(broad), impl->broad);
  impl->broad_conditions = ConditionsOf(impl->broad.pool, impl->broad_ids);
  impl->index = index.Build();
  impl->rules = std::move(rules);
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(impl)));
}

}  // namespace tocsin
