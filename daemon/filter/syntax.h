// The syntax tree of a filter: what the parser makes and the checker reads.
#ifndef TOCSIN_FILTER_SYNTAX_H_
#define TOCSIN_FILTER_SYNTAX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tocsin {

enum class CompareOp : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kHas,
};

struct SyntaxNode {
  enum class Kind : uint8_t {
    kAnd,      // Two or more children; also what stands side by side.
    kOr,       // Two or more children.
    kNot,      // One child.
    kCompare,  // Children: a kName or kCall, then the argument.
    kCall,     // `text` is the function; children are arguments.
    kName,     // `text` is a dotted name, number or word.
    kString,   // `text` was quoted.
  };

  Kind kind = Kind::kName;
  CompareOp op = CompareOp::kEqual;
  size_t begin = 0;  // Bytes of the filter's text, end exclusive.
  size_t end = 0;
  size_t op_begin = 0;  // kCompare: where the operator stands.
  std::string text;
  std::vector<SyntaxNode> children;
};

}  // namespace tocsin

#endif  // TOCSIN_FILTER_SYNTAX_H_
