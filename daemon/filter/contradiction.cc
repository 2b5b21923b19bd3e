#include "filter/contradiction.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "filter/error.h"

namespace tocsin {
namespace {

using Test = Condition::Test;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Numbers, times, enums and booleans between two bounds, less single values.
struct Interval {
  double low = -kInfinity, high = kInfinity;
  bool low_open = false, high_open = false;
  std::set<double> without;

  bool Empty(const FieldInfo& info) const {
    if (low > high) return true;
    if (low == high) return low_open || high_open || without.contains(low);
    if (info.type == FieldType::kNumber || info.type == FieldType::kTime ||
        info.type == FieldType::kInterval)
      return false;
    // Whole numbers of a small range: try each.
    const double first = low_open ? std::floor(low) + 1 : std::ceil(low);
    const double last = high_open ? std::ceil(high) - 1 : std::floor(high);
    if (first > last) return true;
    if (last - first > 300) return false;
    for (double value = first; value <= last; ++value) {
      if (!without.contains(value)) return false;
    }
    return true;
  }
};

// What one way through the filter asks of one field. The condition that last
// narrowed it is what an error points at.
struct Domain {
  bool must_be_there = false;
  bool must_be_absent = false;
  Interval numbers;
  std::optional<std::string> text;  // Must be equal to it.
  std::set<std::string> not_texts;
};

// The fields of one conjunction. False from Require: it cannot hold.
class Conjunction {
 public:
  explicit Conjunction(const FilterProgram& program) : program_(program) {}

  bool Require(uint32_t index, bool positive) {
    if (const auto [at, added] = decided_.try_emplace(index, positive);
        !added && at->second != positive)
      return Fail(index, "it is asked for and excluded at once");
    const Condition& condition = program_.conditions[index];
    const FieldInfo& info = InfoOf(condition.field);
    Domain& domain = domains_[{condition.field, condition.key}];
    if (positive) domain.must_be_there = true;
    switch (condition.test) {
      case Test::kPresent:
        if (!positive) domain.must_be_absent = true;
        break;
      case Test::kEqual:
        if (info.type == FieldType::kLanguage) break;  // Tags nest.
        if (!RequireText(domain, condition.text, positive))
          return Fail(index, absl::StrCat("`", info.name,
                                          "` cannot be two things at once"));
        break;
      case Test::kIs:
      case Test::kLess:
      case Test::kLessEqual:
      case Test::kGreater:
      case Test::kGreaterEqual:
      case Test::kNumberEqual:
        if (info.type == FieldType::kInterval) {
          if (!RequireValue(condition, positive))
            return Fail(index, "no amount is within these bounds");
          break;
        }
        Narrow(domain.numbers, condition.test, condition.number, positive);
        if (info.type != FieldType::kNumber && info.type != FieldType::kTime)
          Bound(domain.numbers, info);
        // An absent value fails the test, so NOT of it still holds.
        if (domain.must_be_there && domain.numbers.Empty(info))
          return Fail(index,
                      absl::StrCat("no value of `", info.name, "` is left"));
        break;
      case Test::kNew:
        return RequireNew(index, condition, positive);
      default:
        break;
    }
    if (domain.must_be_there && domain.must_be_absent)
      return Fail(index, absl::StrCat("`", info.name,
                                      "` is asked for and excluded at once"));
    return RequireKindAndUnit(index) && RequireLowHigh(index);
  }

  // What copying it takes, in conditions.
  size_t size() const { return decided_.size() + domains_.size(); }
  uint32_t culprit() const { return culprit_; }
  const std::string& reason() const { return reason_; }

 private:
  bool Fail(uint32_t index, std::string reason) {
    culprit_ = index;
    reason_ = std::move(reason);
    return false;
  }

  static bool RequireText(Domain& domain, const std::string& text,
                          bool positive) {
    if (!positive) {
      domain.not_texts.insert(text);
      return domain.text != text;
    }
    if (domain.text.has_value() && *domain.text != text) return false;
    domain.text = text;
    return !domain.not_texts.contains(text);
  }

