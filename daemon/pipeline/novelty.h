// What of an article is new: its mentions against what the archive knows.
//
// In three steps, which the sequencer takes in this order for each article:
//
//   1. ResolveKeys  which entities and amounts these are; new names get numbers
//   2. Judge        the evidence for each distinct one: a Sighting
//   3. Learn        the archive now knows of them
//
// An amount is known if any of the entities that it is linked to has it,
// exactly or, where either side is approximate, within 2 %. Evidence says what
// was known and when; what counts as new is for the rules to say.
#ifndef TOCSIN_PIPELINE_NOVELTY_H_
#define TOCSIN_PIPELINE_NOVELTY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "detect/mention.h"
#include "filter/sighting.h"
#include "pipeline/knowledge.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

// Keys that are not news: what earlier revisions of the article, or its
// original, mentioned.
struct Coverage {
  absl::flat_hash_set<uint64_t> entities;
  absl::flat_hash_set<std::string> amounts;  // Amount keys.

  bool empty() const { return entities.empty() && amounts.empty(); }
  void Add(const Coverage& other);
};

struct ResolvedAmount {
  std::string key;
  // Indices into ResolvedKeys::entities: the anchor (-1: none), and all that it
  // is linked to, distinct entities, the anchor first.
  int anchor = -1;
  absl::InlinedVector<int, 8> linked;
  bool repeat = false;  // An earlier amount of the article is the same one.
};

// What the mentions of an article denote. Pointers as those of Knowledge.
struct ResolvedKeys {
  std::vector<KnownEntity*> entities;  // For each of Analysis::entities.
  // Likewise: the first one that is the same entity. Keys that were merged are.
  std::vector<int> first_of;
  std::vector<ResolvedAmount> amounts;  // For each of Analysis::amounts.
  // Where amounts stand that are linked to nothing; null if there are none.
  KnownEntity* unlinked = nullptr;

  const KnownEntity* AnchorOf(const ResolvedAmount& amount) const {
    return amount.anchor < 0 ? nullptr : entities[amount.anchor];
  }
};

absl::StatusOr<ResolvedKeys> ResolveKeys(const Analysis& analysis,
                                         uint64_t commit, Knowledge& knowledge);

// One for each distinct key that `silent` does not cover, in text order.
absl::StatusOr<std::vector<Sighting>> Judge(const Analysis& analysis,
                                            const ResolvedKeys& keys,
                                            const Coverage& silent,
                                            Knowledge& knowledge);

// Counts the article for each key that `counted` does not cover.
absl::Status Learn(const Analysis& analysis, const ResolvedKeys& keys,
                   const Coverage& counted, const Knowledge::Occasion& occasion,
                   Knowledge& knowledge);

// Everything that an article mentions.
Coverage CoverageOf(const ResolvedKeys& keys);
Coverage CoverageOf(const MentionList& list);
Coverage CoverageOf(const CoverageRecord& record);
// Sorted, so that it is the same for the same coverage.
CoverageRecord ToRecord(const Coverage& coverage);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NOVELTY_H_
