#include "rules/explanation.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "filter/evaluator.h"
#include "filter/program.h"
#include "rules/rule_subject.h"
#include "rules/validate.h"

namespace tocsin {
namespace {

// As it is written. An item of a list on the right, `field = (a OR b)`, begins
// with the field and ends before the parenthesis.
std::string TextOf(const FilterProgram& program, const Condition& condition) {
  std::string text =
      program.text.substr(condition.begin, condition.end - condition.begin);
  auto open = std::count(text.begin(), text.end(), '(') -
              std::count(text.begin(), text.end(), ')');
  for (size_t i = condition.end; open > 0 && i < program.text.size(); ++i) {
    text += program.text[i];
    if (program.text[i] == ')') --open;
  }
  return text;
}

// Whether the parts of a node are the items of one such list.
bool IsList(const FilterProgram& program, const ConditionNode& node) {
  return std::all_of(
      node.children.begin(), node.children.end(),
      [&](const ConditionNode& child) {
        return child.kind == ConditionNode::Kind::kLeaf &&
               program.conditions[child.condition].begin ==
                   program.conditions[node.children[0].condition].begin;
      });
}

ExplainedPart ExplainNode(const FilterProgram& program,
                          const ConditionNode& node, const Subject& subject) {
  ExplainedPart part;
  if (node.kind == ConditionNode::Kind::kLeaf) {
    const Condition& condition = program.conditions[node.condition];
    part.holds = Holds(condition, subject);
    part.text = TextOf(program, condition);
    part.actual = ValueShown(condition, subject);
    return part;
  }
  for (const ConditionNode& child : node.children) {
    part.parts.push_back(ExplainNode(program, child, subject));
  }
  const auto holds = [](const ExplainedPart& child) { return child.holds; };
  switch (node.kind) {
    case ConditionNode::Kind::kAnd:
      part.kind = ExplainedPart::Kind::kAnd;
      part.holds = std::all_of(part.parts.begin(), part.parts.end(), holds);
      break;
    case ConditionNode::Kind::kOr:
      part.kind = ExplainedPart::Kind::kOr;
      part.holds = std::any_of(part.parts.begin(), part.parts.end(), holds);
      break;
    default:
      part.kind = ExplainedPart::Kind::kNot;
      part.holds = !part.parts[0].holds;
  }
  if (part.kind != ExplainedPart::Kind::kNot && IsList(program, node)) {
    part.kind = ExplainedPart::Kind::kTest;
    part.text = part.parts[0].text;
    part.actual = part.parts[0].actual;
    part.parts.clear();
  }
  return part;
}

double Closeness(const ExplainedPart& part) {
  if (part.holds) return 1;
  double sum = 0, best = 0;
  for (const ExplainedPart& child : part.parts) {
    const double closeness = Closeness(child);
    sum += closeness;
    best = std::max(best, closeness);
  }
  switch (part.kind) {
    case ExplainedPart::Kind::kAnd:
      return sum / static_cast<double>(part.parts.size());
    case ExplainedPart::Kind::kOr:
      return best;
    default:
      return 0;
  }
}

}  // namespace

absl::StatusOr<RuleExplainer> RuleExplainer::Create(const Rule& rule) {
  TOCSIN_ASSIGN_OR_RETURN(std::shared_ptr<const Filter> filter,
                          CompileRule(rule));
  return RuleExplainer(std::move(filter));
}

Explanation RuleExplainer::Explain(const ArticleFacts& article,
                                   const ArticleWords& words,
                                   absl::Span<const Sighting> sightings,
                                   int sighting, const Scans* scans) const {
  Subject subject = SubjectOfArticle(article, words, scans);
  if (sighting >= 0) {
    SetSighting(*article.analysis, sightings[static_cast<size_t>(sighting)],
                subject);
  }
  const FilterProgram& program = filter_->program();
  Explanation explanation;
  explanation.filter = ExplainNode(program, program.root, subject);
  explanation.matches = explanation.filter.holds;
  explanation.closeness = Closeness(explanation.filter);
  if (explanation.matches) explanation.novelty = filter_->NoveltyOf(subject);
  return explanation;
}

}  // namespace tocsin
