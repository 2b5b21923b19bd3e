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
constexpr size_t kShortestHead = 3;
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

bool EndsInOneOf(absl::string_view folded,
                 const std::vector<std::string>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](const std::string& ending) {
                       return folded.size() > ending.size() + 2 &&
                              absl::EndsWith(folded, ending);
                     });
}

// The longest known head of a solid compound: `fabriken` of `chipfabriken`.
const AmountWord* HeadOf(absl::string_view folded, const AmountWords& words) {
  if (!words.solid_numbers() || folded.size() > kMaxUnitBytes) return nullptr;
  for (size_t at = 2; at + kShortestHead <= folded.size(); ++at) {
    const AmountWord* head = words.Find(ExactHash(folded.substr(at)));
    if (head != nullptr && head->Has(Role::kCounted | Role::kNotCounted)) {
      return head;
    }
  }
  return nullptr;
}

bool IsCapital(const Token& token) {
  return token.Has(Token::kUpperFirst) && !token.Has(Token::kAllUpper);
}

// A few digits that may well be part of a name: iPhone 15, Boeing 737.
bool IsPlain(const NumberMatch& number) {
  return number.has_digits && !number.grouped && !number.has_scale;
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
  std::optional<Counted> counted =
      NounAt(pos, number.has_scale && !number.vague);
  if (!counted) return std::nullopt;
  // `billions roll`: without a number the noun must be a sure one.
  if (number.vague && pos == number.last && !counted->known &&
      !scope_.words->noun_capitals()) {
    return std::nullopt;
  }
  // `100 billion of Softbank` counts nothing, `a million of jobs` does.
  if (pos != number.last && !number.vague && !counted->known) {
    return std::nullopt;
  }
  if (number.low == ExactDecimal{1, 0, false} && !counted->known) {
    return std::nullopt;
  }
  counted->first = number.last;
  if (IsPartOfName(number, *counted, floor) ||
      IsYear(number, *counted, floor)) {
    return std::nullopt;
  }
  return counted;
}

// `Windows 11 users`, `10300 Heritage Building`
bool AmountParser::IsPartOfName(const NumberMatch& number,
                                const Counted& counted, uint32_t floor) const {
  if (!IsPlain(number)) return false;
  const bool noun_capitals = scope_.words->noun_capitals();
  if (number.first > floor) {
    const Token& before = scope_.tokens[number.first - 1];
    const bool is_name =
        before.Has(Token::kUpperFirst) && !before.Has(Token::kSentenceStart);
    if (is_name && number.integer_digits <= 3 &&
        (!counted.known || (!noun_capitals && number.integer_digits <= 2))) {
      return true;
    }
  }
  return !noun_capitals && number.integer_digits >= 3 &&
         counted.last > number.last + 1 &&
         IsCapital(scope_.tokens[number.last]) &&
         IsCapital(scope_.tokens[counted.last - 1]);
}

// `1,950 people` but not `2023 founded companies` or `in 1812 soldiers`.
bool AmountParser::IsYear(const NumberMatch& number, const Counted& counted,
                          uint32_t floor) const {
  if (!number.LooksLikeYear()) return false;
  if (number.first > floor) {
    const AmountWords::Match before =
        scope_.words->Before(scope_.tokens, floor, number.first);
    if (before && before.word->year_before) return true;
  }
  if (counted.last != number.last + 1) return true;
  return !counted.known && !Less(number.low, ExactDecimal{15, 2, false});
}

// Whether the number and what stands around it allow that it counts.
bool AmountParser::MayCount(const Quantity& quantity, uint32_t floor) const {
  const NumberMatch& number = quantity.number;
  if (number.needs_unit || number.low.negative || number.low.is_zero() ||
      number.last >= scope_.end || scope_.Glued(number.last) ||
      scope_.tokens[number.last].kind != TokenKind::kWord) {
    return false;
  }
  if (scope_.Glued(number.first) && !IsOpening(scope_.Text(number.first - 1))) {
    return false;
  }
  const Token& first = scope_.tokens[number.first];
  if (number.has_digits) {
    if (number.leading_zero) return false;
    if (number.has_fraction && !number.has_scale) return false;
  } else {
    if (number.low == ExactDecimal{1, 0, false} && !number.has_scale) {
      return false;
    }
    // `Nine News`
    if (IsCapital(first) && !first.Has(Token::kSentenceStart) &&
        number.first > floor) {
      return false;
    }
  }
  if (number.first <= floor) return true;
  const AmountWords::Match before =
      scope_.words->Before(scope_.tokens, floor, number.first);
  if (before.Has(Role::kLabel) && !number.has_scale && !number.grouped) {
    return false;
  }
  if (before.Has(Role::kMonth)) return false;
  if (before.Has(Role::kDefinite) && IsSmall(number)) return false;
  if (IsPartOfShare(number.first, before, floor)) return false;
  return !number.has_digits || first.Has(Token::kNewlineBefore) ||
         scope_.tokens[number.first - 1].kind != TokenKind::kNumber;
}

