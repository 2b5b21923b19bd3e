// One entity as the sequencer knows it: plain numbers to count with, and its
// stored record, to which sources and forms are only ever added.
//
// Not thread-safe.
#ifndef TOCSIN_PIPELINE_KNOWN_ENTITY_H_
#define TOCSIN_PIPELINE_KNOWN_ENTITY_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "filter/sighting.h"
#include "pipeline/amount_book.h"
#include "pipeline/recent_sightings.h"
#include "storage/records.h"
#include "storage/row_writer.h"

namespace tocsin {

inline constexpr int kMaxForms = 64;

class KnownEntity {
 public:
  // `number` 0 is that of amounts linked to nothing: only a book, no rows.
  static std::unique_ptr<KnownEntity> New(uint64_t number, const Entity& entity,
                                          uint64_t commit);
  // Of its record alone: it was counted nowhere.
  static std::unique_ptr<KnownEntity> FromRecord(const EntityRecord& record);
  // As stored; null if either is damaged.
  static std::unique_ptr<KnownEntity> Parse(std::string record,
                                            absl::string_view counters);

  uint64_t number() const { return number_; }
  const std::string& key() const { return key_; }
  const std::string& display_name() const { return display_name_; }
  bool listed() const { return listed_; }
  uint64_t merged_into() const { return merged_into_; }  // 0: it was not.
  Evidence evidence() const;

  // The rows: an EntityRecord, an EntityCounters.
  const std::string& record_row() const { return record_; }
  void AppendCountersRow(std::string& row) const;
  EntityRecord record() const;

  // One more article. True if the record changed too: the source is new.
  bool Count(EntityType type, int64_t event_time, absl::string_view source,
             uint32_t source_hash);
  // One more mention. True if the record changed too: the form is new.
  bool CountForm(absl::string_view surface, absl::string_view language);
  // Counts, forms and sources of `from`, which leads here from now on.
  void Absorb(KnownEntity& from);

  // What Knowledge keeps with it.
  std::unique_ptr<AmountBook> book;         // Null: not read yet.
  std::unique_ptr<RecentSightings> recent;  // Likewise.
  bool has_no_rows = false;                 // Nothing to read: it is new.
  bool touched = false;                     // Since the last Write(),
  bool record_changed = false;              // and what of it.
  bool counters_changed = false;
  bool recently_used = false;
  // What ResolveKeys() notes while it resolves one article.
  uint64_t resolved_turn = 0;
  int resolved_index = 0;

 private:
  struct Form {
    uint64_t hash;  // Of text and language.
    int32_t count;
  };

  void SetRecord(const EntityRecord& record);

  uint64_t number_ = 0;
  uint64_t merged_into_ = 0;
  Counters counters_;
  SourceHashes sources_;
  absl::InlinedVector<int32_t, 8> type_votes_;
  absl::InlinedVector<Form, 4> forms_;
  std::string key_;
  std::string display_name_;
  bool listed_ = false;
  std::string record_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_KNOWN_ENTITY_H_
