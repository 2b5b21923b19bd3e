// The amounts that the archive has linked to one entity.
//
// Not thread-safe. What it answers depends on the articles that were noted and
// not on their order in memory.
#ifndef TOCSIN_PIPELINE_AMOUNT_BOOK_H_
#define TOCSIN_PIPELINE_AMOUNT_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "storage/records.h"

namespace tocsin {

// Sources of an entity or an amount are counted up to here.
inline constexpr int kMaxSources = 16;

// Of names of sources, by SourceHash(). Adds one if it is not there and there
// is room; false if not.
using SourceHashes = absl::InlinedVector<uint32_t, 4>;
bool AddSource(uint32_t hash, SourceHashes& sources);

// An amount linked to an entity. Compact, for there are many.
struct KnownAmount {
  std::string key;  // storage/amount_key.h
  double low = 0;
  double high = 0;
  int64_t first_seen_at = 0;  // Microseconds.
  int64_t last_seen_at = 0;
  uint64_t last_commit = 0;
  uint64_t last_anchored_commit = 0;
  uint32_t last_anchored_index = 0;
  int32_t article_count = 0;
  SourceHashes sources;
  bool approximate = false;  // It was never said exactly.
};

class AmountBook {
 public:
  // A key (storage/amount_key.h), viewed, and its hash: made once an amount,
  // however many books are asked for it.
  struct Key {
    Key() = default;
    explicit Key(absl::string_view key);
    friend bool operator==(const Key& a, const Key& b) {
      return a.hash == b.hash && a.text == b.text;
    }

    absl::string_view text;
    uint64_t hash = 0;
  };

  // One article, stored as `commit`, links an amount to the entity.
  struct Link {
    Key key;
    double low = 0;
    double high = 0;
    bool approximate = false;
    bool anchored = false;  // The entity is its anchor, and
    uint32_t index = 0;     // it is that amount of the article.
    uint64_t commit = 0;
    int64_t event_time = 0;  // Microseconds.
    uint32_t source = 0;     // SourceHash().
  };
  // Counts each amount once an article.
  void Note(const Link& link);
  // The same for all amounts of a stored row.
  void Note(const EntitySighting& row, uint64_t commit);
  // All that `other` knows; counts add.
  void Absorb(const AmountBook& other);

  KnownAmount* Find(const Key& key) const;
  // Known under this key, or within 2 % where either is approximate.
  using Found = absl::InlinedVector<KnownAmount*, 4>;
  Found Matches(const Key& key, const Amount& amount);
  // Brings what Find() looks at closer: many books do not fit in caches.
  void Prefetch(const Key& key) const { by_key_.prefetch(key); }
  // The latest amount of that kind and unit whose anchor the entity was; null
  // if there is none.
  KnownAmount* Latest(const Amount& amount) const;

  size_t size() const { return amounts_.size(); }

 private:
  // By low value, of whatever kind and unit: comparing doubles is cheap. Sorted
  // but for the newest, which are few beside the others: so adding costs little
  // and a search looks at little.
  class ByLow {
   public:
    bool empty() const { return entries_.empty(); }
    void Add(KnownAmount* amount);
    void Remove(const KnownAmount* amount);
    // Calls `visit` for each in [first, last], in no order.
    template <typename Visit>
    void ForEach(double first, double last, const Visit& visit);

   private:
    struct Entry {
      double low;
      KnownAmount* amount;
    };
    std::vector<Entry> entries_;
    size_t sorted_ = 0;
  };

  KnownAmount* Add(KnownAmount amount, uint64_t hash);
  void SetExact(KnownAmount* amount);
  // Its anchored commit rose: it may be the latest of its kind and unit.
  void NoteAnchored(KnownAmount* amount);

  struct HashOf {
    size_t operator()(const Key& key) const { return key.hash; }
  };

  std::vector<std::unique_ptr<KnownAmount>> amounts_;  // As they were added.
  // The keys view those of the amounts.
  absl::flat_hash_map<Key, KnownAmount*, HashOf> by_key_;
  ByLow by_low_;
  ByLow approximate_;  // Those that were only ever said approximately.
  // By kind and unit, the beginning of a key; views keys of amounts.
  absl::flat_hash_map<absl::string_view, KnownAmount*> latest_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_AMOUNT_BOOK_H_
