// What the archive knows of entities and of the amounts linked to them, kept in
// memory for those that the news is about, and read from the store for others.
//
// Only the sequencer writes entities and amounts, so what is in memory is
// always right. What changed is written once a batch, however many articles of
// the batch changed it. Not thread-safe.
#ifndef TOCSIN_PIPELINE_KNOWLEDGE_H_
#define TOCSIN_PIPELINE_KNOWLEDGE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "pipeline/amount_book.h"
#include "pipeline/known_entity.h"
#include "pipeline/recent_sightings.h"
#include "storage/store.h"

namespace tocsin {

class Knowledge {
 public:
  // `store` is not owned and must outlive this. `last_entity` is the highest
  // entity number given out.
  Knowledge(const Store& store, uint64_t last_entity, size_t cache_bytes)
      : store_(store), last_entity_(last_entity), cache_bytes_(cache_bytes) {}

  // Pointers stay good until Written().

  // Follows redirects. Null if the archive has not sighted the key.
  absl::StatusOr<KnownEntity*> Find(absl::string_view key);
  absl::StatusOr<KnownEntity*> Find(uint64_t number);
  // Gives the key the next number. Find(key) must have returned null.
  KnownEntity* Add(const Entity& entity, uint64_t commit);
  // Where amounts stand that are linked to no entity.
  absl::StatusOr<KnownEntity*> Unlinked();

  // The entity's amounts.
  absl::StatusOr<AmountBook*> Book(KnownEntity& entity);

  // The entity's latest entries in the mention index, those of this batch
  // included.
  absl::StatusOr<const RecentSightings*> Recent(KnownEntity& entity);

  // One article, stored as `commit`, mentions the entity.
  struct Occasion {
    uint64_t commit = 0;
    int64_t event_time = 0;  // Microseconds.
    absl::string_view source;
    uint32_t source_hash = 0;  // SourceHash(source).
    absl::string_view language;
  };
  void CountEntity(KnownEntity& entity, EntityType type,
                   const Occasion& occasion);
  void CountForm(KnownEntity& entity, absl::string_view surface,
                 absl::string_view language);
  // The article links an amount to the entity.
  absl::Status CountAmount(KnownEntity& entity, const AmountBook::Link& link);
  // The row of the article and entity, to be written with the batch; `links`
  // are its amounts as AppendAmountLink() makes them.
  void AddSighting(KnownEntity& entity, bool amounts_only,
                   absl::string_view links, const Occasion& occasion);

  // Makes one entity of two different ones.
  absl::Status Merge(KnownEntity& into, KnownEntity& from);

  // What changed since the last time.
  void Write(StoreBatch& batch);
  // What Write() told of is in the store. Forgets what was not used for long,
  // if there is too much, but nothing that changed since.
  void Written();

  uint64_t last_entity() const { return last_entity_; }

  // Bytes of the rows of `sightings` since the last time.
  int64_t TakeSightingBytes() { return std::exchange(sighting_bytes_, 0); }

  // A number that no other article has, for KnownEntity::resolved_turn.
  uint64_t NextTurn() { return ++turn_; }

 private:
  // Rows of `sightings` that are not in the store yet.
  struct NewSightings {
    struct Entry {
      uint64_t entity;
      uint64_t commit;
      size_t begin;  // Of its row in `rows`.
      size_t size;
    };
    std::vector<Entry> entries;
    std::string rows;

    absl::string_view RowOf(const Entry& entry) const {
      return absl::string_view(rows).substr(entry.begin, entry.size);
    }
    void Clear() {
      entries.clear();
      rows.clear();
    }
  };

  absl::StatusOr<KnownEntity*> Load(uint64_t number);
  absl::Status ReadBook(uint64_t number, AmountBook& book);
  absl::Status ReadRecent(uint64_t number, RecentSightings& recent);
  void Evict();
  KnownEntity* Keep(std::unique_ptr<KnownEntity> entity);
  // It changed: written with the batch, and kept until then.
  void Touch(KnownEntity& entity);
  void MarkRecord(KnownEntity& entity);
  void MarkCounters(KnownEntity& entity);

  const Store& store_;
  uint64_t last_entity_;
  const size_t cache_bytes_;
  uint64_t turn_ = 0;

  absl::flat_hash_map<uint64_t, std::unique_ptr<KnownEntity>> by_number_;
  // Each by its own key, which is viewed; one that was merged leads on.
  absl::flat_hash_map<absl::string_view, KnownEntity*> by_key_;
  // Numbers in the order they were read, for Evict().
  std::deque<uint64_t> queue_;
  size_t bytes_ = 0;  // About.

  std::vector<KnownEntity*> touched_;  // Since the last Write().
  std::vector<KnownEntity*> new_entities_;
  NewSightings new_sightings_;      // Likewise.
  NewSightings written_sightings_;  // From the last Write() to Written().
  int64_t sighting_bytes_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_KNOWLEDGE_H_
