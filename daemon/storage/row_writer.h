// Writes the rows of which an article has many, straight from what the
// sequencer has in hand: byte for byte what the messages of records.proto
// serialize to (a test compares them), at a tenth of the time.
//
// All append to `row`.
#ifndef TOCSIN_STORAGE_ROW_WRITER_H_
#define TOCSIN_STORAGE_ROW_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "detect/mention.h"
#include "filter/sighting.h"

namespace tocsin {

// One of EntitySighting::amounts.
struct AmountLink {
  absl::string_view key;  // storage/amount_key.h
  bool approximate = false;
  bool anchored = false;
  uint32_t index = 0;      // If anchored.
  absl::string_view unit;  // Where the key leaves it out.
};
void AppendAmountLink(const AmountLink& link, std::string& row);

// An EntitySighting; `links` are its amounts, appended by the above.
void AppendEntitySighting(bool amounts_only, absl::string_view links,
                          int64_t event_time, uint32_t source,
                          std::string& row);

// A MentionList; `numbers` are those of the analysis' entities.
void AppendMentionList(const Analysis& analysis,
                       absl::Span<const uint64_t> numbers,
                       absl::Span<const Sighting> sightings, std::string& row);

// To its end: one of MentionList::names, of the entity at that index.
void AppendNamedOtherwise(size_t index, const Entity& entity, std::string& row);

// To the end of an EntityRecord: one more source, one more form.
void AppendEntitySource(absl::string_view source, std::string& row);
void AppendEntityForm(absl::string_view language, absl::string_view text,
                      std::string& row);

// An EntityCounters.
struct Counters {
  int64_t first_seen_at = 0;
  int64_t last_seen_at = 0;
  int64_t article_count = 0;
};
void AppendEntityCounters(const Counters& counters,
                          absl::Span<const int32_t> type_votes,
                          absl::Span<const int32_t> form_counts,
                          std::string& row);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_ROW_WRITER_H_
