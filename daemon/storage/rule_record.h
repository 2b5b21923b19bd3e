// Rules between their value type and their stored form. Lossless both ways, to
// the microsecond.
#ifndef TOCSIN_STORAGE_RULE_RECORD_H_
#define TOCSIN_STORAGE_RULE_RECORD_H_

#include "rules/rule.h"
#include "storage/records.h"

namespace tocsin {

RuleRecord ToRecord(const Rule& rule);
Rule FromRecord(const RuleRecord& record);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_RULE_RECORD_H_
