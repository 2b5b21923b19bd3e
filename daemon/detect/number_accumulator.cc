#include "detect/number_accumulator.h"

#include <optional>

namespace tocsin {
namespace {

using Role = AmountWord::Role;

constexpr ExactDecimal kOneDecimal = {1, 0, false};

}  // namespace

bool NumberAccumulator::Add(const AmountWord& word) {
  if (word.Has(Role::kScale)) return AddScale(word);
  if (word.Has(Role::kVague)) return AddVague(word);
  if (!word.Has(Role::kNumber)) return false;
  return AddPart(word);
}

bool NumberAccumulator::AddDigits(const ExactDecimal& value) {
  if (any_ || vague_) return false;
  SetGroup(value, NumberPart::kMixed);
  return true;
}

bool NumberAccumulator::MayTakeAnd() const {
  if (!any_ || vague_) return false;
  return scaled_last_ || last_ == NumberPart::kHundred ||
         (inverted_ && last_ == NumberPart::kUnit);
}

bool NumberAccumulator::Finish(NumberMatch& match) const {
  if (!any_ || (several_ && !has_scale_)) return false;
  match.low = match.high = total_;
  if (grouping_) {
    const auto sum = tocsin::Add(total_, group_);
    if (!sum) return false;
    match.low = match.high = *sum;
  }
  match.vague = vague_;
  if (vague_) {
    match.low = low_;
    match.high = high_;
  }
  match.scale = scale_product_;
  match.has_scale = has_scale_;
  match.bare_scale = bare_scale_;
  match.needs_unit = fraction_ && !has_scale_;
  match.is_article = last_ == NumberPart::kOne && !has_scale_ &&
                     group_ == kOneDecimal && total_.is_zero();
  return true;
}

void NumberAccumulator::SetGroup(const ExactDecimal& value, NumberPart part) {
  group_ = value;
  grouping_ = any_ = true;
  scaled_last_ = false;
  last_ = part;
}

uint64_t NumberAccumulator::GroupInteger() const {
  if (!grouping_ || !group_.is_integer() || group_.exponent > 3) return 0;
  uint64_t value = group_.digits;
  for (int i = 0; i < group_.exponent; ++i) value *= 10;
  return value;
}

bool NumberAccumulator::AddPart(const AmountWord& word) {
  if (vague_) {  // `several hundred`
    return several_ && word.part == NumberPart::kHundred && AddScale(word);
  }
  if (word.part == NumberPart::kAnd || word.part == NumberPart::kMinus) {
    return false;
  }
  const bool after_and = and_;
  if (word.part == NumberPart::kPlus) return AddPlus(word);
  if (!grouping_) {
    if (any_ && !scaled_last_) return false;
    if (word.part == NumberPart::kFraction) {
      if (any_) return false;
      fraction_ = true;
    }
    if (any_ && (word.part == NumberPart::kMixed)) return false;
    // After a scale an article begins something else.
    if (any_ && word.part == NumberPart::kOne && !after_and && !solid_) {
      return false;
    }
    SetGroup(word.value, word.part);
    and_ = false;
    return true;
  }
  if (word.part == NumberPart::kFraction) {  // An article before it.
    if (last_ != NumberPart::kOne || fraction_ || has_scale_) return false;
    fraction_ = true;
    SetGroup(word.value, word.part);
    return true;
  }
  // `$1,500 a month`: no word goes on from digits but a hundred.
  if (last_ == NumberPart::kMixed && word.part != NumberPart::kHundred) {
    return false;
  }
  const uint64_t value = GroupInteger();
  const uint64_t rest = value % 100;
  bool fits = false;
  switch (word.part) {
    case NumberPart::kUnit:
    case NumberPart::kOne:
      fits = value > 0 && (rest == 0 ? value >= 100
                                     : rest >= 20 && rest % 10 == 0 &&
                                           (last_ == NumberPart::kTen ||
                                            last_ == NumberPart::kScore));
      break;
    case NumberPart::kTeen:
      fits = value >= 100 && rest == 0;
      if (last_ == NumberPart::kScore) fits = true;
      break;
    case NumberPart::kTen:
    case NumberPart::kScore:
      fits = value >= 100 && rest == 0;
      // Five-and-forty.
      if (inverted_ && after_and && rest > 0 && rest < 10 &&
          (last_ == NumberPart::kUnit || last_ == NumberPart::kOne)) {
        fits = true;
      }
      break;
    case NumberPart::kHundred:
      // `five hundred`, `halvandet hundrede`
      if (!after_and && (!group_.is_integer() ||
                         (value > 0 && value < 100 && value % 10 != 0))) {
        const auto product = Multiply(group_, word.value);
        if (!product) return false;
        group_ = *product;
        last_ = NumberPart::kHundred;
        return true;
      }
      return false;
    default:
      return false;
  }
  if (!fits) return false;
  const auto sum = tocsin::Add(group_, word.value);
  if (!sum) return false;
  group_ = *sum;
  last_ = word.part;
  and_ = false;
  return true;
}

// `and a half`, after a number or after its scale.
bool NumberAccumulator::AddPlus(const AmountWord& word) {
  if (!any_ || and_) return false;
  if (grouping_) {
    if (!group_.is_integer()) return false;
    const auto sum = tocsin::Add(group_, word.value);
    if (!sum) return false;
    group_ = *sum;
    last_ = NumberPart::kMixed;
    return true;
  }
  if (!scaled_last_) return false;
  const auto part = Multiply(last_scale_, word.value);
  const auto sum = part ? tocsin::Add(total_, *part) : std::nullopt;
  if (!sum) return false;
  total_ = *sum;
  scaled_last_ = false;
  return true;
}

bool NumberAccumulator::AddScale(const AmountWord& word) {
  if (and_) return false;
  if (vague_) {
    const auto low = Multiply(low_, word.value);
    const auto high = Multiply(high_, word.value);
    if (scaled_last_ || !low || !high) return false;
    low_ = *low;
    high_ = *high;
    has_scale_ = true;
    scaled_last_ = word.Has(Role::kScale);
    return true;
  }
  if (!any_) {
    any_ = true;
    if (word.Has(Role::kPlural)) {  // `billions`
      vague_ = true;
      low_ = word.value;
      high_ = *Multiply(word.value, ExactDecimal{1, 3, false});
      return true;
    }
    bare_scale_ = !Less(word.value, ExactDecimal{1, 6, false});
    return Scale(kOneDecimal, word);
  }
  if (grouping_) {
    // What follows a scale must be smaller: two million three thousand.
    if (has_scale_ && !Less(word.value, last_scale_)) return false;
    return Scale(group_, word);
  }
  // Thousand million.
  if (!scaled_last_ || !Less(last_scale_, word.value)) return false;
  const auto product = Multiply(total_, word.value);
  if (!product) return false;
  total_ = *product;
  last_scale_ = word.value;
  scale_product_ = Multiply(scale_product_, word.value).value_or(word.value);
  return true;
}

bool NumberAccumulator::Scale(const ExactDecimal& group,
                              const AmountWord& word) {
  const auto product = Multiply(group, word.value);
  const auto sum = product ? tocsin::Add(total_, *product) : std::nullopt;
  if (!sum) return false;
  total_ = *sum;
  group_ = {};
  grouping_ = false;
  has_scale_ = scaled_last_ = true;
  last_scale_ = word.value;
  scale_product_ = word.value;
  return true;
}

bool NumberAccumulator::AddVague(const AmountWord& word) {
  if (any_) return false;
  any_ = vague_ = true;
  several_ = word.Has(Role::kSeveral);
  low_ = word.value;
  high_ = word.high;
  return true;
}

}  // namespace tocsin
