#include "filter/parser.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "filter/filter.h"
#include "filter/lexer.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

using Kind = FilterTokenKind;
using Node = SyntaxNode;

std::optional<CompareOp> OperatorOf(Kind kind) {
  switch (kind) {
    case Kind::kEqual:
      return CompareOp::kEqual;
    case Kind::kNotEqual:
      return CompareOp::kNotEqual;
    case Kind::kLess:
      return CompareOp::kLess;
    case Kind::kLessEqual:
      return CompareOp::kLessEqual;
    case Kind::kGreater:
      return CompareOp::kGreater;
    case Kind::kGreaterEqual:
      return CompareOp::kGreaterEqual;
    case Kind::kHas:
      return CompareOp::kHas;
    default:
      return std::nullopt;
  }
}

bool BeginsTerm(Kind kind) {
  return kind == Kind::kText || kind == Kind::kString || kind == Kind::kNot ||
         kind == Kind::kMinus || kind == Kind::kLeft;
}

// Recursive descent; `depth_` counts open parentheses, calls and negations.
class Parser {
 public:
  Parser(absl::string_view text, std::vector<FilterToken> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  absl::StatusOr<std::optional<Node>> Run() {
    if (Peek().kind == Kind::kEnd) return std::nullopt;
    TOCSIN_ASSIGN_OR_RETURN(Node root, Expression());
    if (Peek().kind != Kind::kEnd) {
      return Error(
          Peek().kind == Kind::kRight
              ? "this `)` closes nothing"
              : absl::StrCat("unexpected ", Shown(Peek()),
                             "; expected AND, OR or the end of the filter"));
    }
    return std::optional<Node>(std::move(root));
  }

 private:
  const FilterToken& Peek(size_t ahead = 0) const {
    const size_t at = at_ + ahead;
    return tokens_[at < tokens_.size() ? at : tokens_.size() - 1];
  }
  bool Take(Kind kind) {
    if (Peek().kind != kind) return false;
    ++at_;
    return true;
  }
  absl::Status Error(absl::string_view message) const {
    return FilterError(text_, Peek().begin, message);
  }
  std::string Shown(const FilterToken& token) const {
    if (token.kind == Kind::kEnd) return "end of the filter";
    return absl::StrCat(
        "`",
        text_.substr(token.begin,
                     std::min<size_t>(token.end - token.begin, 40)),
        "`");
  }
  absl::Status Deeper() {
    if (++depth_ > kMaxFilterDepth)
      return Error(
          absl::StrCat("nested deeper than ", kMaxFilterDepth, " levels"));
    return absl::OkStatus();
  }
  static Node Join(Node::Kind kind, std::vector<Node> parts) {
    if (parts.size() == 1) return std::move(parts[0]);
    Node node;
    node.kind = kind;
    node.begin = parts.front().begin;
    node.end = parts.back().end;
    node.children = std::move(parts);
    return node;
  }

  absl::StatusOr<Node> Expression() {
    std::vector<Node> parts;
    do {
      do {
        TOCSIN_ASSIGN_OR_RETURN(Node factor, Factor());
        parts.push_back(std::move(factor));
      } while (BeginsTerm(Peek().kind));
    } while (Take(Kind::kAnd));
    return Join(Node::Kind::kAnd, std::move(parts));
  }

  absl::StatusOr<Node> Factor() {
    std::vector<Node> parts;
    do {
      TOCSIN_ASSIGN_OR_RETURN(Node term, Term());
      parts.push_back(std::move(term));
    } while (Take(Kind::kOr));
    return Join(Node::Kind::kOr, std::move(parts));
  }

  absl::StatusOr<Node> Term() {
    const size_t begin = Peek().begin;
    if (Take(Kind::kNot) || Take(Kind::kMinus)) {
      TOCSIN_RETURN_IF_ERROR(Deeper());
      TOCSIN_ASSIGN_OR_RETURN(Node inner, Term());
      --depth_;
      Node node;
      node.kind = Node::Kind::kNot;
      node.begin = begin;
      node.end = inner.end;
      node.children.push_back(std::move(inner));
      return node;
    }
    if (Peek().kind == Kind::kLeft) return Composite();
    return Restriction();
  }

  absl::StatusOr<Node> Composite() {
    const size_t open = Peek().begin;
    TOCSIN_RETURN_IF_ERROR(Deeper());
    ++at_;
    TOCSIN_ASSIGN_OR_RETURN(Node inner, Expression());
    if (!Take(Kind::kRight)) {
      if (Peek().kind == Kind::kEnd)
        return FilterError(text_, open, "this `(` is not closed; expected `)`");
      return Error(absl::StrCat("unexpected ", Shown(Peek()),
                                "; expected AND, OR or `)`"));
    }
    --depth_;
    return inner;
  }

  absl::StatusOr<Node> Restriction() {
    TOCSIN_ASSIGN_OR_RETURN(Node left, Comparable());
    const std::optional<CompareOp> op = OperatorOf(Peek().kind);
    if (!op.has_value()) return left;
    Node node;
    node.kind = Node::Kind::kCompare;
    node.op = *op;
    node.begin = left.begin;
    node.op_begin = Peek().begin;
    ++at_;
    TOCSIN_ASSIGN_OR_RETURN(Node right, Argument());
    node.end = right.end;
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(right));
    return node;
  }

