#include "rules/required_terms.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "text/fold.h"

namespace tocsin {
namespace {

using Test = Condition::Test;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr size_t kMaxClauses = 16;  // To choose from.
constexpr size_t kMaxClauseTerms = 256;

uint64_t Mix(uint64_t value, uint64_t salt) {
  value = (value ^ salt) * 0x9E3779B97F4A7C15u;
  value ^= value >> 32;
  value *= 0xD6E8FEB86659FD93u;
  return value ^ value >> 29;
}

// The bounds that a conjunction sets on an amount.
struct AmountBounds {
  std::optional<std::string> unit;
  double low_from = -kInfinity, low_to = kInfinity;
  double high_from = -kInfinity, high_to = kInfinity;
  std::optional<double> equal;  // A value from low to high.

  bool any() const {
    return unit.has_value() || equal.has_value() || low_from > -kInfinity ||
           low_to < kInfinity || high_from > -kInfinity || high_to < kInfinity;
  }
};

void Bound(const Condition& condition, double& from, double& to) {
  switch (condition.test) {
    case Test::kLess:
    case Test::kLessEqual:
      to = std::min(to, condition.number);
      break;
    case Test::kGreater:
    case Test::kGreaterEqual:
      from = std::max(from, condition.number);
      break;
    case Test::kNumberEqual:
      from = std::max(from, condition.number);
      to = std::min(to, condition.number);
      break;
    default:
      break;
  }
}

void BoundAmount(const Condition& condition, AmountBounds& bounds) {
  switch (condition.field) {
    case FieldId::kAmountUnit:
      if (condition.test == Test::kEqual) bounds.unit = condition.text;
      break;
    case FieldId::kAmountLow:
      Bound(condition, bounds.low_from, bounds.low_to);
      break;
    case FieldId::kAmountHigh:
      Bound(condition, bounds.high_from, bounds.high_to);
      break;
    case FieldId::kAmountValue:
      if (condition.test == Test::kNumberEqual) {
        bounds.equal = condition.number;
      } else if (condition.test == Test::kGreater ||
                 condition.test == Test::kGreaterEqual) {
        Bound(condition, bounds.high_from, bounds.high_to);
      } else {
        Bound(condition, bounds.low_from, bounds.low_to);
      }
      break;
    default:
      break;
  }
}

// Every amount within the bounds has a value in [low, high] of the term.
Term AmountTerm(const AmountBounds& bounds) {
  Term term;
  term.kind = Term::Kind::kAmount;
  term.key = UnitTermKey(bounds.unit.value_or(""));
  if (bounds.equal.has_value()) {
    term.low = term.high = *bounds.equal;
    return term;
  }
  struct Choice {
    double low, high;
  };
  // The low end is in the first, the high end in the second; the amount lies
  // in the third; it overlaps the fourth, if there is such an interval.
  const Choice choices[] = {{bounds.low_from, bounds.low_to},
                            {bounds.high_from, bounds.high_to},
                            {bounds.low_from, bounds.high_to},
                            {bounds.high_from, bounds.low_to}};
  const auto rank = [](const Choice& choice) {
    const int closed =
        (choice.low > -kInfinity ? 1 : 0) + (choice.high < kInfinity ? 1 : 0);
    // The narrower of two that are closed; a lower bound before an upper one.
    return std::pair(2 - closed, closed == 2 ? choice.high - choice.low
                                 : choice.low > -kInfinity ? -choice.low
                                                           : 0.0);
  };
  const Choice* best = &choices[0];
  for (const Choice& choice : choices) {
    if (choice.low <= choice.high && rank(choice) < rank(*best)) best = &choice;
  }
  term.low = best->low;
  term.high = best->high;
  return term;
}

class Planner {
 public:
  explicit Planner(const FilterProgram& program) : program_(program) {}

  std::vector<Clause> Plan(const ConditionNode& node) const {
    switch (node.kind) {
      case ConditionNode::Kind::kLeaf:
        return PlanLeaf(program_.conditions[node.condition]);
      case ConditionNode::Kind::kNot:
        return {};
      case ConditionNode::Kind::kAnd:
        return PlanAnd(node);
      case ConditionNode::Kind::kOr:
        return PlanOr(node);
    }
    return {};
  }

 private:
  std::vector<Clause> PlanAnd(const ConditionNode& node) const {
    std::vector<Clause> clauses;
    AmountBounds bounds;
    CollectBounds(node, bounds);
    if (bounds.any()) clauses.push_back({AmountTerm(bounds)});
    for (const ConditionNode& child : node.children) {
      if (IsAmountLeaf(child)) continue;
      for (Clause& clause : Plan(child)) clauses.push_back(std::move(clause));
    }
    if (clauses.size() > kMaxClauses) clauses.resize(kMaxClauses);
    return clauses;
  }

