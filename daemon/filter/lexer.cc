#include "filter/lexer.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "filter/error.h"

namespace tocsin {
namespace {

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// What an unquoted word may hold anywhere. `-` may stand inside of one too.
bool IsWordChar(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || absl::ascii_isalnum(u) || c == '_' || c == '*' ||
         c == '/' || c == '%';
}

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<FilterToken>> Run() {
    std::vector<FilterToken> tokens;
    tokens.reserve(text_.size() / 6 + 8);
    while (true) {
      const size_t before = at_;
      while (at_ < text_.size() &&
             absl::ascii_isspace(static_cast<unsigned char>(text_[at_])))
        ++at_;
      FilterToken token;
      token.space_before = at_ > before;
      token.begin = at_;
      if (at_ == text_.size()) {
        token.end = at_;
        tokens.push_back(std::move(token));
        return tokens;
      }
      TOCSIN_RETURN_IF_ERROR(Next(token));
      token.end = at_;
      tokens.push_back(std::move(token));
    }
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  absl::Status Next(FilterToken& token) {
    const char c = Peek();
    if (c == '"' || c == '\'') return String(token);
    if (IsDigit(c)) return Number(token);
    if (IsWordChar(c)) return Word(token);
    return Operator(token);
  }

  absl::Status Operator(FilterToken& token) {
    using Kind = FilterTokenKind;
    const char c = text_[at_++];
    const auto or_equal = [&](Kind plain, Kind with_equal) {
      if (Peek() != '=') return plain;
      ++at_;
      return with_equal;
    };
    switch (c) {
      case '(':
        token.kind = Kind::kLeft;
        break;
      case ')':
        token.kind = Kind::kRight;
        break;
      case ',':
        token.kind = Kind::kComma;
        break;
      case '.':
        token.kind = Kind::kDot;
        break;
      case ':':
        token.kind = Kind::kHas;
        break;
      case '-':
        token.kind = Kind::kMinus;
        break;
      case '<':
        token.kind = or_equal(Kind::kLess, Kind::kLessEqual);
        break;
      case '>':
        token.kind = or_equal(Kind::kGreater, Kind::kGreaterEqual);
        break;
      case '=':
        token.kind = Kind::kEqual;
        if (Peek() == '=')
          return FilterError(text_, at_, "`==` is not an operator; write `=`");
        break;
      case '!':
        if (Peek() != '=')
          return FilterError(text_, at_ - 1,
                             "`!` is not an operator; write `NOT` or `!=`");
        ++at_;
        token.kind = Kind::kNotEqual;
        break;
      default:
        return FilterError(
            text_, at_ - 1,
            absl::StrCat("unexpected `", std::string(1, c),
                         "`; text with such characters goes in quotes"));
    }
    return absl::OkStatus();
  }

  // A number, duration, date or time: `1.5bn`, `1e-3`, `30d`, `2026-11-21`,
  // `2026-11-21T08:00:00+01:00`.
  absl::Status Number(FilterToken& token) {
    const size_t begin = at_;
    bool is_time = false;
    while (at_ < text_.size()) {
      const char c = Peek(), next = Peek(1);
      const char last = at_ > begin ? text_[at_ - 1] : '\0';
      const bool joins =
          IsDigit(next) || (!is_time && c == '-' && IsWordChar(next));
      if (c == 'T' && at_ == begin + 10 && text_[begin + 4] == '-')
        is_time = true;
      const bool exponent = (last == 'e' || last == 'E') && c == '+';
      if (IsWordChar(c) || ((c == '.' || c == '-') && joins) ||
          ((exponent || (is_time && (c == ':' || c == '+'))) &&
           IsDigit(next))) {
        ++at_;
      } else {
        break;
      }
    }
    token.kind = FilterTokenKind::kText;
    token.text = std::string(text_.substr(begin, at_ - begin));
    return absl::OkStatus();
  }

  absl::Status Word(FilterToken& token) {
    const size_t begin = at_;
    while (at_ < text_.size() &&
           (IsWordChar(Peek()) || (Peek() == '-' && IsWordChar(Peek(1)))))
      ++at_;
    token.text = std::string(text_.substr(begin, at_ - begin));
    token.kind = token.text == "AND"   ? FilterTokenKind::kAnd
                 : token.text == "OR"  ? FilterTokenKind::kOr
                 : token.text == "NOT" ? FilterTokenKind::kNot
                                       : FilterTokenKind::kText;
    return absl::OkStatus();
  }

  absl::Status String(FilterToken& token) {
    const size_t begin = at_;
    const char quote = text_[at_++];
    token.kind = FilterTokenKind::kString;
    while (at_ < text_.size() && text_[at_] != quote) {
      char c = text_[at_++];
      if (c == '\\') {
        const char escaped = Peek();
        switch (escaped) {
          case 'n':
            c = '\n';
            break;
          case 't':
            c = '\t';
            break;
          case '\\':
          case '"':
          case '\'':
            c = escaped;
            break;
          default:
            return FilterError(text_, at_ - 1,
                               "unknown escape; only \\\\ \\\" \\' \\n and \\t "
                               "stand for something");
        }
        ++at_;
      }
      token.text.push_back(c);
    }
    if (at_ == text_.size())
      return FilterError(text_, begin,
                         absl::StrCat("this quotation does not end; expected `",
                                      std::string(1, quote), "`"));
    ++at_;
    return absl::OkStatus();
  }

  const absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<FilterToken>> LexFilter(absl::string_view text) {
  return Lexer(text).Run();
}

}  // namespace tocsin
