#include "filter/value_checker.h"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "filter/literal.h"
#include "filter/phrase.h"
#include "text/fold.h"

namespace tocsin {
namespace {

using Node = SyntaxNode;
using Test = Condition::Test;

absl::string_view OpShown(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
      return "=";
    case CompareOp::kNotEqual:
      return "!=";
    case CompareOp::kLess:
      return "<";
    case CompareOp::kLessEqual:
      return "<=";
    case CompareOp::kGreater:
      return ">";
    case CompareOp::kGreaterEqual:
      return ">=";
    case CompareOp::kHas:
      return ":";
  }
  return "";
}

// `:` on a single value is `=` (AIP-160).
Test NumberTest(CompareOp op) {
  switch (op) {
    case CompareOp::kLess:
      return Test::kLess;
    case CompareOp::kLessEqual:
      return Test::kLessEqual;
    case CompareOp::kGreater:
      return Test::kGreater;
    case CompareOp::kGreaterEqual:
      return Test::kGreaterEqual;
    default:
      return Test::kNumberEqual;
  }
}

bool IsEquality(CompareOp op) {
  return op == CompareOp::kEqual || op == CompareOp::kNotEqual ||
         op == CompareOp::kHas;
}

// More words than that are no phrase.
constexpr size_t kMaxPhraseWords = 64;

class ValueChecker {
 public:
  ValueChecker(absl::string_view text, const FieldInfo& field,
               absl::string_view label, const Node& compare, const Node& value)
      : text_(text), field_(field), compare_(compare), value_(value) {
    condition_.field = field.id;
    condition_.key = std::string(label);
  }

  absl::StatusOr<CheckedValue> Run() {
    if (compare_.op == CompareOp::kHas && value_.kind == Node::Kind::kName &&
        value_.text == "*") {
      condition_.test = Test::kPresent;
    } else {
      TOCSIN_RETURN_IF_ERROR(CheckType());
    }
    return CheckedValue{std::move(condition_),
                        compare_.op == CompareOp::kNotEqual};
  }

 private:
  absl::Status CheckType() {
    switch (field_.type) {
      case FieldType::kExact:
      case FieldType::kFolded:
      case FieldType::kUnit:
      case FieldType::kLanguage:
      case FieldType::kKey:
      case FieldType::kRuleName:
        return CheckText();
      case FieldType::kWords:
        return CheckWords();
      case FieldType::kKeys:
        return CheckKeys();
      case FieldType::kEnum:
        return CheckEnum();
      case FieldType::kBool:
        return CheckBool();
      case FieldType::kInt:
      case FieldType::kNumber:
      case FieldType::kInterval:
        return CheckNumber();
      case FieldType::kTime:
        return CheckTime();
      case FieldType::kMap:
        return CheckLabel();
      case FieldType::kMessage:
        return FilterError(
            text_, compare_.begin,
            absl::StrCat(
                "`", field_.name, "` is not a value; write `", field_.name,
                ":*` for whether there is one, or one of its fields, such as ",
                field_.id == FieldId::kEntity ? "`entity.type`"
                                              : "`amount.unit`"));
    }
    return absl::OkStatus();
  }

  absl::Status BadOp(absl::string_view expected) const {
    return FilterError(
        text_, compare_.op_begin,
        absl::StrCat("`", OpShown(compare_.op), "` cannot compare `",
                     field_.name, "`; expected ", expected));
  }
  absl::Status BadValue(absl::string_view expected) const {
    return FilterError(
        text_, value_.begin,
        absl::StrCat("expected ", expected, " for `", field_.name, "`"));
  }

  absl::Status CheckText() {
    if (!IsEquality(compare_.op)) return BadOp("`=`, `!=` or `:`");
    if (value_.text.empty()) return BadValue("a text that is not empty");
    std::string value = value_.text;
    if (field_.type == FieldType::kKey)
      value = std::string(absl::StripPrefix(value, "entities/"));
    if (field_.type == FieldType::kRuleName)
      value = std::string(absl::StripPrefix(value, "rules/"));
    if (compare_.op == CompareOp::kHas) return CheckHas(std::move(value));
    if (absl::StrContains(value, '*') && field_.type != FieldType::kUnit &&
        field_.type != FieldType::kLanguage) {
      condition_.test = Test::kGlob;
      condition_.text = field_.type == FieldType::kFolded ? FoldText(value)
                        : field_.type == FieldType::kKey
                            ? absl::AsciiStrToLower(value)
                            : value;
      return absl::OkStatus();
    }
    condition_.test = Test::kEqual;
    return SetComparable(std::move(value));
  }

