// The headline of an alert, from the rule's template.
#ifndef TOCSIN_RULES_HEADLINE_H_
#define TOCSIN_RULES_HEADLINE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "filter/sighting.h"
#include "rules/rule.h"

namespace tocsin {

// INVALID_ARGUMENT for a brace that is not closed or a field that a headline
// cannot show. `{{` and `}}` stand for braces.
absl::Status CheckHeadlineTemplate(absl::string_view headline_template);

// Empty if the rule has no template. `sighting` is null for a rule about the
// article. What is absent is shown as nothing. At most kMaxAlertHeadlineBytes.
std::string RenderHeadline(const Rule& rule, const ArticleFacts& article,
                           const Sighting* sighting);
inline constexpr size_t kMaxAlertHeadlineBytes = 4096;

}  // namespace tocsin

#endif  // TOCSIN_RULES_HEADLINE_H_
