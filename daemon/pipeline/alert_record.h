// An alert, complete in itself: what rang, the passage that proves it, and what
// was known before.
#ifndef TOCSIN_PIPELINE_ALERT_RECORD_H_
#define TOCSIN_PIPELINE_ALERT_RECORD_H_

#include <cstdint>

#include <string>

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

// The row of `mentions`: a MentionList of the article's mentions and the
// evidence of its sightings.
std::string MentionRow(const JudgedArticle& article);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_RECORD_H_