  static void Narrow(Interval& interval, Test test, double number,
                     bool positive) {
    if (!positive) {
      switch (test) {
        case Test::kLess:
          test = Test::kGreaterEqual;
          break;
        case Test::kLessEqual:
          test = Test::kGreater;
          break;
        case Test::kGreater:
          test = Test::kLessEqual;
          break;
        case Test::kGreaterEqual:
          test = Test::kLess;
          break;
        default:
          interval.without.insert(number);
          return;
      }
    }
    const bool open = test == Test::kLess || test == Test::kGreater;
    if (test != Test::kGreater && test != Test::kGreaterEqual) {  // From above.
      if (number < interval.high || (number == interval.high && open)) {
        interval.high = number;
        interval.high_open = open;
      }
    }
    if (test != Test::kLess && test != Test::kLessEqual) {  // From below.
      if (number > interval.low || (number == interval.low && open)) {
        interval.low = number;
        interval.low_open = open;
      }
    }
  }

  static void Bound(Interval& interval, const FieldInfo& info) {
    const double least = info.type == FieldType::kBool ? 0 : info.least;
    const double most = info.type == FieldType::kBool ? 1 : info.most;
    Narrow(interval, Test::kGreaterEqual, least, true);
    Narrow(interval, Test::kLessEqual, most, true);
  }

  // amount.value of a range is all that lies between: `> 5` is about its high
  // end and `< 3` about its low one. Only negations bind both.
  bool RequireValue(const Condition& condition, bool positive) {
    Domain& low = domains_[{FieldId::kAmountLow, ""}];
    Domain& high = domains_[{FieldId::kAmountHigh, ""}];
    if (!positive || condition.test == Test::kNumberEqual) return true;
    const bool from_below = condition.test == Test::kGreater ||
                            condition.test == Test::kGreaterEqual;
    Domain& end = from_below ? high : low;
    end.must_be_there = true;
    Narrow(end.numbers, condition.test, condition.number, true);
    return !end.numbers.Empty(InfoOf(FieldId::kAmountHigh));
  }

  // low <= high, so an upper bound of high is one of low.
  bool RequireLowHigh(uint32_t index) {
    const auto low = domains_.find({FieldId::kAmountLow, ""});
    const auto high = domains_.find({FieldId::kAmountHigh, ""});
    if (low == domains_.end() || high == domains_.end()) return true;
    if (!low->second.must_be_there || !high->second.must_be_there) return true;
    const Interval &l = low->second.numbers, &h = high->second.numbers;
    if (l.low < h.high || (l.low == h.high && !l.low_open && !h.high_open))
      return true;
    return Fail(index, "`amount.low` is never above `amount.high`");
  }

  // A percentage has the unit % or pp, money a code of three letters.
  bool RequireKindAndUnit(uint32_t index) {
    const auto kind = domains_.find({FieldId::kAmountKind, ""});
    const auto unit = domains_.find({FieldId::kAmountUnit, ""});
    if (kind == domains_.end() || unit == domains_.end()) return true;
    const Interval& numbers = kind->second.numbers;
    if (!kind->second.must_be_there || !unit->second.text.has_value() ||
        numbers.low != numbers.high)
      return true;
    const std::string& text = *unit->second.text;
    const bool percent = text == "%" || text == "pp";
    if (numbers.low == 2 && !percent)
      return Fail(index, "a PERCENT amount has the unit % or pp");
    if (numbers.low == 1 && (percent || text.size() != 3))
      return Fail(
          index,
          "a MONEY amount has an ISO 4217 code as its unit, such as USD");
    if (numbers.low == 3 && percent)
      return Fail(index, "a COUNT is of things; % and pp are units of PERCENT");
    return true;
  }

