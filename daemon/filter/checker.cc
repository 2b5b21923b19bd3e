#include "filter/checker.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "filter/function_checker.h"
#include "filter/value_checker.h"

namespace tocsin {
namespace {

using Node = SyntaxNode;
using Test = Condition::Test;

absl::string_view PlaceShown(FilterPlace place) {
  switch (place) {
    case FilterPlace::kRule:
      return "a rule";
    case FilterPlace::kAlert:
      return "a filter of alerts";
    case FilterPlace::kArticle:
      return "a filter of articles";
    case FilterPlace::kEntity:
      return "a filter of entities";
    case FilterPlace::kMention:
      return "a filter of mentions";
  }
  return "this filter";
}

class Checker {
 public:
  Checker(absl::string_view text, FilterPlace place) : text_(text) {
    program_.text = std::string(text);
    program_.place = place;
  }

  absl::StatusOr<FilterProgram> Run(const Node& root) {
    TOCSIN_ASSIGN_OR_RETURN(program_.root, Check(root));
    const auto any_of = [&](bool (*is)(FieldId)) {
      return std::any_of(program_.conditions.begin(), program_.conditions.end(),
                         [&](const Condition& c) { return is(c.field); });
    };
    program_.about = any_of(IsAmountField)   ? FilterAbout::kAmount
                     : any_of(IsEntityField) ? FilterAbout::kEntity
                                             : FilterAbout::kArticle;
    Summarize();
    return std::move(program_);
  }

 private:
  using NodeOr = absl::StatusOr<ConditionNode>;

  absl::Status Error(const Node& node, absl::string_view message) const {
    return FilterError(text_, node.begin, message);
  }

  // What depends on the filter as a whole.
  void Summarize() {
    const bool names_vague = std::any_of(
        program_.conditions.begin(), program_.conditions.end(),
        [](const Condition& c) { return c.field == FieldId::kAmountVague; });
    const FieldId subject = program_.about == FilterAbout::kAmount
                                ? FieldId::kAmount
                                : FieldId::kEntity;
    for (Condition& condition : program_.conditions) {
      if (condition.test == Test::kChanged) program_.names_changed = true;
      if (condition.test != Test::kNew) continue;
      if (condition.field == FieldId::kAmount)
        condition.with_vague = names_vague;
      if (condition.field == subject && condition.window > 0)
        program_.windows.push_back(condition.window);
    }
    std::sort(program_.windows.begin(), program_.windows.end());
  }

  NodeOr Check(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kAnd:
      case Node::Kind::kOr: {
        ConditionNode joined;
        joined.kind = node.kind == Node::Kind::kAnd ? ConditionNode::Kind::kAnd
                                                    : ConditionNode::Kind::kOr;
        for (const Node& child : node.children) {
          TOCSIN_ASSIGN_OR_RETURN(ConditionNode part, Check(child));
          joined.children.push_back(std::move(part));
        }
        return joined;
      }
      case Node::Kind::kNot: {
        TOCSIN_ASSIGN_OR_RETURN(ConditionNode inner, Check(node.children[0]));
        return Not(std::move(inner));
      }
      case Node::Kind::kCompare:
        return Compare(node.children[0], node, node.children[1]);
      case Node::Kind::kCall:
        return Predicate(node);
      case Node::Kind::kName:
        return Bare(node);
      case Node::Kind::kString:
        return Error(node,
                     "a text by itself says nothing; write a field before it, "
                     "such as article.text:\"...\"");
    }
    return Error(node, "not understood");
  }

  // A name without an operator: a boolean.
  NodeOr Bare(const Node& node) {
    TOCSIN_ASSIGN_OR_RETURN(const FieldInfo* field, Lookup(node));
    if (field->type != FieldType::kBool)
      return Error(
          node, absl::StrCat("`", field->name, "` needs a comparison, such as ",
                             ExampleOf(*field)));
    Condition condition;
    condition.test = Test::kIs;
    condition.field = field->id;
    condition.number = 1;
    return Leaf(std::move(condition), node);
  }

  // A call without an operator.
  NodeOr Predicate(const Node& node) {
    TOCSIN_ASSIGN_OR_RETURN(CheckedCall call,
                            CheckCall(text_, program_.place, node));
    if (call.is_number)
      return Error(node, absl::StrCat("`", node.text,
                                      "` is a number; compare it, such as ",
                                      node.text, "(entity, 24h) >= 3"));
    return Leaf(std::move(call.condition), node);
  }

