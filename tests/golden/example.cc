#include "golden/example.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::array<std::pair<absl::string_view, EntityType>, 8> kTypes = {
    {{"PERSON", EntityType::kPerson},
     {"ORGANIZATION", EntityType::kOrganization},
     {"PLACE", EntityType::kPlace},
     {"PRODUCT", EntityType::kProduct},
     {"WORK", EntityType::kWork},
     {"EVENT", EntityType::kEvent},
     {"OTHER", EntityType::kOther},
     {"TYPE_UNSPECIFIED", EntityType::kUnspecified}}};

absl::string_view TypeName(EntityType type) {
  for (const auto& [name, value] : kTypes) {
    if (value == type) return name;
  }
  return "?";
}

absl::Status Bad(absl::string_view meaning, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("(", meaning, "): ", why));
}

// `500e9`, `2e9..3e9`, `~5`, `>=5`, `<=5`.
absl::Status ParseValue(absl::string_view value, absl::string_view meaning,
                        Amount& amount) {
  if (absl::ConsumePrefix(&value, "~")) amount.approximate = true;
  if (absl::ConsumePrefix(&value, ">=")) amount.bound = AmountBound::kAtLeast;
  if (absl::ConsumePrefix(&value, "<=")) amount.bound = AmountBound::kAtMost;
  const size_t dots = value.find("..");
  const absl::string_view low = value.substr(0, dots);
  const absl::string_view high =
      dots == absl::string_view::npos ? low : value.substr(dots + 2);
  if (!absl::SimpleAtod(low, &amount.low.value) ||
      !absl::SimpleAtod(high, &amount.high.value)) {
    return Bad(meaning, "expected a value such as 500e9 or 2..3");
  }
  return absl::OkStatus();
}

absl::Status ParseAmount(std::vector<absl::string_view> words,
                         Expectation& expected) {
  Amount& amount = expected.amount;
  amount.unit = std::string(words[0]);
  if (words[0] == "COUNT") {
    amount.kind = AmountKind::kCount;
    amount.unit.clear();
    expected.any_unit = true;
  } else if (words[0] == "%" || words[0] == "pp") {
    amount.kind = AmountKind::kPercent;
  } else {
    amount.kind = AmountKind::kMoney;
  }
  size_t i = 1;
  if (i < words.size() && words[i] == "vague") {
    amount.vague = true;
    ++i;
  }
  if (i == words.size()) return Bad(expected.meaning, "the value is missing");
  TOCSIN_RETURN_IF_ERROR(ParseValue(words[i++], expected.meaning, amount));
  for (; i < words.size(); ++i) {
    if (absl::StartsWith(words[i], "@")) {
      expected.anchor_key = std::string(words[i].substr(1));
    } else if (amount.kind == AmountKind::kCount && expected.any_unit) {
      amount.unit = std::string(words[i]);
      expected.any_unit = false;
    } else {
      return Bad(expected.meaning, "too many words");
    }
  }
  return absl::OkStatus();
}

bool IsUnit(absl::string_view word) {
  return word == "%" || word == "pp" || word == "COUNT" ||
         (word.size() == 3 && std::all_of(word.begin(), word.end(), [](char c) {
            return c >= 'A' && c <= 'Z';
          }));
}

absl::Status ParseName(const std::vector<absl::string_view>& words,
                       Expectation& expected) {
  if (words[0] != "NAME") {
    for (absl::string_view type : absl::StrSplit(words[0], '/')) {
      const auto* it =
          std::find_if(kTypes.begin(), kTypes.end(),
                       [&](const auto& entry) { return entry.first == type; });
      if (it == kTypes.end()) {
        return Bad(expected.meaning, "expected a unit or a type");
      }
      expected.types.push_back(it->second);
    }
  }
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "listed" || words[i] == "unlisted") {
      expected.listed = words[i] == "listed";
    } else if (expected.key.empty()) {
      expected.key = std::string(words[i]);
    } else {
      return Bad(expected.meaning, "too many words");
    }
  }
  return absl::OkStatus();
}

absl::Status ParseMeaning(absl::string_view meaning, Expectation& expected) {
  expected.meaning = std::string(meaning);
  const std::vector<absl::string_view> words =
      absl::StrSplit(meaning, ' ', absl::SkipEmpty());
  if (words.empty()) return Bad(meaning, "is empty");
  return IsUnit(words[0]) ? ParseAmount(words, expected)
                          : ParseName(words, expected);
}

// Reads one field: text with marks, up to the end of `line` or ` || `.
class FieldParser {
 public:
  FieldParser(Field field, std::string& text,
              std::vector<Expectation>& expected)
      : field_(field), text_(text), expected_(expected) {}

