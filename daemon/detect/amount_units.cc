// A number with its unit: the currency or per cent before it, after it, or in
// the same word, and subunits after that.
#include <algorithm>
#include <cstddef>

#include "detect/amount_parser.h"
#include "text/fold.h"

namespace tocsin {
namespace {

using Role = AmountWord::Role;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<AmountParser::Quantity> AmountParser::ParseQuantity(
    uint32_t start, uint32_t floor) const {
  Quantity quantity;
  Unit before = UnitBefore(start, floor);
  std::optional<NumberMatch> number =
      numbers_.Parse(start, before.word != nullptr);
  if (!number) {
    before = FusedUnit(start);
    if (before.word == nullptr) return std::nullopt;
    number = numbers_.ParseInside(start);
    if (!number) return std::nullopt;
  }
  TakeColonCents(*number);
  quantity.number = *number;
  quantity.first = number->first;
  quantity.last = number->last;
  if (before.word != nullptr && !IsUsable(before, *number)) before = Unit();
  const Unit after = UnitAfter(*number, before);
  if (after.word != nullptr) {
    quantity.unit = after;
    quantity.last = std::max(quantity.last, after.last);
    if (before.word != nullptr && SameUnit(*before.word, *after.word)) {
      quantity.first = before.first;
      if (after.word->Has(Role::kSubunit)) quantity.unit = before;
    }
  } else if (before.word != nullptr) {
    quantity.unit = before;
    quantity.first = before.first;
    TakeSignBefore(quantity, floor);
    // € 99,-
    if (IsEmptyFraction(quantity.last)) quantity.last += 2;
  }
  AddScaleAfterUnit(quantity);
  AddSubunits(quantity);
  // `(1.5) million dollars`: the number is not where it was looked for.
  if (quantity.number.bare_scale || FollowsBracket(*number)) {
    return std::nullopt;
  }
  if (!SetValues(quantity)) return std::nullopt;
  return quantity;
}

// `5,29 (4,72) Milliarden Euro`: no vague number of billions.
bool AmountParser::FollowsBracket(const NumberMatch& number) const {
  return number.vague && number.first >= scope_.begin + 2 &&
         scope_.Is(number.first - 1, ')') &&
         scope_.tokens[number.first - 2].kind == TokenKind::kNumber;
}

// `49:90 kr`
void AmountParser::TakeColonCents(NumberMatch& number) const {
  const uint32_t cents = number.last + 1;
  if (!scope_.Is(number.last, ':') || !scope_.Glued(number.last) ||
      !scope_.Glued(cents) || number.has_scale || number.has_fraction ||
      scope_.tokens[cents].end - scope_.tokens[cents].begin != 2) {
    return;
  }
  const std::optional<NumberMatch> part = numbers_.Parse(cents);
  if (!part || !part->has_digits || part->last != cents + 1) return;
  const AmountWords::Match unit =
      scope_.words->Longest(scope_.tokens, part->last, scope_.end);
  if (!unit.Has(Role::kCurrency)) return;
  const auto value = Multiply(part->low, ExactDecimal{1, -2, false});
  const auto sum = value ? Add(number.low, *value) : std::nullopt;
  if (!sum) return;
  number.low = number.high = *sum;
  number.has_fraction = true;
  number.last = part->last;
  number.end = part->end;
}

// `-$5`: the sign stands before the currency.
void AmountParser::TakeSignBefore(Quantity& quantity, uint32_t floor) const {
  const uint32_t first = quantity.first;
  if (first <= floor || !scope_.Glued(first)) return;
  const absl::string_view text = scope_.Text(first - 1);
  if (text != "-" && text != "\xE2\x88\x92") return;
  if (first - 1 > scope_.begin && scope_.Glued(first - 1)) return;
  quantity.number.low.negative = !quantity.number.low.is_zero();
  quantity.number.high.negative = quantity.number.low.negative;
  quantity.first = first - 1;
}

AmountParser::Unit AmountParser::UnitBefore(uint32_t at, uint32_t floor) const {
  if (scope_.tokens[at].Has(Token::kNewlineBefore)) return {};
  // `A$5` is Australian, `a $5 note` is not: then the shorter phrase counts.
  while (floor < at) {
    const AmountWords::Match match =
        scope_.words->Before(scope_.tokens, floor, at);
    if (!match) return {};
    const Unit unit = {match.word, at - match.token_count, at, true};
    if (match.word->IsUnit() && match.Has(Role::kBefore) && IsWritten(unit)) {
      return unit;
    }
    floor = unit.first + 1;
  }
  return {};
}

// The letters of `USD115`.
AmountParser::Unit AmountParser::FusedUnit(uint32_t at) const {
  const Token& token = scope_.tokens[at];
  if (token.kind != TokenKind::kWord || !token.Has(Token::kHasDigit)) return {};
  const absl::string_view text = scope_.Text(at);
  size_t size = 0;
  while (size < text.size() && !IsDigit(text[size])) ++size;
  if (size == 0 || size > 6) return {};
  const AmountWord* word = scope_.words->Find(FoldedHash(text.substr(0, size)));
  if (word == nullptr || !word->Has(Role::kCurrency) ||
      !word->Has(Role::kBefore) || word->Has(Role::kWeak)) {
    return {};
  }
  return {word, at, at + 1, true};
}

bool AmountParser::IsUsable(const Unit& unit, const NumberMatch& number) const {
  if (unit.word->Has(Role::kWeak) && unit.word->Has(Role::kCurrency) &&
      !number.has_scale && !number.grouped && number.integer_digits < 5) {
    return false;
  }
  return IsWritten(unit);
}

// Whether capitals and spaces are as the unit needs them.
bool AmountParser::IsWritten(const Unit& unit) const {
  for (uint32_t i = unit.first; i < unit.last; ++i) {
    const Token& token = scope_.tokens[i];
    if (unit.word->Has(Role::kUpper) && token.Has(Token::kHasLetter) &&
        !token.Has(Token::kAllUpper)) {
      return false;
    }
    if (unit.word->Has(Role::kTight) && i > unit.first && !scope_.Glued(i)) {
      return false;
    }
  }
  return true;
}

AmountParser::Unit AmountParser::UnitAfter(const NumberMatch& number,
                                           const Unit& before) const {
  if (number.unit != nullptr) {
    Unit fused{number.unit, number.last - 1, number.last, false};
    return IsUsable(fused, number) ? fused : Unit();
  }
  uint32_t pos = number.last;
  if (IsEmptyFraction(pos)) {
    pos += 2;  // 99,- Euro
  } else if (scope_.IsInnerHyphen(pos)) {
    ++pos;
  }
  if (pos >= scope_.end || scope_.tokens[pos].Has(Token::kNewlineBefore) ||
      scope_.tokens[pos].kind == TokenKind::kNumber) {
    return {};
  }
  AmountWords::Match match =
      scope_.words->Longest(scope_.tokens, pos, scope_.end);
  if (match.Has(Role::kOf) && (number.has_scale || number.vague)) {
    // Millions of dollars.
    const uint32_t next = pos + match.token_count;
    const AmountWords::Match inner =
        scope_.words->Longest(scope_.tokens, next, scope_.end);
    if (inner.Has(Role::kCurrency)) {
      pos = next;
      match = inner;
    }
  }
  if (!match || !match.word->IsUnit()) {
    if (match.Has(Role::kFunction) || !number.has_digits) return {};
    match = scope_.fallback->Longest(scope_.tokens, pos, scope_.end);
    if (!match || !match.word->IsUnit() || match.Has(Role::kWeak)) return {};
  }
  if (match.Has(Role::kPercent | Role::kPoints) && match.Has(Role::kBefore)) {
    // `percent of` belongs to a number after it; here `percent` counts.
    match =
        scope_.words->Longest(scope_.tokens, pos, pos + match.token_count - 1);
    if (!match || !match.word->IsUnit()) return {};
  }
  const Unit unit = {match.word, pos, pos + match.token_count, false};
  if (!IsUsable(unit, number)) return {};
  if (before.word != nullptr && !SameUnit(*before.word, *unit.word)) {
    // `€5` is no percentage; `percentage of 5 dollars` is dollars.
    if (before.word->Has(Role::kCurrency)) return {};
  }
  if (BelongsToNext(unit, number, before.word != nullptr)) return {};
  return unit;
}

// A comma and a dash in place of cents.
bool AmountParser::IsEmptyFraction(uint32_t pos) const {
  return scope_.Is(pos, ',') && scope_.Glued(pos) && pos + 1 < scope_.end &&
         scope_.Glued(pos + 1) && IsDash(scope_.Text(pos + 1));
}

// A unit between two numbers, that may be before the one or after the other:
// `10 $ 30 $`, `in 2020 $5 million`.
bool AmountParser::BelongsToNext(const Unit& unit, const NumberMatch& number,
                                 bool has_before) const {
  const uint32_t next = unit.last;
  if (!unit.word->Has(Role::kBefore) || next >= scope_.end ||
      !IsDigit(scope_.text[scope_.tokens[next].begin]) ||
      scope_.tokens[next].Has(Token::kNewlineBefore)) {
    return false;
  }
  if (has_before) return true;
  const bool glued_here = scope_.Glued(number.last);
  if (scope_.Glued(next) != glued_here) return scope_.Glued(next);
  const std::optional<NumberMatch> after = numbers_.Parse(next);
  if (after && after->last < scope_.end) {
    const AmountWords::Match own =
        scope_.words->Longest(scope_.tokens, after->last, scope_.end);
    if (after->unit != nullptr) return false;
    if (own && own.word->IsUnit()) {
      return !own.Has(Role::kBefore) && SameUnit(*own.word, *unit.word) &&
             !own.Has(Role::kSubunit);
    }
  }
  return scope_.tokens[unit.first].kind == TokenKind::kSymbol &&
         scope_.words->symbol_first();
}

// `75 USD million`
void AmountParser::AddScaleAfterUnit(Quantity& quantity) const {
  if (!quantity.has_unit() || quantity.unit.is_before ||
      quantity.number.has_scale || !quantity.unit.word->Has(Role::kBefore)) {
    return;
  }
  const AmountWords::Match match =
      scope_.words->Longest(scope_.tokens, quantity.last, scope_.end);
  if (!match.Has(Role::kScale) || match.Has(Role::kGlued)) return;
  const auto low = Multiply(quantity.number.low, match.word->value);
  const auto high = Multiply(quantity.number.high, match.word->value);
  if (!low || !high) return;
  quantity.number.low = *low;
  quantity.number.high = *high;
  quantity.number.scale = match.word->value;
  quantity.number.has_scale = true;
  quantity.last += match.token_count;
}

// `5 euro 50`, `zwei Euro und fünfzig Cent`, `thirteen dollars forty-five`
void AmountParser::AddSubunits(Quantity& quantity) const {
  const NumberMatch& whole = quantity.number;
  if (!quantity.has_unit() || !quantity.unit.word->Has(Role::kCurrency) ||
      quantity.unit.word->unit_exponent != 0 || whole.has_scale ||
      whole.vague || !whole.low.is_integer() || whole.low.negative) {
    return;
  }
  uint32_t pos = quantity.last;
  const AmountWords::Match joint =
      scope_.words->Longest(scope_.tokens, pos, scope_.end);
  const bool has_and =
      joint.Has(Role::kNumber) && joint.word->part == NumberPart::kAnd;
  if (has_and) pos += joint.token_count;
  if (pos >= scope_.end || scope_.tokens[pos].Has(Token::kNewlineBefore)) {
    return;
  }
  const std::optional<NumberMatch> part = numbers_.Parse(pos);
  if (!part || part->vague || part->has_scale || part->low.negative ||
      !part->low.is_integer() || !Less(part->low, ExactDecimal{1, 2, false})) {
    return;
  }
  int exponent = -2;
  ExactDecimal tenths;
  uint32_t last = part->last;
  const AmountWords::Match unit =
      scope_.words->Longest(scope_.tokens, last, scope_.end);
  if (part->unit != nullptr) {
    return;
  } else if (unit.Has(Role::kCurrency) && unit.Has(Role::kSubunit)) {
    exponent = unit.word->unit_exponent;
    last += unit.token_count;
    tenths = TenthsAfter(exponent, last);
  } else {
    // Without a word for the subunit: two figures, and nothing to count.
    if (unit && unit.word->IsUnit()) return;
    if (part->has_digits ? part->integer_digits != 2 || part->leading_zero
                         : Less(part->low, ExactDecimal{1, 1, false})) {
      return;
    }
    if (quantity.unit.is_before && part->has_digits) return;
    const bool ends = last >= scope_.end ||
                      scope_.tokens[last].kind == TokenKind::kPunctuation ||
                      scope_.tokens[last].Has(Token::kNewlineBefore);
    if (!ends && (has_and || !unit.Has(Role::kFunction))) return;
    if (!ends && unit.Has(Role::kNumber)) return;
  }
  const auto cents =
      MakeDecimal(part->low.digits, part->low.exponent + exponent);
  auto sum = cents ? Add(whole.low, *cents) : std::nullopt;
  if (sum) sum = Add(*sum, tenths);
  if (!sum) return;
  quantity.number.low = quantity.number.high = *sum;
  quantity.last = last;
}

// `five mao five`: a figure after a tenth of the unit is the next place.
ExactDecimal AmountParser::TenthsAfter(int exponent, uint32_t& last) const {
  if (exponent != -1 || last >= scope_.end) return {};
  const std::optional<NumberMatch> figure = numbers_.Parse(last);
  if (!figure || figure->vague || figure->has_scale ||
      !figure->low.is_integer() || figure->low.exponent != 0 ||
      figure->low.digits > 9) {
    return {};
  }
  last = figure->last;
  return MakeDecimal(figure->low.digits, exponent - 1).value_or(ExactDecimal());
}

bool AmountParser::SetValues(Quantity& quantity) const {
  quantity.low = quantity.number.low;
  quantity.high = quantity.number.high;
  if (!quantity.has_unit() || quantity.unit.word->unit_exponent == 0) {
    return true;
  }
  const ExactDecimal factor = {1, quantity.unit.word->unit_exponent, false};
  const auto low = Multiply(quantity.low, factor);
  const auto high = Multiply(quantity.high, factor);
  if (!low || !high) return false;
  quantity.low = *low;
  quantity.high = *high;
  return true;
}

}  // namespace tocsin
