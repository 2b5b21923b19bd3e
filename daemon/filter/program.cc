#include "filter/program.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

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

template <typename T>
void AppendRaw(const T& value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

std::string CanonicalForm(const Condition& condition) {
  std::string out;
  out.reserve(64);
  AppendRaw(condition.test, out);
  AppendRaw(condition.field, out);
  AppendRaw(condition.compare, out);
  AppendRaw(condition.with_vague, out);
  AppendRaw(condition.number, out);
  AppendRaw(condition.window, out);
  AppendRaw(condition.words.size(), out);
  for (const uint64_t word : condition.words) AppendRaw(word, out);
  AppendRaw(condition.other.size(), out);
  for (const uint64_t word : condition.other) AppendRaw(word, out);
  AppendRaw(condition.key.size(), out);
  absl::StrAppend(&out, condition.key, condition.text);
  return out;
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
