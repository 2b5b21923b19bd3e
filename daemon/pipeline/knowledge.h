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

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "filter/sighting.h"
#include "pipeline/recent_sightings.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

inline constexpr int kMaxSources = 16;
inline constexpr int kMaxForms = 64;

// An amount linked to an entity. Compact, for there are many.
struct KnownAmount {
  std::string key;  // storage/amount_key.h
  double low = 0;
  double high = 0;
  int64_t first_seen_at = 0;  // Microseconds.
  int64_t last_seen_at = 0;
  uint64_t first_commit = 0;
  uint64_t last_commit = 0;
  uint64_t last_anchored_commit = 0;
  uint32_t last_anchored_index = 0;
  int32_t article_count = 0;
  absl::InlinedVector<uint32_t, 4> sources;  // Hashes.
  bool approximate = false;                  // It was never said exactly.
};

// All amounts linked to one entity.
class AmountBook {
 public:
  KnownAmount* Find(absl::string_view key) const;
  // Known under this key, or within 2 % where either is approximate.
  std::vector<KnownAmount*> Matches(absl::string_view key,
                                    const Amount& amount) const;
  // The latest amount of that kind and unit whose anchor the entity was; null
  // if there is none.
  KnownAmount* Latest(const Amount& amount) const;

  // One article, stored as `commit`, links these amounts to the entity. Counts
  // each once.
  void Note(const EntitySighting& row, uint64_t commit);
  // All that `other` knows; counts add.
  void Absorb(const AmountBook& other);

  size_t size() const { return by_key_.size(); }

 private:
  KnownAmount* Add(std::unique_ptr<KnownAmount> amount);
  void SetExact(KnownAmount* amount);
  // Its anchored commit rose: it may be the latest of its kind and unit.
  void NoteAnchored(KnownAmount* amount);

  // By low value, of whatever kind and unit: comparing doubles is cheap.
  using ByLow = absl::btree_multimap<double, KnownAmount*>;

  std::vector<std::unique_ptr<KnownAmount>> amounts_;
  // The keys view those of the amounts.
  absl::flat_hash_map<absl::string_view, KnownAmount*> by_key_;
  ByLow by_low_;
  ByLow approximate_;  // Those that were only ever said approximately.
  absl::flat_hash_map<std::string, KnownAmount*> latest_;  // By key prefix.
};

struct KnownEntity {
  EntityRecord record;
  EntityCounters counters;
  std::unique_ptr<AmountBook> book;         // Null: not read yet.
  std::unique_ptr<RecentSightings> recent;  // Likewise.
  bool record_changed = false;              // Since the last Write().
  bool counters_changed = false;
  bool recently_used = false;

  uint64_t number() const { return record.number(); }
  Evidence evidence() const;
};

class Knowledge {
 public:
  // `store` is not owned and must outlive this. `last_entity` is the highest
  // entity number given out.
  Knowledge(const Store& store, uint64_t last_entity, size_t cache_bytes)
      : store_(store), last_entity_(last_entity), cache_bytes_(cache_bytes) {}

  // Pointers stay good until Evict().

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
    absl::string_view language;
  };
  void CountEntity(KnownEntity& entity, EntityType type,
                   const Occasion& occasion);
  void CountForm(KnownEntity& entity, absl::string_view surface,
                 absl::string_view language);
  // The row of one article and entity: its amounts become known, and it is
  // written with the batch.
  absl::Status CountSighting(KnownEntity& entity, EntitySighting row,
                             const Occasion& occasion);

  // Makes one entity of two different ones.
  absl::Status Merge(KnownEntity& into, KnownEntity& from);

  // What changed since the last time.
  void Write(StoreBatch& batch);
  // Forgets what was not used for long, if there is too much.
  void Evict();

  uint64_t last_entity() const { return last_entity_; }

  // Bytes of the rows of `sightings` since the last time.
  int64_t TakeSightingBytes() { return std::exchange(sighting_bytes_, 0); }

 private:
  absl::StatusOr<KnownEntity*> Load(uint64_t number);
  absl::Status ReadBook(uint64_t number, AmountBook& book);
  absl::Status ReadRecent(uint64_t number, RecentSightings& recent);
  KnownEntity* Keep(std::unique_ptr<KnownEntity> entity);
  void MarkRecord(KnownEntity& entity);
  void MarkCounters(KnownEntity& entity);

  const Store& store_;
  uint64_t last_entity_;
  const size_t cache_bytes_;

  absl::flat_hash_map<uint64_t, std::unique_ptr<KnownEntity>> by_number_;
  absl::flat_hash_map<std::string, uint64_t> by_key_;
  // Numbers in the order they were read, for Evict().
  std::deque<uint64_t> queue_;
  size_t bytes_ = 0;  // About.

  std::vector<KnownEntity*> changed_entities_;
  std::vector<std::pair<std::string, uint64_t>> new_keys_;
  std::vector<std::pair<std::string, std::string>> new_sightings_;
  int64_t sighting_bytes_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_KNOWLEDGE_H_
