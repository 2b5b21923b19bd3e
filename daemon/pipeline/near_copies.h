// Finds the original of a near-copy among the articles of the last seven days.
//
// Two articles are near-copies if their SimHashes differ in at most 3 bits. Cut
// into four bands of 16 bits, at least one band of the two is then equal, so
// only articles that share a band are compared, the newest 64 of each band. An
// article under 50 words is a near-copy only of an equal text.
//
// In memory, the newest 2^20 articles at most; rebuilt from the store at start.
// Not thread-safe.
#ifndef TOCSIN_PIPELINE_NEAR_COPIES_H_
#define TOCSIN_PIPELINE_NEAR_COPIES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "detect/mention.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

inline constexpr int kNearBits = 3;
inline constexpr int kNearMinWords = 50;
inline constexpr int kNearMaxCandidates = 64;
inline constexpr absl::Duration kNearAge = absl::Hours(7 * 24);

class NearCopies {
 public:
  // At most `capacity` articles are remembered.
  explicit NearCopies(size_t capacity = size_t{1} << 20);

  // With the articles of the store.
  static absl::StatusOr<NearCopies> Load(const Store& store,
                                         size_t capacity = size_t{1} << 20);

  // The record of an article, `original` unset.
  static NearRecord RecordOf(const Analysis& analysis, int64_t received_at);

  // Article number of the original of the newest near-copy; 0 if there is none.
  // `article` itself is not looked at.
  uint64_t FindOriginal(const NearRecord& record, uint64_t article) const;

  // `record.original()` is set: the article itself, or its original.
  // received_at does not go back.
  void Add(const NearRecord& record);

 private:
  static constexpr size_t kBands = 4;
  static constexpr uint32_t kNone = 0xffffffff;

  struct Entry {
    uint64_t simhash;
    int64_t received_at;
    uint64_t original;
    bool exact;
    // The entry before this one in each band, as a count of entries ever added.
    std::array<uint32_t, kBands> earlier;
  };

  static Entry ToEntry(const NearRecord& record);
  void Add(Entry entry);

  static size_t Bucket(uint64_t simhash, size_t band) {
    return band << 16 | ((simhash >> (16 * band)) & 0xffff);
  }
  bool IsKept(uint32_t position) const {
    return position != kNone && added_ - position <= capacity_;
  }

  size_t capacity_;
  uint32_t added_ = 0;
  std::vector<Entry> entries_;  // By position modulo the capacity.
  std::vector<uint32_t> latest_ = std::vector<uint32_t>(kBands << 16, kNone);
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NEAR_COPIES_H_
