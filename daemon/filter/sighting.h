// What rules are asked about: an article, and each mention in it that is not
// just a repeat within the article, with what the archive knew before.
//
// Plain values, filled by pipeline/novelty and by tests.
#ifndef TOCSIN_FILTER_SIGHTING_H_
#define TOCSIN_FILTER_SIGHTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "detect/mention.h"

namespace tocsin {

// The evidence: what was known of a key before this article was committed.
struct Evidence {
  // Event times of earlier sightings; nullopt if there are none.
  std::optional<absl::Time> first_seen;
  std::optional<absl::Time> last_seen;
  int64_t article_count = 0;
  int source_count = 0;  // Counted up to 16.

  bool known() const { return article_count > 0; }
};

// One distinct key of the article, at its first mention. Keys that an earlier
// revision or the original of a near-copy mentioned have no sighting.
struct Sighting {
  int mention = -1;   // Index into Analysis::mentions.
  Evidence evidence;  // Of the entity, or of the amount over all its links.
  // An amount only:
  Evidence anchor;                 // Of the anchor; empty if there is none.
  std::optional<Amount> previous;  // Latest other amount of that kind and unit
                                   // of the anchor: set if it changed.
};

// The article as rules see it. Views; valid for the call it is passed to.
struct ArticleFacts {
  absl::string_view source;
  absl::string_view id;
  absl::string_view uri;
  absl::string_view language;
  absl::string_view headline;
  absl::string_view byline;
  int urgency = 0;
  int revision = 1;
  absl::Time event_time;
  const Analysis* analysis = nullptr;
};

}  // namespace tocsin

#endif  // TOCSIN_FILTER_SIGHTING_H_