  absl::StatusOr<Node> Argument() {
    if (Peek().kind == Kind::kLeft) return Composite();
    if (Peek().kind == Kind::kMinus && Peek(1).kind == Kind::kText &&
        !Peek(1).space_before) {
      const size_t begin = Peek().begin;
      ++at_;
      TOCSIN_ASSIGN_OR_RETURN(Node value, Comparable());
      value.text.insert(0, 1, '-');
      value.begin = begin;
      return value;
    }
    if (Peek().kind != Kind::kText && Peek().kind != Kind::kString)
      return Error(
          absl::StrCat("unexpected ", Shown(Peek()), "; expected a value"));
    return Comparable();
  }

  absl::StatusOr<Node> Comparable() {
    Node node;
    node.begin = Peek().begin;
    if (Peek().kind == Kind::kString) {
      node.kind = Node::Kind::kString;
      node.text = Peek().text;
      node.end = Peek().end;
      ++at_;
      return node;
    }
    if (Peek().kind != Kind::kText)
      return Error(absl::StrCat("unexpected ", Shown(Peek()),
                                "; expected a field, a function or `(`"));
    node.text = Peek().text;
    node.end = Peek().end;
    ++at_;
    while (Peek().kind == Kind::kDot) {
      ++at_;
      const FilterToken& part = Peek();
      if (part.kind != Kind::kText && part.kind != Kind::kString &&
          part.kind != Kind::kAnd && part.kind != Kind::kOr &&
          part.kind != Kind::kNot)
        return Error(
            absl::StrCat("unexpected ", Shown(part),
                         "; expected the rest of the name after the point"));
      absl::StrAppend(&node.text, ".", part.text);
      node.end = part.end;
      ++at_;
    }
    if (Peek().kind == Kind::kLeft && !Peek().space_before)
      return Call(std::move(node));
    return node;
  }

  absl::StatusOr<Node> Call(Node node) {
    const size_t open = Peek().begin;
    node.kind = Node::Kind::kCall;
    TOCSIN_RETURN_IF_ERROR(Deeper());
    ++at_;
    if (Peek().kind != Kind::kRight) {
      do {
        TOCSIN_ASSIGN_OR_RETURN(Node argument, Argument());
        node.children.push_back(std::move(argument));
      } while (Take(Kind::kComma));
    }
    node.end = Peek().end;
    if (!Take(Kind::kRight)) {
      if (Peek().kind == Kind::kEnd)
        return FilterError(text_, open, "this `(` is not closed; expected `)`");
      return Error(
          absl::StrCat("unexpected ", Shown(Peek()), "; expected `,` or `)`"));
    }
    --depth_;
    return node;
  }

  const absl::string_view text_;
  const std::vector<FilterToken> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

absl::StatusOr<std::optional<SyntaxNode>> ParseFilter(absl::string_view text) {
  if (text.size() > kMaxFilterBytes) {
    return FilterError(text, kMaxFilterBytes,
                       absl::StrCat("a filter has at most ", kMaxFilterBytes,
                                    " bytes; this one has ", text.size()));
  }
  if (const size_t bad = FindInvalidUtf8(text); bad != absl::string_view::npos)
    return FilterError(text.substr(0, bad), bad, "not UTF-8 from here");
  if (const size_t nul = text.find('\0'); nul != absl::string_view::npos)
    return FilterError(text, nul, "a filter cannot hold the character NUL");
  TOCSIN_ASSIGN_OR_RETURN(std::vector<FilterToken> tokens, LexFilter(text));
  return Parser(text, std::move(tokens)).Run();
}

}  // namespace tocsin
