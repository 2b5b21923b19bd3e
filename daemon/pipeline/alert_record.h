// An alert, complete in itself: what rang, the passage that proves it, and what
// was known before.
#ifndef TOCSIN_PIPELINE_ALERT_RECORD_H_
#define TOCSIN_PIPELINE_ALERT_RECORD_H_

#include <cstdint>

#include "absl/time/time.h"
#include "pipeline/ringer.h"
#include "rules/rule_set.h"
#include "storage/records.h"

namespace tocsin {

// Without sequence and confirmed_by.
AlertRecord MakeAlert(const JudgedArticle& article, const RuleMatch& match,
                      absl::Time now);

// Hash of the rule and of the key that it rang for: what `ordered`
// subscriptions keep in order. Stored; never changes.
uint64_t OrderKeyOf(const AlertRecord& alert);

// The evidence of a sighting, as it is stored.
SightingRecord ToRecord(const Sighting& sighting);
Sighting FromRecord(const SightingRecord& record);

// The mentions of the article and the evidence of its sightings, as stored.
MentionList ToMentionList(const JudgedArticle& article);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_RECORD_H_