  // left `op` right, where right may be a list in parentheses.
  NodeOr Compare(const Node& left, const Node& compare, const Node& right) {
    switch (right.kind) {
      case Node::Kind::kAnd:
      case Node::Kind::kOr:
      case Node::Kind::kNot: {
        ConditionNode joined;
        joined.kind = right.kind == Node::Kind::kAnd ? ConditionNode::Kind::kAnd
                      : right.kind == Node::Kind::kOr
                          ? ConditionNode::Kind::kOr
                          : ConditionNode::Kind::kNot;
        for (const Node& child : right.children) {
          TOCSIN_ASSIGN_OR_RETURN(ConditionNode part,
                                  Compare(left, compare, child));
          joined.children.push_back(std::move(part));
        }
        return joined;
      }
      case Node::Kind::kCompare:
        return Error(
            right, absl::StrCat(
                       "a comparison cannot be a value; expected a value for `",
                       left.text, "`"));
      case Node::Kind::kCall:
        return FilterError(text_, right.begin,
                           "a function cannot be a value; expected a number, a "
                           "word or a text in quotes");
      case Node::Kind::kName:
      case Node::Kind::kString:
        break;
    }
    if (left.kind == Node::Kind::kString)
      return Error(left,
                   "expected a field or a function before the operator, not a "
                   "text in quotes");
    if (left.kind == Node::Kind::kCall)
      return CompareCall(left, compare, right);
    std::string label;
    TOCSIN_ASSIGN_OR_RETURN(const FieldInfo* field, Lookup(left, &label));
    TOCSIN_ASSIGN_OR_RETURN(CheckedValue value,
                            CheckValue(text_, *field, label, compare, right));
    const bool negated = value.negated;
    Condition present;
    present.field = value.condition.field;
    present.key = value.condition.key;
    TOCSIN_ASSIGN_OR_RETURN(ConditionNode test,
                            Leaf(std::move(value.condition), compare));
    if (!negated) return test;
    // `!=`: there is a value, and another one.
    ConditionNode both;
    both.kind = ConditionNode::Kind::kAnd;
    TOCSIN_ASSIGN_OR_RETURN(ConditionNode there,
                            Leaf(std::move(present), compare));
    both.children.push_back(std::move(there));
    both.children.push_back(Not(std::move(test)));
    return both;
  }

  NodeOr CompareCall(const Node& left, const Node& compare, const Node& right) {
    TOCSIN_ASSIGN_OR_RETURN(CheckedCall call,
                            CheckCall(text_, program_.place, left));
    if (!call.is_number)
      return FilterError(
          text_, compare.op_begin,
          absl::StrCat(
              "`", left.text,
              "(...)` holds or not; it is not compared with anything"));
    TOCSIN_ASSIGN_OR_RETURN(CheckedValue value,
                            CheckCount(text_, left.text, compare, right));
    call.condition.compare = value.condition.test;
    call.condition.number = value.condition.number;
    TOCSIN_ASSIGN_OR_RETURN(ConditionNode leaf,
                            Leaf(std::move(call.condition), compare));
    return value.negated ? Not(std::move(leaf)) : std::move(leaf);
  }

  // `label` is set for labels.NAME; where it is null, labels are not expected.
  absl::StatusOr<const FieldInfo*> Lookup(const Node& node,
                                          std::string* label = nullptr) {
    const FieldInfo* field = FindField(program_.place, node.text);
    if (field != nullptr) return field;
    if (label != nullptr && absl::StartsWith(node.text, "labels.")) {
      field = FindField(program_.place, "labels");
      if (field != nullptr) {
        *label = node.text.substr(7);
        return field;
      }
    }
    if (IsFieldElsewhere(node.text)) {
      return Error(node, absl::StrCat("`", node.text, "` cannot be used in ",
                                      PlaceShown(program_.place),
                                      program_.place == FilterPlace::kAlert
                                          ? ": an alert does not carry it"
                                          : "",
                                      DidYouMean(node.text,
                                                 FieldNames(program_.place))));
    }
    const std::vector<absl::string_view> names = FieldNames(program_.place);
    const std::string near = DidYouMean(node.text, names);
    if (node.text == "new" || node.text == "changed" || node.text == "near" ||
        node.text == "sources" || node.text == "mentions")
      return Error(node,
                   absl::StrCat("`", node.text, "` is a function; write `",
                                node.text, "(...)`"));
    return Error(
        node, absl::StrCat(
                  "unknown field `", node.text, "`",
                  near.empty()
                      ? absl::StrCat("; known are ", absl::StrJoin(names, ", "))
                      : near));
  }

  static ConditionNode Not(ConditionNode inner) {
    if (inner.kind == ConditionNode::Kind::kNot) {
      ConditionNode twice = std::move(inner.children[0]);
      return twice;
    }
    ConditionNode node;
    node.kind = ConditionNode::Kind::kNot;
    node.children.push_back(std::move(inner));
    return node;
  }

  NodeOr Leaf(Condition condition, const Node& node) {
    if (++terms_ > kMaxFilterTerms)
      return Error(node,
                   absl::StrCat("more than ", kMaxFilterTerms, " conditions"));
    condition.begin = static_cast<uint32_t>(node.begin);
    condition.end = static_cast<uint32_t>(node.end);
    std::vector<Condition>& all = program_.conditions;
    const auto same = std::find_if(
        all.begin(), all.end(),
        [&](const Condition& other) { return SameTest(other, condition); });
    ConditionNode leaf;
    leaf.condition = static_cast<uint32_t>(same - all.begin());
    if (same == all.end()) all.push_back(std::move(condition));
    return leaf;
  }

  const absl::string_view text_;
  FilterProgram program_;
  int terms_ = 0;
};

}  // namespace

absl::StatusOr<FilterProgram> CheckFilter(absl::string_view text,
                                          FilterPlace place,
                                          const SyntaxNode& root) {
  return Checker(text, place).Run(root);
}

}  // namespace tocsin