  // The text in the form that the evaluator compares.
  absl::Status SetComparable(std::string value) {
    switch (field_.type) {
      case FieldType::kFolded:
        condition_.text = FoldText(value);
        break;
      case FieldType::kUnit:
        condition_.text = absl::AsciiStrToLower(value);
        break;
      case FieldType::kLanguage:
        condition_.text = absl::AsciiStrToLower(value);
        for (const char c : condition_.text) {
          if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-')
            return BadValue("a BCP 47 tag such as \"sv\" or \"de-AT\"");
        }
        break;
      case FieldType::kKey:
        condition_.text = Fold(value);
        if (condition_.text.empty())
          return BadValue("an entity such as \"entities/openai\"");
        break;
      default:
        condition_.text = std::move(value);
    }
    return absl::OkStatus();
  }

  absl::Status CheckHas(std::string value) {
    if (field_.type == FieldType::kFolded) return SetPhrase();
    if (field_.type == FieldType::kLanguage ||
        field_.type == FieldType::kUnit) {
      condition_.test = Test::kEqual;
      return SetComparable(std::move(value));
    }
    condition_.test = Test::kContains;
    condition_.text = absl::AsciiStrToLower(value);
    return absl::OkStatus();
  }

  absl::Status SetPhrase() {
    condition_.test = Test::kPhrase;
    condition_.words = FoldedWords(value_.text);
    if (condition_.words.empty())
      return FilterError(text_, value_.begin,
                         "there is no word in it, so nothing could match; "
                         "expected a word or a phrase");
    if (condition_.words.size() > kMaxPhraseWords)
      return FilterError(
          text_, value_.begin,
          absl::StrCat("a phrase has at most ", kMaxPhraseWords, " words"));
    return absl::OkStatus();
  }

  absl::Status CheckWords() {
    if (compare_.op != CompareOp::kHas)
      return BadOp("`:`, which looks for whole words");
    return SetPhrase();
  }

  absl::Status CheckKeys() {
    if (compare_.op != CompareOp::kHas)
      return BadOp("`:`, such as article.entities:\"entities/openai\"");
    condition_.test = Test::kHasKey;
    condition_.text = Fold(absl::StripPrefix(value_.text, "entities/"));
    if (condition_.text.empty())
      return BadValue("an entity such as \"entities/openai\"");
    return absl::OkStatus();
  }

  absl::Status CheckEnum() {
    if (!IsEquality(compare_.op)) return BadOp("`=` or `!=`");
    std::vector<absl::string_view> names;
    for (const EnumValue& candidate : field_.values) {
      if (absl::EqualsIgnoreCase(candidate.name, value_.text)) {
        condition_.test = Test::kIs;
        condition_.number = candidate.number;
        return absl::OkStatus();
      }
      names.push_back(candidate.name);
    }
    return FilterError(
        text_, value_.begin,
        absl::StrCat("`", value_.text, "` is not a value of `", field_.name,
                     "`; expected ", absl::StrJoin(names, ", "),
                     DidYouMean(value_.text, names)));
  }

  absl::Status CheckBool() {
    if (!IsEquality(compare_.op)) return BadOp("`=` or `!=`");
    condition_.test = Test::kIs;
    if (value_.text == "true") {
      condition_.number = 1;
    } else if (value_.text != "false") {
      return BadValue("true or false");
    }
    return absl::OkStatus();
  }

  absl::Status CheckNumber() {
    const std::optional<double> number = value_.kind == Node::Kind::kName
                                             ? ParseNumber(value_.text)
                                             : std::nullopt;
    if (!number.has_value())
      return BadValue("a number such as 500, 2.5m or 1bn (without quotes)");
    condition_.test = NumberTest(compare_.op);
    condition_.number = *number;
    if (field_.type == FieldType::kInt) return CheckRange(*number);
    return absl::OkStatus();
  }