  // new(x) without a window: no article had it before.
  bool RequireNew(uint32_t index, const Condition& condition, bool positive) {
    if (!positive) return true;
    const bool entity = condition.field == FieldId::kEntity;
    const FieldId count =
        entity ? FieldId::kEntityArticleCount : FieldId::kAmountArticleCount;
    if (condition.window == 0) {
      Domain& domain = domains_[{count, ""}];
      domain.must_be_there = true;
      Bound(domain.numbers, InfoOf(count));
      Narrow(domain.numbers, Test::kNumberEqual, 0, true);
      if (domain.numbers.Empty(InfoOf(count)))
        return Fail(index, absl::StrCat("what is new has an `",
                                        InfoOf(count).name, "` of 0"));
      for (const FieldId seen :
           {entity ? FieldId::kEntityFirstSeen : FieldId::kAmountFirstSeen,
            entity ? FieldId::kEntityLastSeen : FieldId::kAmountLastSeen}) {
        Domain& time = domains_[{seen, ""}];
        if (time.must_be_there)
          return Fail(index, absl::StrCat("what is new has no `",
                                          InfoOf(seen).name, "`"));
        time.must_be_absent = true;
      }
    }
    return true;
  }

  const FilterProgram& program_;
  std::map<uint32_t, bool> decided_;
  std::map<std::pair<FieldId, std::string>, Domain> domains_;
  uint32_t culprit_ = 0;
  std::string reason_;
};

// Conditions looked at, over all ways, before the filter is let pass: so that
// no filter takes more than a millisecond or two here.
constexpr size_t kMaxWork = 8192;

// Walks every way through the ORs, depth first, until one can hold.
class Search {
 public:
  explicit Search(const FilterProgram& program) : program_(program) {}

  // nullopt if some way may hold, or there are too many to tell.
  std::optional<std::pair<uint32_t, std::string>> Run() {
    std::vector<Goal> goals = {{&program_.root, true}};
    const bool possible = Try(Conjunction(program_), std::move(goals));
    if (possible) return std::nullopt;
    return failure_;
  }

 private:
  struct Goal {
    const ConditionNode* node;
    bool positive;
  };

  // Whether `goals` may hold together with what `so_far` asks.
  bool Try(Conjunction so_far, std::vector<Goal> goals) {
    std::vector<Goal> choices;
    while (!goals.empty()) {
      const Goal goal = goals.back();
      goals.pop_back();
      const ConditionNode& node = *goal.node;
      switch (node.kind) {
        case ConditionNode::Kind::kLeaf:
          ++work_;
          if (!so_far.Require(node.condition, goal.positive)) {
            if (!failure_.has_value())
              failure_.emplace(so_far.culprit(), so_far.reason());
            return false;
          }
          break;
        case ConditionNode::Kind::kNot:
          goals.push_back({&node.children[0], !goal.positive});
          break;
        default:
          if ((node.kind == ConditionNode::Kind::kAnd) == goal.positive) {
            // From the back, so that the first is tried first.
            for (auto child = node.children.rbegin();
                 child != node.children.rend(); ++child)
              goals.push_back({&*child, goal.positive});
          } else {
            choices.push_back(goal);
          }
      }
    }
    if (choices.empty()) return true;
    const Goal choice = choices.back();
    choices.pop_back();
    for (const ConditionNode& child : choice.node->children) {
      std::vector<Goal> next = choices;
      next.push_back({&child, choice.positive});
      work_ += so_far.size();
      if (work_ >= kMaxWork || Try(so_far, std::move(next))) return true;
    }
    return false;
  }

  const FilterProgram& program_;
  size_t work_ = 0;
  std::optional<std::pair<uint32_t, std::string>> failure_;
};

}  // namespace

absl::Status RefuseContradiction(const FilterProgram& program) {
  const auto failure = Search(program).Run();
  if (!failure.has_value()) return absl::OkStatus();
  return FilterError(program.text, program.conditions[failure->first].begin,
                     absl::StrCat("this can never match: ", failure->second));
}

}  // namespace tocsin
