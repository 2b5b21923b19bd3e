// Puts numbers and units together: the grammar of amounts.
//
//   amount   = [bound] quantity [joiner quantity] [bound]
//   quantity = [currency] number [scale] [unit | counted noun]
//
// Units may stand before or after, with the scale between (`SEK 30 miljoner`,
// `75 USD million`), or in the word itself (`115USD`). A range takes what its
// first half lacks from the second. Words come from AmountWords; this file
// knows shapes only. Holds no state between calls; thread-safe.
#ifndef TOCSIN_DETECT_AMOUNT_PARSER_H_
#define TOCSIN_DETECT_AMOUNT_PARSER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "detect/amount_detector.h"
#include "detect/number_parser.h"

namespace tocsin {

// A hyphen or dash of any length.
bool IsDash(absl::string_view text);
// The same kind of thing is meant: both dollars, both per cent.
bool SameUnit(const AmountWord& a, const AmountWord& b);

class AmountParser {
 public:
  explicit AmountParser(const AmountScope& scope)
      : scope_(scope), numbers_(scope) {}

  // Looks for an amount at the trigger tokens[at]. Nothing before `floor` is
  // taken in: it belongs to the amount before. Appends what it finds and
  // returns where to go on, always after `at`.
  uint32_t ParseAt(uint32_t at, uint32_t floor,
                   std::vector<AmountMention>& found) const;

 private:
  struct Unit {
    const AmountWord* word = nullptr;
    uint32_t first = 0;  // Tokens [first, last).
    uint32_t last = 0;
    bool is_before = false;
  };
  struct Counted {
    std::string unit;
    bool known = false;
    uint32_t first = 0;  // The number before it ends here.
    uint32_t last = 0;
  };
  struct Quantity {
    NumberMatch number;
    Unit unit;
    std::optional<Counted> counted;
    std::string bare_currency;  // Of a number without unit, by its context.
    uint32_t first = 0;         // Tokens [first, last), units included.
    uint32_t last = 0;
    ExactDecimal low;  // In whole units.
    ExactDecimal high;
    bool has_unit() const { return unit.word != nullptr; }
  };
  // kList: `3 and 5 per cent`.
  enum class Joiner { kNone, kRange, kChange, kList };

  uint32_t ParsePair(Quantity first, uint32_t floor,
                     std::vector<AmountMention>& found) const;
  absl::string_view BareCurrency(const Quantity& quantity,
                                 const std::vector<AmountMention>& found) const;
  bool IsPaid(uint32_t at) const;
  std::optional<Quantity> ParseQuantity(uint32_t start, uint32_t floor) const;
  Unit UnitBefore(uint32_t at, uint32_t floor) const;
  Unit FusedUnit(uint32_t at) const;
  Unit UnitAfter(const NumberMatch& number, const Unit& before) const;
  bool IsUsable(const Unit& unit, const NumberMatch& number) const;
  bool IsWritten(const Unit& unit) const;
  bool IsEmptyFraction(uint32_t pos) const;
  bool BelongsToNext(const Unit& unit, const NumberMatch& number,
                     bool has_before) const;
  bool FollowsBracket(const NumberMatch& number) const;
  bool IsBloodLevel(const Quantity& quantity) const;
  void TakeColonCents(NumberMatch& number) const;
  void TakeSignBefore(Quantity& quantity, uint32_t floor) const;
  void AddScaleAfterUnit(Quantity& quantity) const;
  void AddSubunits(Quantity& quantity) const;
  ExactDecimal TenthsAfter(int exponent, uint32_t& last) const;
  bool SetValues(Quantity& quantity) const;

  Joiner JoinerAt(const Quantity& first, uint32_t floor, uint32_t& pos) const;
  bool Carry(Joiner joiner, Quantity& first, Quantity& second) const;

  std::optional<Counted> CountedAfter(const Quantity& quantity,
                                      uint32_t floor) const;
  bool MayCount(const Quantity& quantity, uint32_t floor) const;
  bool IsPartOfName(const NumberMatch& number, const Counted& counted,
                    uint32_t floor) const;
  bool IsYear(const NumberMatch& number, const Counted& counted,
              uint32_t floor) const;
  bool IsPartOfShare(uint32_t at, const AmountWords::Match& before,
                     uint32_t floor) const;
  uint32_t EndOfApostrophePlural(uint32_t at) const;
  std::optional<Counted> NounAt(uint32_t pos, bool large) const;
  std::optional<Counted> CompoundAt(uint32_t pos, uint32_t end, bool large,
                                    bool& is_noun) const;
  bool IsNoun(uint32_t at, absl::string_view folded, bool large) const;

  bool Emit(const Quantity& first, const Quantity& last, uint32_t floor,
            std::vector<AmountMention>& found) const;
  uint32_t EndByte(const Quantity& last, uint32_t last_token) const;
  void SetBounds(AmountMention& mention, uint32_t floor) const;
  uint32_t ParseOneUnit(uint32_t at, uint32_t floor,
                        std::vector<AmountMention>& found) const;

  const AmountScope& scope_;
  NumberParser numbers_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_AMOUNT_PARSER_H_
