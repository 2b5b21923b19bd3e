// What would happen if an article were ingested now: which of its mentions are
// new, and which rules would ring. Reads a snapshot; stores nothing.
#ifndef TOCSIN_PIPELINE_PREVIEW_H_
#define TOCSIN_PIPELINE_PREVIEW_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "detect/mention.h"
#include "filter/sighting.h"
#include "rules/rule_set.h"
#include "storage/store.h"
#include "text/article.h"

namespace tocsin {

struct PreviewedSighting {
  Sighting sighting;
  bool is_new = false;             // Never sighted before.
  std::vector<std::string> rules;  // Names of those that would ring, sorted.
};

struct Preview {
  // One for each distinct entity or amount, at its first mention, in text
  // order.
  std::vector<PreviewedSighting> sightings;
  std::vector<std::string> article_rules;  // Rules about the article.
};

// `now` is the time it would be received. Repeat marks and mutes are respected;
// a rule that waits for more sources does not ring; near-copies and earlier
// revisions are not looked for.
absl::StatusOr<Preview> PreviewArticle(const Store& store, const RuleSet& rules,
                                       const Article& article,
                                       const Analysis& analysis,
                                       absl::Time now);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PREVIEW_H_