  // A whole number that the field can have and that tells anything apart.
  absl::Status CheckRange(double number) const {
    if (number != std::floor(number)) return BadValue("a whole number");
    const bool below = number<field_.least, above = number> field_.most;
    if (!below && !above) return absl::OkStatus();
    if (std::isinf(field_.most))
      return BadValue(absl::StrCat("a number from ", field_.least, " up"));
    return BadValue(
        absl::StrCat("a number from ", field_.least, " to ", field_.most));
  }

  absl::Status CheckTime() {
    const std::optional<absl::Time> time = ParseTimeLiteral(value_.text);
    if (!time.has_value())
      return BadValue(
          "a time such as \"2026-11-21T08:00:00Z\" or a date such as "
          "2026-11-21");
    condition_.test = NumberTest(compare_.op);
    condition_.number = static_cast<double>(absl::ToUnixMicros(*time));
    return absl::OkStatus();
  }

  absl::Status CheckLabel() {
    if (condition_.key.empty()) {
      if (compare_.op != CompareOp::kHas)
        return BadOp("`:`, or one label, such as labels.desk = \"economy\"");
      condition_.test = Test::kPresent;
      condition_.key = value_.text;
      return absl::OkStatus();
    }
    if (!IsEquality(compare_.op)) return BadOp("`=`, `!=` or `:`");
    condition_.test =
        absl::StrContains(value_.text, '*') ? Test::kGlob : Test::kEqual;
    condition_.text = value_.text;
    return absl::OkStatus();
  }

  const absl::string_view text_;
  const FieldInfo& field_;
  const Node& compare_;
  const Node& value_;
  Condition condition_;
};

}  // namespace

absl::StatusOr<CheckedValue> CheckValue(absl::string_view text,
                                        const FieldInfo& field,
                                        absl::string_view label,
                                        const SyntaxNode& compare,
                                        const SyntaxNode& value) {
  return ValueChecker(text, field, label, compare, value).Run();
}

absl::StatusOr<CheckedValue> CheckCount(absl::string_view text,
                                        absl::string_view function,
                                        const SyntaxNode& compare,
                                        const SyntaxNode& value) {
  const std::optional<double> number =
      value.kind == Node::Kind::kName ? ParseNumber(value.text) : std::nullopt;
  if (!number.has_value() || *number < 0 || *number != std::floor(*number)) {
    return FilterError(text, value.begin,
                       absl::StrCat("expected a whole number to compare `",
                                    function, "(...)` with"));
  }
  CheckedValue checked;
  checked.condition.test = NumberTest(compare.op);
  checked.condition.number = *number;
  checked.negated = compare.op == CompareOp::kNotEqual;
  return checked;
}

std::string ExampleOf(const FieldInfo& field) {
  switch (field.type) {
    case FieldType::kWords:
    case FieldType::kFolded:
      return absl::StrCat("`", field.name, ":\"data center\"`");
    case FieldType::kKey:
      return absl::StrCat("`", field.name, " = \"entities/openai\"`");
    case FieldType::kKeys:
      return absl::StrCat("`", field.name, ":\"entities/openai\"`");
    case FieldType::kEnum:
      return absl::StrCat("`", field.name, " = ", field.values[0].name, "`");
    case FieldType::kBool:
      return absl::StrCat("`", field.name, " = true`");
    case FieldType::kInt:
      return absl::StrCat("`", field.name, " <= 3`");
    case FieldType::kNumber:
    case FieldType::kInterval:
      return absl::StrCat("`", field.name, " >= 1bn`");
    case FieldType::kTime:
      return absl::StrCat("`", field.name, " >= 2026-11-21`");
    case FieldType::kMessage:
      return absl::StrCat("`", field.name, ":*`");
    case FieldType::kMap:
      return absl::StrCat("`", field.name, ".desk = \"economy\"`");
    case FieldType::kUnit:
      return absl::StrCat("`", field.name, " = \"USD\"`");
    case FieldType::kLanguage:
      return absl::StrCat("`", field.name, " = \"sv\"`");
    default:
      return absl::StrCat("`", field.name, " = \"...\"`");
  }
}

}  // namespace tocsin
