// What a rule must be to be taken.
#ifndef TOCSIN_RULES_VALIDATE_H_
#define TOCSIN_RULES_VALIDATE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "filter/filter.h"
#include "rules/rule.h"

namespace tocsin {

// Limits, in UTF-8 bytes where they are of text.
inline constexpr size_t kMaxRuleDisplayNameBytes = 256;
inline constexpr size_t kMaxRuleDescriptionBytes = 4096;
inline constexpr size_t kMaxRuleTemplateBytes = 1024;
inline constexpr size_t kMaxRuleLabels = 32;
inline constexpr size_t kMaxRuleLabelBytes = 256;
inline constexpr int kMaxMinSources = 16;

// Checks every field and compiles the filter. INVALID_ARGUMENT whose message
// begins with the field at fault, such as `filter: line 1, column 5: ...`.
absl::StatusOr<std::shared_ptr<const Filter>> CompileRule(const Rule& rule);

}  // namespace tocsin

#endif  // TOCSIN_RULES_VALIDATE_H_