  // The union of each part's shortest clause.
  std::vector<Clause> PlanOr(const ConditionNode& node) const {
    Clause all;
    for (const ConditionNode& child : node.children) {
      const std::vector<Clause> clauses = Plan(child);
      if (clauses.empty()) return {};
      const Clause& best = *std::min_element(
          clauses.begin(), clauses.end(),
          [](const Clause& a, const Clause& b) { return Cost(a) < Cost(b); });
      all.insert(all.end(), best.begin(), best.end());
    }
    if (all.size() > kMaxClauseTerms) return {};
    return {std::move(all)};
  }

  // Without knowing the other rules.
  static std::pair<int, size_t> Cost(const Clause& clause) {
    int worst = 0;
    for (const Term& term : clause)
      worst = std::max(worst, static_cast<int>(term.kind));
    return {worst, clause.size()};
  }

  bool IsAmountLeaf(const ConditionNode& node) const {
    return node.kind == ConditionNode::Kind::kLeaf &&
           IsAmountField(program_.conditions[node.condition].field);
  }

  void CollectBounds(const ConditionNode& node, AmountBounds& bounds) const {
    if (node.kind == ConditionNode::Kind::kLeaf) {
      BoundAmount(program_.conditions[node.condition], bounds);
    } else if (node.kind == ConditionNode::Kind::kAnd) {
      for (const ConditionNode& child : node.children)
        CollectBounds(child, bounds);
    }
  }

  static std::vector<Clause> PlanLeaf(const Condition& condition) {
    switch (condition.test) {
      case Test::kHasKey:
        return {{{Term::Kind::kEntity, EntityTermKey(condition.text)}}};
      case Test::kEqual:
        if (condition.field == FieldId::kEntityName)
          return {{{Term::Kind::kEntity, EntityTermKey(condition.text)}}};
        if (condition.field == FieldId::kSource)
          return {{{Term::Kind::kSource, SourceTermKey(condition.text)}}};
        break;
      case Test::kPhrase:
        if (condition.field == FieldId::kText)
          return PlanPhrase(condition.words);
        if (condition.field == FieldId::kHeadline)
          return PlanWords(condition.words);
        break;
      case Test::kNear: {
        std::vector<Clause> clauses = PlanPhrase(condition.words);
        for (Clause& clause : PlanPhrase(condition.other))
          clauses.push_back(std::move(clause));
        return clauses;
      }
      default:
        break;
    }
    AmountBounds bounds;
    BoundAmount(condition, bounds);
    if (bounds.any()) return {{AmountTerm(bounds)}};
    return {};
  }

  static std::vector<Clause> PlanPhrase(const std::vector<uint64_t>& words) {
    if (words.size() < 2) return PlanWords(words);
    std::vector<Clause> clauses;
    for (size_t i = 1; i < words.size() && i < kMaxClauses; ++i)
      clauses.push_back(
          {{Term::Kind::kPair, PairTermKey(words[i - 1], words[i])}});
    return clauses;
  }

  // The headline's words stand in the text too, but cut into sentences.
  static std::vector<Clause> PlanWords(const std::vector<uint64_t>& words) {
    std::vector<Clause> clauses;
    for (size_t i = 0; i < words.size() && i < kMaxClauses; ++i)
      clauses.push_back({{Term::Kind::kWord, WordTermKey(words[i])}});
    return clauses;
  }

  const FilterProgram& program_;
};

}  // namespace

uint64_t EntityTermKey(absl::string_view entity_key) {
  return Mix(ExactHash(entity_key), 0x656E74697479);
}
uint64_t PairTermKey(uint64_t first_word, uint64_t second_word) {
  return Mix(Mix(first_word, 0x70616972) + second_word, 0x70616972);
}
uint64_t WordTermKey(uint64_t word) { return word; }
uint64_t SourceTermKey(absl::string_view source) {
  return Mix(ExactHash(source), 0x736F75726365);
}
uint64_t UnitTermKey(absl::string_view unit) {
  if (unit.empty()) return 0;
  return Mix(ExactHash(absl::AsciiStrToLower(unit)), 0x756E6974);
}

std::vector<Clause> RequiredClauses(const FilterProgram& program) {
  if (program.always) return {};
  return Planner(program).Plan(program.root);
}

}  // namespace tocsin
