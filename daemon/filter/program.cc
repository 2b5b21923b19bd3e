#include "filter/program.h"

#include <algorithm>

namespace tocsin {
namespace {

bool HasScan(const ConditionNode& node,
             absl::Span<const Condition> conditions) {
  if (node.kind == ConditionNode::Kind::kLeaf)
    return IsScan(conditions[node.condition]);
  return std::any_of(
      node.children.begin(), node.children.end(),
      [&](const ConditionNode& child) { return HasScan(child, conditions); });
}

void Generate(const ConditionNode& node, absl::Span<const Condition> conditions,
              std::vector<CodeWord>& code) {
  switch (node.kind) {
    case ConditionNode::Kind::kLeaf:
      code.push_back(MakeCode(CodeOp::kTest, node.condition));
      return;
    case ConditionNode::Kind::kNot:
      Generate(node.children[0], conditions, code);
      code.push_back(MakeCode(CodeOp::kNot, 0));
      return;
    case ConditionNode::Kind::kAnd:
    case ConditionNode::Kind::kOr: {
      const CodeOp jump = node.kind == ConditionNode::Kind::kAnd
                              ? CodeOp::kJumpIfFalse
                              : CodeOp::kJumpIfTrue;
      std::vector<const ConditionNode*> children;
      for (const ConditionNode& child : node.children)
        children.push_back(&child);
      std::stable_partition(children.begin(), children.end(),
                            [&](const ConditionNode* child) {
                              return !HasScan(*child, conditions);
                            });
      std::vector<size_t> jumps;
      for (const ConditionNode* child : children) {
        if (child != children.front()) {
          jumps.push_back(code.size());
          code.push_back(0);
        }
        Generate(*child, conditions, code);
      }
      for (const size_t at : jumps)
        code[at] = MakeCode(jump, static_cast<uint32_t>(code.size()));
      return;
    }
  }
}

}  // namespace

bool SameTest(const Condition& a, const Condition& b) {
  return a.test == b.test && a.field == b.field && a.compare == b.compare &&
         a.with_vague == b.with_vague && a.number == b.number &&
         a.window == b.window && a.text == b.text && a.key == b.key &&
         a.words == b.words && a.other == b.other;
}

bool IsScan(const Condition& condition) {
  return condition.test == Condition::Test::kSources ||
         condition.test == Condition::Test::kMentions;
}

std::vector<CodeWord> GenerateCode(const ConditionNode& root,
                                   absl::Span<const Condition> conditions) {
  std::vector<CodeWord> code;
  Generate(root, conditions, code);
  return code;
}

}  // namespace tocsin
