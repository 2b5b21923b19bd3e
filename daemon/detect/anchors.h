// Says which entities an amount is about.
#ifndef TOCSIN_DETECT_ANCHORS_H_
#define TOCSIN_DETECT_ANCHORS_H_

#include "detect/mention.h"

namespace tocsin {

// How many of an article's most mentioned entities each amount is linked to.
inline constexpr int kMainEntities = 6;

// Sets Amount::anchor and ::linked of every amount, from mentions with their
// sentence bounds and entities with their counts. The anchor is the nearest
// entity in the same sentence, else the most mentioned one; places are passed
// over where there is something else.
void LinkAmounts(Analysis& analysis);

}  // namespace tocsin

#endif  // TOCSIN_DETECT_ANCHORS_H_
