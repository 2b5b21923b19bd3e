// What a number without a unit counts: the noun after it.
//
// There is no tagger here. A known word for a thing decides at once; else the
// language's own signs do (capitals, endings of the plural), and words that
// stand between a number and its noun are stepped over. When in doubt, nothing
// is counted: a missed count costs less than a false one.
#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "detect/amount_parser.h"
#include "text/fold.h"

namespace tocsin {
namespace {

using Role = AmountWord::Role;

constexpr int kMaxModifiers = 3;
constexpr size_t kShortestHead = 4;
constexpr uint64_t kLargestSmallNumber = 12;
constexpr size_t kMaxUnitBytes = 60;

// A number stands right after one of these only if it opens something.
bool IsOpening(absl::string_view text) {
  return text == "(" || text == "[" || text == "\"" || text == "\xE2\x80\x9C" ||
         text == "\xE2\x80\x9D" || text == "\xE2\x80\x9E" ||
         text == "\xC2\xAB" || text == "\xC2\xBB" || text == "\xE2\x80\x98" ||
         text == "\xE2\x80\x99";
}

bool IsSmall(const NumberMatch& number) {
  return !number.has_scale && !number.vague &&
         Less(number.low, ExactDecimal{kLargestSmallNumber + 1, 0, false});
}

bool LooksPlural(absl::string_view folded, const AmountWords& words) {
  return std::any_of(words.plural_endings().begin(),
                     words.plural_endings().end(),
                     [&](const std::string& ending) {
                       return folded.size() > ending.size() + 2 &&
                              absl::EndsWith(folded, ending);
                     });
}

// The longest known head of a solid compound: `fabriken` of `chipfabriken`.
const AmountWord* HeadOf(absl::string_view folded, const AmountWords& words) {
  if (folded.size() > kMaxUnitBytes) return nullptr;
  for (size_t at = 2; at + kShortestHead <= folded.size(); ++at) {
    const AmountWord* head = words.Find(ExactHash(folded.substr(at)));
    if (head != nullptr && head->Has(Role::kCounted | Role::kNotCounted)) {
      return head;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<AmountParser::Counted> AmountParser::CountedAfter(
    const Quantity& quantity, uint32_t floor) const {
  const NumberMatch& number = quantity.number;
  if (!MayCount(quantity, floor)) return std::nullopt;
  uint32_t pos = number.last;
  if (number.vague || number.has_scale) {
    const AmountWords::Match of =
        scope_.words->Longest(scope_.tokens, pos, scope_.end);
    if (of.Has(Role::kOf)) pos += of.token_count;
  }
  std::optional<Counted> counted = NounAt(pos);
  if (!counted) return std::nullopt;
  // `billions roll`: without a number the noun must be a sure one.
  if (number.vague && pos == number.last && !counted->known &&
      !scope_.words->noun_capitals()) {
    return std::nullopt;
  }
  counted->first = number.last;
  if (number.first > floor) {
    const Token& before = scope_.tokens[number.first - 1];
    const bool is_name =
        before.Has(Token::kUpperFirst) && !before.Has(Token::kSentenceStart);
    const bool is_plain = number.has_digits && !number.grouped &&
                          !number.has_scale && number.integer_digits <= 3;
    if (is_name && is_plain && !counted->known) return std::nullopt;
  }
  if (number.low == ExactDecimal{1, 0, false} && !counted->known) {
    return std::nullopt;
  }
  // `1,950 people` but not `2023 founded companies`.
  const bool is_near = counted->last == number.last + 1;
  if (number.LooksLikeYear() && !(counted->known && is_near)) {
    return std::nullopt;
  }
  return counted;
}

// Whether the number and what stands around it allow that it counts.
bool AmountParser::MayCount(const Quantity& quantity, uint32_t floor) const {
  const NumberMatch& number = quantity.number;
  if (number.needs_unit || number.low.negative || number.low.is_zero()) {
    return false;
  }
  if (scope_.Glued(number.first) && !IsOpening(scope_.Text(number.first - 1))) {
    return false;
  }
  if (number.has_digits) {
    if (number.leading_zero) return false;
    if (number.has_fraction && !number.has_scale) return false;
  } else if (number.low == ExactDecimal{1, 0, false} && !number.has_scale) {
    return false;
  }
  if (scope_.Glued(number.last)) return false;
  if (number.first <= floor) return true;
  const AmountWords::Match before =
      scope_.words->EndingAt(scope_.tokens, floor, number.first);
  if (before.Has(Role::kLabel) && !number.has_scale && !number.grouped) {
    return false;
  }
  if (before.Has(Role::kMonth)) return false;
  if (before && before.word->year_before && number.LooksLikeYear()) {
    return false;
  }
  if (before.Has(Role::kDefinite) && IsSmall(number)) return false;
  const Token& token = scope_.tokens[number.first - 1];
  return token.kind != TokenKind::kNumber ||
         scope_.tokens[number.first].Has(Token::kNewlineBefore);
}

std::optional<AmountParser::Counted> AmountParser::NounAt(uint32_t pos) const {
  const AmountWords& words = *scope_.words;
  Counted counted;
  for (int steps = 0; steps <= kMaxModifiers; ++steps) {
    if (pos >= scope_.end) return std::nullopt;
    const Token& token = scope_.tokens[pos];
    if (token.kind != TokenKind::kWord || token.Has(Token::kNewlineBefore) ||
        FusedUnit(pos).word != nullptr) {
      return std::nullopt;
    }
    const AmountWords::Match match =
        words.Longest(scope_.tokens, pos, scope_.end);
    const uint32_t next = pos + std::max(1u, match.token_count);
    // Tokens [pos, end) are one word with hyphens.
    uint32_t end = next;
    while (scope_.IsInnerHyphen(end)) end += 2;
    const bool is_compound = end > next;
    if (match && !is_compound) {
      if (match.Has(Role::kNotCounted | Role::kMonth) || match.word->IsUnit()) {
        return std::nullopt;
      }
      if (match.Has(Role::kCounted)) {
        counted.unit = std::string(words.Concept(match.word->concept_id));
        counted.known = true;
        counted.last = next;
        return counted;
      }
      if (match.Has(Role::kModifier)) {
        pos = next;
        continue;
      }
      if (match.Has(Role::kFunction | Role::kNumber | Role::kScale |
                    Role::kVague | Role::kLabel)) {
        return std::nullopt;
      }
    }
    const uint32_t last = end - 1;
    if (scope_.tokens[last].kind != TokenKind::kWord) return std::nullopt;
    const std::string head = FoldText(scope_.Text(last));
    const AmountWord* known =
        is_compound ? words.Find(scope_.tokens[last].folded) : nullptr;
    size_t head_begin = 0;
    if (known == nullptr || !known->Has(Role::kCounted | Role::kNotCounted)) {
      known = HeadOf(head, words);
      if (known != nullptr) {
        // Where the head begins is found again by its length below.
        head_begin = 1;
      }
    }
    if (known != nullptr && known->Has(Role::kNotCounted)) return std::nullopt;
    const bool capital = scope_.tokens[last].Has(Token::kUpperFirst);
    const bool is_noun =
        known != nullptr ||
        (words.noun_capitals() ? capital : LooksPlural(head, words));
    if (!is_noun) {
      // An adjective, if a noun follows.
      pos = end;
      continue;
    }
    std::string text;
    for (uint32_t i = pos; i < last; ++i) {
      if (!scope_.Is(i, '-'))
        absl::StrAppend(&text, FoldText(scope_.Text(i)), " ");
    }
    if (known != nullptr && is_compound && head_begin == 0) {
      absl::StrAppend(&text, words.Concept(known->concept_id));
    } else {
      absl::StrAppend(&text, head);
    }
    if (text.size() > kMaxUnitBytes) return std::nullopt;
    counted.unit = std::move(text);
    counted.last = end;
    return counted;
  }
  return std::nullopt;
}

}  // namespace tocsin
