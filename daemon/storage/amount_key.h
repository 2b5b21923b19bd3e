// The key of an amount: kind, unit and normalised value, such that the bytes of
// keys of one kind and unit sort by value.
//
//   kind (1 byte), unit (escaped text), low, and high if it differs from low
//
// A value is a sign byte, a two-byte exponent (where the point stands) and its
// digits, ended by 0x00; for a negative one, all is complemented. Counts of an
// unknown noun from 1,000 up have no unit, so they compare without it. A vague
// amount has a kind of its own (plus 0x10): it equals only another vague one.
#ifndef TOCSIN_STORAGE_AMOUNT_KEY_H_
#define TOCSIN_STORAGE_AMOUNT_KEY_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "storage/records.h"

namespace tocsin {

std::string AmountKey(const Amount& amount);

// Whether the key says nothing of what is counted.
bool KeyLeavesOutUnit(const Amount& amount);

// What all keys of this kind and unit begin with.
std::string AmountKeyPrefix(const Amount& amount);

// Kind, unit, low and high as they stand in the key; nullopt if it is none.
std::optional<Amount> ParseAmountKey(absl::string_view key);

// Lows that may be within 2 % of `low`: a little wider than that;
// WithinTwoPercent() decides.
struct LowRange {
  double first = 0;
  double last = 0;
};
LowRange LowsNear(double low);

// Whether both low and high are within 2 % of the other's.
bool WithinTwoPercent(double a_low, double a_high, double b_low, double b_high);

// Order-preserving encoding of a normalised decimal.
void AppendDecimal(absl::string_view text, std::string& key);
// Takes one off the front; nullopt if it does not begin with one.
std::optional<std::string> TakeDecimal(absl::string_view& key);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_AMOUNT_KEY_H_
