#include "detect/amount_parser.h"

#include <algorithm>
#include <utility>

#include "text/fold.h"

namespace tocsin {
namespace {

using Role = AmountWord::Role;

constexpr ExactDecimal kOneDecimal = {1, 0, false};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsDash(absl::string_view text) {
  return text == "-" || text == "\xE2\x80\x90" || text == "\xE2\x80\x91" ||
         text == "\xE2\x80\x93" || text == "\xE2\x80\x94";
}

// The same kind of thing is meant: both dollars, both per cent.
bool SameUnit(const AmountWord& a, const AmountWord& b) {
  if (a.Has(Role::kCurrency) != b.Has(Role::kCurrency)) return false;
  if (a.Has(Role::kCurrency)) return a.code == b.code;
  return a.Has(Role::kPoints) == b.Has(Role::kPoints);
}

}  // namespace

uint32_t AmountParser::ParseAt(uint32_t at, uint32_t floor,
                               std::vector<AmountMention>& found) const {
  if (!scope_.tokens[at].Has(Token::kHasDigit)) {
    const AmountWords::Match match =
        scope_.words->Longest(scope_.tokens, at, scope_.end);
    if (match && match.word->IsUnit() &&
        !match.Has(Role::kNumber | Role::kScale | Role::kVague)) {
      return ParseOneUnit(at, floor, found);
    }
  }
  const uint32_t start = numbers_.StartOf(at, floor);
  std::optional<Quantity> first = ParseQuantity(start, floor);
  if (!first) return at + 1;
  if (const uint32_t next = ParsePair(*first, floor, found); next != 0) {
    return std::max(at + 1, next);
  }
  if (!first->has_unit()) {
    first->counted = CountedAfter(*first, floor);
    if (!first->counted) {
      first->bare_currency = std::string(BareCurrency(*first, found));
    }
  }
  if (Emit(*first, *first, floor, found)) {
    return std::max(at + 1, found.back().last_token);
  }
  return std::max(at + 1, first->number.last);
}

// Two quantities that are joined: a range, or two amounts of one unit. Returns
// where to go on, 0 if there is no second one.
uint32_t AmountParser::ParsePair(Quantity first, uint32_t floor,
                                 std::vector<AmountMention>& found) const {
  uint32_t pos = 0;
  const Joiner joiner = JoinerAt(first, floor, pos);
  if (joiner == Joiner::kNone) return 0;
  // A currency before the second number stands after the joiner.
  const AmountWords::Match before =
      scope_.words->Longest(scope_.tokens, pos, scope_.end);
  const uint32_t start =
      before.Has(Role::kCurrency) && before.Has(Role::kBefore)
          ? pos + before.token_count
          : pos;
  if (start >= scope_.end) return 0;
  std::optional<Quantity> second = ParseQuantity(start, pos);
  if (!second || second->number.is_article || !Carry(joiner, first, *second)) {
    return 0;
  }
  if (!second->has_unit()) {
    if (joiner == Joiner::kList) return 0;
    second->counted = CountedAfter(*second, pos);
    if (second->counted && MayCount(first, floor)) {
      first.counted = second->counted;
    }
  }
  const bool is_range = joiner == Joiner::kRange && !first.number.vague &&
                        !second->number.vague && Less(first.low, second->low);
  if (is_range && Emit(first, *second, floor, found)) {
    return found.back().last_token;
  }
  const bool any_first = Emit(first, first, floor, found);
  if (Emit(*second, *second, pos, found)) return found.back().last_token;
  return any_first ? found.back().last_token : 0;
}

// The currency of a large number that names none: that of the sum said just
// before it (`... $500 billion. Of this, 100 billion ...`), or of the country
// where it stands before a word for a deal (`500-miljoen-deal`).
absl::string_view AmountParser::BareCurrency(
    const Quantity& quantity, const std::vector<AmountMention>& found) const {
  const NumberMatch& number = quantity.number;
  if (number.vague || !number.has_scale || number.low.negative ||
      Less(number.scale, ExactDecimal{1, 6, false})) {
    return {};
  }
  const uint32_t next = number.last;
  const bool in_compound = scope_.IsInnerHyphen(next);
  bool is_deal = number.in_compound;
  if (next < scope_.end && !scope_.tokens[next].Has(Token::kNewlineBefore) &&
      !is_deal) {
    const uint32_t at = in_compound ? next + 1 : next;
    const AmountWords::Match word =
        scope_.words->Longest(scope_.tokens, at, scope_.end);
    is_deal = in_compound && word.Has(Role::kMoneyNoun);
    const bool ends = scope_.tokens[at].kind == TokenKind::kPunctuation ||
                      word.Has(Role::kFunction | Role::kMoneyNoun) ||
                      (scope_.words->noun_capitals() &&
                       !scope_.tokens[at].Has(Token::kUpperFirst));
    if (in_compound ? !is_deal : !ends) return {};
  }
  const Token& token = scope_.tokens[quantity.first];
  for (auto it = found.rbegin(); it != found.rend(); ++it) {
    const Token& other = scope_.tokens[it->first_token];
    if (other.field != token.field || other.sentence + 1 < token.sentence) {
      break;
    }
    if (it->amount.kind == AmountKind::kMoney) return it->amount.unit;
  }
  return is_deal ? scope_.words->home_currency() : absl::string_view();
}

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
  if (quantity.number.bare_scale) return std::nullopt;
  if (!SetValues(quantity)) return std::nullopt;
  return quantity;
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
  if (pos >= scope_.end || scope_.tokens[pos].Has(Token::kNewlineBefore)) {
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

AmountParser::Joiner AmountParser::JoinerAt(const Quantity& first,
                                            uint32_t floor,
                                            uint32_t& pos) const {
  const uint32_t at = first.last;
  if (at + 1 >= scope_.end || scope_.tokens[at].Has(Token::kNewlineBefore) ||
      scope_.tokens[at + 1].Has(Token::kNewlineBefore)) {
    return Joiner::kNone;
  }
  if (IsDash(scope_.Text(at))) {
    pos = at + 1;
    const bool tight = scope_.Glued(at) && scope_.Glued(at + 1);
    const bool apart = !scope_.Glued(at) && !scope_.Glued(at + 1) &&
                       !first.has_unit() && !scope_.Is(at, '-');
    return tight || apart ? Joiner::kRange : Joiner::kNone;
  }
  const AmountWords::Match match =
      scope_.words->Longest(scope_.tokens, at, scope_.end);
  if (!match) return Joiner::kNone;
  pos = at + match.token_count;
  if (pos >= scope_.end) return Joiner::kNone;
  const AmountWords::Match before =
      scope_.words->Before(scope_.tokens, floor, first.first);
  if (match.Has(Role::kNumber) && match.word->part == NumberPart::kAnd) {
    if (before.Has(Role::kBetween)) return Joiner::kRange;
    return !first.has_unit() && first.number.has_digits &&
                   !first.number.LooksLikeYear()
               ? Joiner::kList
               : Joiner::kNone;
  }
  if (match.Has(Role::kChange)) return Joiner::kChange;
  if (match.Has(Role::kOr) && !first.has_unit()) return Joiner::kRange;
  if (match.Has(Role::kTo)) {
    return before.Has(Role::kFrom) ? Joiner::kChange : Joiner::kRange;
  }
  return Joiner::kNone;
}

// Gives each of two joined quantities what it lacks and the other has. False
// if they do not belong together.
bool AmountParser::Carry(Joiner joiner, Quantity& first,
                         Quantity& second) const {
  const bool first_is_open = !first.has_unit() || first.unit.is_before;
  if (first.has_unit() && second.has_unit()) {
    if (!SameUnit(*first.unit.word, *second.unit.word) ||
        first.unit.word->Has(Role::kSubunit) !=
            second.unit.word->Has(Role::kSubunit)) {
      return false;
    }
  } else if (first.has_unit() && !first.unit.is_before) {
    return false;
  }
  if (first_is_open && second.number.has_scale && !first.number.has_scale &&
      !first.number.vague) {
    const auto low = Multiply(first.number.low, second.number.scale);
    // `from 1.4 to 1.1 billion` goes down; a range does not.
    if (low && (joiner != Joiner::kRange || Less(*low, second.number.low))) {
      first.number.low = first.number.high = *low;
      first.number.scale = second.number.scale;
      first.number.has_scale = true;
    }
  }
  if (!first.has_unit()) first.unit = second.unit;
  if (!second.has_unit()) second.unit = first.unit;
  return SetValues(first) && SetValues(second);
}

// Appends the amount from `first` to `last`, which may be the same; false if
// there is none.
bool AmountParser::Emit(const Quantity& first, const Quantity& last,
                        uint32_t floor,
                        std::vector<AmountMention>& found) const {
  AmountMention mention;
  Amount& amount = mention.amount;
  if (last.has_unit()) {
    const AmountWord& unit = *last.unit.word;
    amount.kind =
        unit.Has(Role::kCurrency) ? AmountKind::kMoney : AmountKind::kPercent;
    amount.unit = unit.Has(Role::kCurrency) ? std::string(unit.currency())
                  : unit.Has(Role::kPoints) ? "pp"
                                            : "%";
  } else if (last.counted) {
    amount.kind = AmountKind::kCount;
    amount.unit = last.counted->unit;
    amount.unit_known = last.counted->known;
  } else if (!last.bare_currency.empty()) {
    amount.kind = AmountKind::kMoney;
    amount.unit = std::string(last.bare_currency);
  } else {
    return false;
  }
  amount.low = ToDecimal(first.low);
  amount.high = ToDecimal(last.high);
  amount.vague = first.number.vague || last.number.vague;

  mention.first_token = first.first;
  mention.last_token = last.last;
  // What is counted may have been carried over from the second number.
  const bool counts_here = last.counted &&
                           last.counted->last > last.number.last &&
                           last.counted->first == last.number.last;
  if (counts_here) mention.last_token = last.counted->last;
  const Token& begin = scope_.tokens[mention.first_token];
  mention.span.field = begin.field;
  mention.span.begin = begin.begin;
  mention.span.end = EndByte(last, mention.last_token);
  SetBounds(mention, floor);
  found.push_back(std::move(mention));
  return true;
}

// The byte where the mention ends: an abbreviation's period that ends the
// sentence is left out, digits may go on in the token (`1½`).
uint32_t AmountParser::EndByte(const Quantity& last,
                               uint32_t last_token) const {
  if (last_token <= last.number.last) return last.number.end;
  uint32_t end = scope_.tokens[last_token - 1].end;
  if (last_token == scope_.end && last_token - 1 > last.number.last &&
      scope_.Is(last_token - 1, '.')) {
    end = scope_.tokens[last_token - 2].end;
  }
  return end;
}

void AmountParser::SetBounds(AmountMention& mention, uint32_t floor) const {
  Amount& amount = mention.amount;
  uint32_t first = mention.first_token;
  for (int i = 0; i < 2 && first > floor; ++i) {
    const AmountWords::Match match =
        scope_.words->Before(scope_.tokens, floor, first);
    if (!match.Has(Role::kAtLeast | Role::kAtMost | Role::kApproximate)) break;
    if (match.Has(Role::kApproximate)) amount.approximate = true;
    if (match.Has(Role::kAtLeast)) amount.bound = AmountBound::kAtLeast;
    if (match.Has(Role::kAtMost)) amount.bound = AmountBound::kAtMost;
    first -= match.token_count;
  }
  const AmountWords::Match after =
      scope_.words->Longest(scope_.tokens, mention.last_token, scope_.end);
  if (after.Has(Role::kOrMore)) amount.bound = AmountBound::kAtLeast;
  if (after.Has(Role::kOrLess)) amount.bound = AmountBound::kAtMost;
  if (amount.vague || amount.low.text != amount.high.text) {
    amount.bound = AmountBound::kNone;
  }
}

// `einen Euro`, `one per cent` where one is the article.
uint32_t AmountParser::ParseOneUnit(uint32_t at, uint32_t floor,
                                    std::vector<AmountMention>& found) const {
  const AmountWords::Match unit =
      scope_.words->Longest(scope_.tokens, at, scope_.end);
  const uint32_t last = at + unit.token_count;
  if (unit.Has(Role::kWeak | Role::kSubunit) || at <= floor) return last;
  const AmountWords::Match one = scope_.words->Before(scope_.tokens, floor, at);
  const bool counts =
      one.Has(Role::kNumber) && (one.word->part == NumberPart::kOne ||
                                 one.word->part == NumberPart::kFraction);
  if (!counts || scope_.tokens[at].Has(Token::kNewlineBefore)) return last;
  // `ein Euro-Gipfel`, `a dollar store`: the unit is part of another noun.
  if (last < scope_.end &&
      scope_.tokens[last].kind != TokenKind::kPunctuation) {
    const AmountWords::Match next =
        scope_.words->Longest(scope_.tokens, last, scope_.end);
    if (!next.Has(Role::kFunction)) return last;
  }
  if (scope_.IsInnerHyphen(last)) return last;
  Quantity quantity;
  quantity.number.first = quantity.first = at - one.token_count;
  quantity.number.last = at;
  quantity.number.low = quantity.number.high = one.word->value;
  quantity.unit = {unit.word, at, last, false};
  quantity.last = last;
  AddSubunits(quantity);
  if (!SetValues(quantity) || !Emit(quantity, quantity, floor, found)) {
    return last;
  }
  return quantity.last;
}

}  // namespace tocsin
