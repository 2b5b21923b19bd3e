// Analyses between their value type and their stored forms.
#ifndef TOCSIN_STORAGE_ANALYSIS_RECORD_H_
#define TOCSIN_STORAGE_ANALYSIS_RECORD_H_

#include <array>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "filter/sighting.h"
#include "filter/subject.h"
#include "storage/passage.h"
#include "storage/records.h"

namespace tocsin {

// Lossless both ways.
AnalysisRecord ToRecord(const Analysis& analysis);
// DATA_LOSS if indices point outside or the mentions are malformed. The
// surfaces are cut from the text.
absl::StatusOr<Analysis> FromRecord(const AnalysisRecord& record,
                                    absl::string_view headline,
                                    absl::string_view body);

// The analysis that a list was made of, without the text: its words, surfaces,
// and the names of its entities are missing. DATA_LOSS if it is malformed.
absl::StatusOr<Analysis> AnalysisWithoutText(const MentionList& list);
// Cuts the surfaces of such an analysis from its text; DATA_LOSS if they do not
// fit.
absl::Status FillSurfaces(absl::string_view headline, absl::string_view body,
                          Analysis& analysis);

// Without numbers and keys of anchors, which the sequencer knows.
EntityMentionRecord ToRecord(const Entity& entity);
AmountRecord ToRecord(const Amount& amount);
Amount FromRecord(const AmountRecord& record);

// A mention of a MentionList, with what it denotes and where it stands.
struct MentionWithPassage {
  MentionRecord mention;
  Passage passage;
};

// The evidence of a sighting.
SightingRecord ToRecord(const Sighting& sighting);
Sighting FromRecord(const SightingRecord& record);
// Novelty of what was sighted by itself, whatever a rule asks.
NoveltyKind NoveltyOf(const Sighting& sighting);

// The six numbers of a mention in a MentionList.
std::array<uint32_t, 6> NumbersOf(const Mention& mention);

size_t MentionCount(const MentionList& list);
// Number of the entity of mention `index` < MentionCount(); 0 for an amount.
uint64_t EntityNumberAt(const MentionList& list, size_t index);

// The mention at `index`, of whose entity or anchor the number stands in it but
// not yet the name; DATA_LOSS if the list does not fit the text.
absl::StatusOr<MentionWithPassage> MentionAt(const MentionList& list,
                                             size_t index,
                                             absl::string_view headline,
                                             absl::string_view body);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_ANALYSIS_RECORD_H_