  absl::Status Parse(absl::string_view line) {
    for (size_t pos = 0; pos < line.size(); ++pos) {
      const char c = line[pos];
      if (c == '\\' && pos + 1 < line.size()) {
        const char next = line[++pos];
        text_.push_back(next == 'n' ? '\n' : next);
      } else if (c == '[') {
        open_.push_back(static_cast<uint32_t>(text_.size()));
      } else if (c == ']') {
        const size_t end = line.find(')', pos);
        if (open_.empty() || line.substr(pos, 2) != "](" ||
            end == absl::string_view::npos) {
          return absl::InvalidArgumentError("a mark is [text](meaning)");
        }
        Expectation expected;
        expected.span = {field_, open_.back(),
                         static_cast<uint32_t>(text_.size())};
        open_.pop_back();
        TOCSIN_RETURN_IF_ERROR(
            ParseMeaning(line.substr(pos + 2, end - pos - 2), expected));
        expected_.push_back(std::move(expected));
        pos = end;
      } else {
        text_.push_back(c);
      }
    }
    if (!open_.empty()) return absl::InvalidArgumentError("[ without ]");
    return absl::OkStatus();
  }

 private:
  const Field field_;
  std::string& text_;
  std::vector<Expectation>& expected_;
  std::vector<uint32_t> open_;
};

bool Near(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

std::string Number(const Decimal& number) {
  return absl::StrFormat("%.15g", number.value);
}

std::string Describe(const Amount& amount) {
  std::string out = amount.kind == AmountKind::kCount ? "COUNT" : amount.unit;
  if (amount.vague) out += " vague";
  out += ' ';
  if (amount.approximate) out += '~';
  if (amount.bound == AmountBound::kAtLeast) out += ">=";
  if (amount.bound == AmountBound::kAtMost) out += "<=";
  out += Number(amount.low);
  if (amount.high.value != amount.low.value) {
    out += ".." + Number(amount.high);
  }
  if (amount.kind == AmountKind::kCount) out += " " + amount.unit;
  return out;
}

std::string AnchorKey(const Amount& amount, const Analysis& analysis) {
  return amount.anchor < 0
             ? "-"
             : analysis.entities[static_cast<size_t>(amount.anchor)].key;
}

std::string AmountMismatch(const Expectation& expected, const Amount& amount,
                           const Analysis& analysis) {
  const Amount& wanted = expected.amount;
  if (amount.kind != wanted.kind ||
      (!expected.any_unit && amount.unit != wanted.unit)) {
    return "another unit";
  }
  if (!Near(amount.low.value, wanted.low.value) ||
      !Near(amount.high.value, wanted.high.value)) {
    return "another value";
  }
  double text_value = 0;
  if (!absl::SimpleAtod(amount.low.text, &text_value) ||
      !Near(text_value, amount.low.value)) {
    return absl::StrCat("its text and its value differ: `", amount.low.text,
                        "`");
  }
  if (amount.approximate != wanted.approximate) return "approximate or not";
  if (amount.bound != wanted.bound) return "another bound";
  if (amount.vague != wanted.vague) return "vague or not";
  if (expected.anchor_key &&
      AnchorKey(amount, analysis) != *expected.anchor_key) {
    return absl::StrCat("another anchor: ", AnchorKey(amount, analysis));
  }
  return "";
}

}  // namespace

absl::StatusOr<Example> ParseExample(absl::string_view line) {
  Example example;
  example.wanted = absl::ConsumePrefix(&line, "? ");
  const size_t bar = line.find(" || ");
  if (bar != absl::string_view::npos) {
    TOCSIN_RETURN_IF_ERROR(FieldParser(Field::kHeadline,
                                       example.article.headline,
                                       example.expected)
                               .Parse(line.substr(0, bar)));
    line.remove_prefix(bar + 4);
  }
  TOCSIN_RETURN_IF_ERROR(
      FieldParser(Field::kBody, example.article.body, example.expected)
          .Parse(line));
  return example;
}

std::string Mismatch(const Expectation& expected, const Mention& found,
                     const Analysis& analysis) {
  if (expected.is_amount()) {
    return AmountMismatch(expected,
                          analysis.amounts[static_cast<size_t>(found.amount)],
                          analysis);
  }
  const Entity& entity = analysis.entities[static_cast<size_t>(found.entity)];
  if (!expected.types.empty() &&
      std::find(expected.types.begin(), expected.types.end(), entity.type) ==
          expected.types.end()) {
    return "another type";
  }
  if (!expected.key.empty() && expected.key != entity.key) {
    return "another key";
  }
  if (expected.listed && *expected.listed != entity.listed) {
    return "listed or not";
  }
  return "";
}

std::string Describe(const Mention& mention, const Analysis& analysis) {
  if (mention.amount >= 0) {
    const Amount& amount =
        analysis.amounts[static_cast<size_t>(mention.amount)];
    return absl::StrCat("[", mention.surface, "](", Describe(amount), " @",
                        AnchorKey(amount, analysis), ")");
  }
  const Entity& entity = analysis.entities[static_cast<size_t>(mention.entity)];
  return absl::StrCat("[", mention.surface, "](", TypeName(entity.type), " ",
                      entity.key, entity.listed ? " listed" : " unlisted", ")");
}

}  // namespace tocsin
