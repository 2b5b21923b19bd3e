// When a rule holds its tongue: mute_until and quiet hours. Pure functions of
// the rule and a time.
#ifndef TOCSIN_RULES_QUIET_H_
#define TOCSIN_RULES_QUIET_H_

#include <optional>

#include "absl/time/time.h"
#include "rules/rule.h"

namespace tocsin {

// Whether the rule rings nothing at `now`.
bool MutedAt(const Rule& rule, absl::Time now);

// The end of the quiet hours that `now` falls into, in the rule's time zone;
// nullopt outside of them. Start included, end excluded; a start equal to the
// end is a whole day. Where the clock skips the end, the first moment after
// the gap counts; where it shows the end twice, the first.
std::optional<absl::Time> QuietUntil(const Rule& rule, absl::Time now);

}  // namespace tocsin

#endif  // TOCSIN_RULES_QUIET_H_
