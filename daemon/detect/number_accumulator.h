// Puts the parts of a number together, in whatever order a language says them.
//
// What comes next must fit below what stands there already: `two hundred` takes
// `five`, `two` does not; a scale must be smaller than the one before, or makes
// a larger one of it (`thousand million`). A part that does not fit changes
// nothing. A plain value; copies are how a step is taken back.
#ifndef TOCSIN_DETECT_NUMBER_ACCUMULATOR_H_
#define TOCSIN_DETECT_NUMBER_ACCUMULATOR_H_

#include <cstdint>

#include "detect/amount_words.h"
#include "detect/number_decimal.h"
#include "detect/number_parser.h"

namespace tocsin {

class NumberAccumulator {
 public:
  // `inverted`: the unit stands before the ten (five-and-twenty).
  explicit NumberAccumulator(bool inverted) : inverted_(inverted) {}

  // Whether `word` fits here; if not, nothing changes.
  bool Add(const AmountWord& word);
  // Digits come first or not at all.
  bool AddDigits(const ExactDecimal& value);

  // `and`: whether something may follow it here.
  bool MayTakeAnd() const;
  void TakeAnd() { and_ = true; }
  // The parts that follow are of one word.
  void set_solid() { solid_ = true; }

  bool any() const { return any_; }
  bool vague() const { return vague_; }
  // Sets the values of `match`; false if there is no number.
  bool Finish(NumberMatch& match) const;

 private:
  void SetGroup(const ExactDecimal& value, NumberPart part);
  uint64_t GroupInteger() const;
  bool AddPart(const AmountWord& word);
  // `and a half`, after a number or after its scale.
  bool AddPlus(const AmountWord& word);
  bool AddScale(const AmountWord& word);
  bool Scale(const ExactDecimal& group, const AmountWord& word);
  bool AddVague(const AmountWord& word);

  bool inverted_;
  bool any_ = false;
  bool grouping_ = false;     // group_ holds a number not yet in total_.
  bool scaled_last_ = false;  // The last part was a scale.
  bool has_scale_ = false;
  bool bare_scale_ = false;
  bool fraction_ = false;
  bool vague_ = false;
  bool several_ = false;
  bool and_ = false;
  bool solid_ = false;
  NumberPart last_ = NumberPart::kNone;
  ExactDecimal total_;
  ExactDecimal group_;
  ExactDecimal last_scale_ = {1, 0, false};
  ExactDecimal scale_product_ = {1, 0, false};
  ExactDecimal low_;
  ExactDecimal high_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NUMBER_ACCUMULATOR_H_
