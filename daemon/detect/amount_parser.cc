#include "detect/amount_parser.h"

#include <algorithm>
#include <utility>

#include "text/fold.h"

namespace tocsin {
namespace {

using Role = AmountWord::Role;

// So many words before a number may say that it is money.
constexpr uint32_t kPayReach = 8;

// Less() knows no signs: `$5--6` is no range.
bool Ascends(const ExactDecimal& a, const ExactDecimal& b) {
  if (a.negative != b.negative) return a.negative;
  return a.negative ? Less(b, a) : Less(a, b);
}

}  // namespace

bool IsDash(absl::string_view text) {
  return text == "-" || text == "\xE2\x80\x90" || text == "\xE2\x80\x91" ||
         text == "\xE2\x80\x93" || text == "\xE2\x80\x94";
}

bool SameUnit(const AmountWord& a, const AmountWord& b) {
  if (a.Has(Role::kCurrency) != b.Has(Role::kCurrency)) return false;
  if (a.Has(Role::kCurrency)) return a.code == b.code;
  return a.Has(Role::kPoints) == b.Has(Role::kPoints);
}

uint32_t AmountParser::ParseAt(uint32_t at, uint32_t floor,
                               std::vector<AmountMention>& found) const {
  if (!scope_.tokens[at].Has(Token::kHasDigit)) {
    const AmountWords::Match match =
        scope_.words->Longest(scope_.tokens, at, scope_.end);
    if (match && match.word->IsUnit() &&
        !match.Has(Role::kNumber | Role::kScale | Role::kVague)) {
      return ParseOneUnit(at, floor, found);
    }
    // A word by itself, on a line of its own, that only begins phrases.
    if (scope_.end - scope_.begin == 1 &&
        !match.Has(Role::kNumber | Role::kScale | Role::kVague |
                   Role::kCurrency) &&
        !scope_.words->MayBeSolid(scope_.Text(at))) {
      return at + 1;
    }
  }
  const uint32_t start = numbers_.StartOf(at, floor);
  std::optional<Quantity> first = ParseQuantity(start, floor);
  if (!first || IsBloodLevel(*first)) return at + 1;
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

// `en promille på 0,8` says what is measured, not how much.
bool AmountParser::IsBloodLevel(const Quantity& quantity) const {
  return quantity.number.is_article && quantity.has_unit() &&
         quantity.unit.word->Has(Role::kPercent) &&
         quantity.unit.word->unit_exponent < 0;
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
                        !second->number.vague &&
                        Ascends(first.low, second->low);
  if (is_range && Emit(first, *second, floor, found)) {
    return found.back().last_token;
  }
  const bool any_first = Emit(first, first, floor, found);
  if (Emit(*second, *second, pos, found)) return found.back().last_token;
  return any_first ? found.back().last_token : 0;
}

// The currency of a large number that names none: that of the sum said just
// before it (`... $500 billion. Of this, 100 billion ...`), or of the country
// where it stands before a word for a deal (`500-miljoen-deal`) or behind one
// for paying (`kostar 300 miljoner`).
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
  return is_deal || IsPaid(quantity.first) ? scope_.words->home_currency()
                                           : absl::string_view();
}

// Whether what stands before tokens[at] says that money is meant.
bool AmountParser::IsPaid(uint32_t at) const {
  const uint32_t end = at - std::min(at - scope_.begin, kPayReach);
  for (uint32_t i = at; i > end; --i) {
    if (scope_.tokens[i].Has(Token::kNewlineBefore)) return false;
    const AmountWord* word = scope_.words->Find(scope_.tokens[i - 1].folded);
    if (word == nullptr) continue;
    if (word->Has(Role::kPays | Role::kMoneyNoun)) return true;
    // `2 Millionen Kunden und 3 Millionen`: something else is counted.
    if (word->Has(Role::kCounted)) return false;
  }
  return false;
}

AmountParser::Joiner AmountParser::JoinerAt(const Quantity& first,
                                            uint32_t floor,
                                            uint32_t& pos) const {
  const uint32_t at = first.last;
  if (at + 1 >= scope_.end || scope_.tokens[at].Has(Token::kNewlineBefore) ||
      scope_.tokens[at + 1].Has(Token::kNewlineBefore) ||
      scope_.tokens[at].kind == TokenKind::kNumber) {
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
    // `daalde 5 procent tot 3,1 miljard`: to, not up to.
    if (match.Has(Role::kTo) && floor > scope_.begin &&
        first - match.token_count == floor) {
      break;
    }
    if (match.Has(Role::kApproximate)) amount.approximate = true;
    if (match.Has(Role::kAtLeast)) amount.bound = AmountBound::kAtLeast;
    if (match.Has(Role::kAtMost)) amount.bound = AmountBound::kAtMost;
    first -= match.token_count;
  }
  const AmountWords::Match after =
      scope_.words->Longest(scope_.tokens, mention.last_token, scope_.end);
  // `£350 plus £90` is a sum of two.
  const uint32_t behind = mention.last_token + after.token_count;
  const bool adds = after && behind < scope_.end &&
                    (scope_.tokens[behind].Has(Token::kHasDigit) ||
                     scope_.words->Longest(scope_.tokens, behind, scope_.end)
                         .Has(Role::kBefore));
  if (after.Has(Role::kOrMore) && !adds) amount.bound = AmountBound::kAtLeast;
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
