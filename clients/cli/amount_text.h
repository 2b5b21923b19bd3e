// Amounts as a newspaper prints them.
#ifndef TOCSIN_CLI_AMOUNT_TEXT_H_
#define TOCSIN_CLI_AMOUNT_TEXT_H_

#include <string>

#include "tocsin/v1/mention.pb.h"

namespace tocsin::cli {

// "500,000,000,000", "8.25": commas between thousands, a decimal point, at most
// six decimals.
std::string Grouped(double value);

// "500 bn", "1.5 bn", "40,000": k, m, bn and tn from a million up, at most
// three decimals.
std::string Short(double value);

// In full: "USD 500,000,000,000", "about 3.5 %", "at least 40,000 jobs",
// "EUR 2,000,000 to 3,000,000", "somewhere in USD 100 bn to 1 tn".
std::string AmountText(const v1::Amount& amount);

// The same, short: "USD 500 bn".
std::string ShortAmountText(const v1::Amount& amount);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_AMOUNT_TEXT_H_
