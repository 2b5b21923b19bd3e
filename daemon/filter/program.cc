#include "filter/program.h"

#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

void Generate(const ConditionNode& node, std::vector<CodeWord>& code) {
  switch (node.kind) {
    case ConditionNode::Kind::kLeaf:
      code.push_back(MakeCode(CodeOp::kTest, node.condition));
      return;
    case ConditionNode::Kind::kNot:
      Generate(node.children[0], code);
      code.push_back(MakeCode(CodeOp::kNot, 0));
      return;
    case ConditionNode::Kind::kAnd:
    case ConditionNode::Kind::kOr: {
      const CodeOp jump = node.kind == ConditionNode::Kind::kAnd
                              ? CodeOp::kJumpIfFalse
                              : CodeOp::kJumpIfTrue;
      std::vector<size_t> jumps;
      for (size_t i = 0; i < node.children.size(); ++i) {
        if (i > 0) {
          jumps.push_back(code.size());
          code.push_back(0);
        }
        Generate(node.children[i], code);
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

std::vector<CodeWord> GenerateCode(const ConditionNode& root) {
  std::vector<CodeWord> code;
  Generate(root, code);
  return code;
}

}  // namespace tocsin