// `one in five`: `before` is the word before tokens[at].
bool AmountParser::IsPartOfShare(uint32_t at, const AmountWords::Match& before,
                                 uint32_t floor) const {
  if (!before.Has(Role::kShare) || at <= floor + before.token_count) {
    return false;
  }
  const uint32_t end = at - before.token_count;
  if (scope_.tokens[end - 1].kind == TokenKind::kNumber) return true;
  return scope_.words->Before(scope_.tokens, floor, end).Has(Role::kNumber);
}

// The noun at tokens[pos], after words that may stand before it. After a large
// number only what is surely a noun: `500 miljard investeren`.
std::optional<AmountParser::Counted> AmountParser::NounAt(uint32_t pos,
                                                          bool large) const {
  const AmountWords& words = *scope_.words;
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
    if (scope_.IsInnerHyphen(next)) {
      uint32_t end = next;
      while (scope_.IsInnerHyphen(end)) end += 2;
      if (scope_.tokens[end - 1].kind != TokenKind::kWord) return std::nullopt;
      bool is_noun = false;
      std::optional<Counted> noun = CompoundAt(pos, end, large, is_noun);
      if (is_noun) return noun;
      pos = end;
      continue;
    }
    if (match.Has(Role::kNotCounted | Role::kMonth) ||
        (match && match.word->IsUnit())) {
      return std::nullopt;
    }
    if (match.Has(Role::kCounted)) {
      if (match.Has(Role::kOneOnly)) return std::nullopt;
      return Counted{std::string(words.Concept(match.word->concept_id)), true,
                     0, next};
    }
    if (match.Has(Role::kModifier)) {
      pos = next;
      continue;
    }
    if (match.Has(Role::kFunction | Role::kNumber | Role::kScale |
                  Role::kVague | Role::kLabel)) {
      return std::nullopt;
    }
    bool is_noun = false;
    std::optional<Counted> noun = CompoundAt(pos, pos + 1, large, is_noun);
    if (is_noun) return noun;
    ++pos;
  }
  return std::nullopt;
}

// Tokens [pos, end) as one noun, perhaps with hyphens; nothing is returned,
// though it is one, if it is not counted.
std::optional<AmountParser::Counted> AmountParser::CompoundAt(
    uint32_t pos, uint32_t end, bool large, bool& is_noun) const {
  const AmountWords& words = *scope_.words;
  const uint32_t last = end - 1;
  const Token& token = scope_.tokens[last];
  const std::string head = FoldText(scope_.Text(last));
  Counted counted;
  counted.last = EndOfApostrophePlural(last);
  for (uint32_t i = pos; i < last; i += 2) {
    absl::StrAppend(&counted.unit, FoldText(scope_.Text(i)), " ");
  }
  const AmountWord* known = end > pos + 1 ? words.Find(token.folded) : nullptr;
  if (known != nullptr && known->Has(Role::kCounted)) {
    absl::StrAppend(&counted.unit, words.Concept(known->concept_id));
  } else {
    absl::StrAppend(&counted.unit, head);
    if (known == nullptr || !known->Has(Role::kNotCounted)) {
      known = HeadOf(head, words);
    }
  }
  is_noun = known != nullptr || IsNoun(last, head, large);
  if (!is_noun || (known != nullptr && known->Has(Role::kNotCounted)) ||
      counted.unit.size() > kMaxUnitBytes) {
    return std::nullopt;
  }
  return counted;
}

// After tokens[at] and, where the language writes plurals so, an apostrophe and
// its ending: `H100's`.
uint32_t AmountParser::EndOfApostrophePlural(uint32_t at) const {
  const uint32_t end = at + 1;
  if (!scope_.words->apostrophe_plural() || end + 1 >= scope_.end ||
      !scope_.Glued(end) || !scope_.Glued(end + 1)) {
    return end;
  }
  const absl::string_view mark = scope_.Text(end);
  const bool is_plural = (mark == "'" || mark == "\xE2\x80\x99") &&
                         (scope_.Is(end + 1, 's') || scope_.Is(end + 1, 'S'));
  return is_plural ? end + 2 : end;
}

// By the signs of the language: capitals, endings, what follows.
bool AmountParser::IsNoun(uint32_t at, absl::string_view folded,
                          bool large) const {
  const AmountWords& words = *scope_.words;
  if (words.noun_capitals()) {
    return scope_.tokens[at].Has(Token::kUpperFirst);
  }
  if (EndsInOneOf(folded, words.plural_endings())) return true;
  if (EndOfApostrophePlural(at) != at + 1) return true;
  if (large || !EndsInOneOf(folded, words.shared_plural_endings())) {
    return false;
  }
  // A noun or an adjective: an adjective if a noun follows.
  if (at + 1 >= scope_.end || scope_.tokens[at + 1].kind != TokenKind::kWord) {
    return true;
  }
  const AmountWords::Match next =
      words.Longest(scope_.tokens, at + 1, scope_.end);
  if (next) return !next.Has(Role::kCounted | Role::kModifier);
  return !EndsInOneOf(FoldText(scope_.Text(at + 1)), words.plural_endings());
}

}  // namespace tocsin
