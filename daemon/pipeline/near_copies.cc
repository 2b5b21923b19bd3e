#include "pipeline/near_copies.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>

#include "base/status_macros.h"
#include "storage/read_records.h"

namespace tocsin {

NearCopies::NearCopies(size_t capacity) : capacity_(capacity) {}

absl::StatusOr<NearCopies> NearCopies::Load(const Store& store,
                                            size_t capacity) {
  // The newest first. Plain entries: there may be a million.
  std::vector<Entry> records;
  TOCSIN_RETURN_IF_ERROR(ScanRecords<NearRecord>(
      store, Family::kNear, "", "", /*reverse=*/true,
      [&](absl::string_view, const NearRecord& record) {
        if (records.size() == capacity) return false;
        if (!records.empty() &&
            records.front().received_at - record.received_at() >
                absl::ToInt64Microseconds(kNearAge)) {
          return false;
        }
        records.push_back(ToEntry(record));
        return true;
      }));
  // In the order in which they entered: an embargo lets some wait.
  std::stable_sort(records.begin(), records.end(),
                   [](const Entry& a, const Entry& b) {
                     return a.received_at > b.received_at;
                   });
  NearCopies copies(capacity);
  for (auto it = records.rbegin(); it != records.rend(); ++it) copies.Add(*it);
  return copies;
}

NearRecord NearCopies::RecordOf(const Analysis& analysis, int64_t received_at) {
  NearRecord record;
  record.set_received_at(received_at);
  record.set_exact(analysis.word_count < kNearMinWords);
  record.set_simhash(record.exact()
                         ? XXH3_64bits(analysis.words.data(),
                                       analysis.words.size() * sizeof(uint64_t))
                         : analysis.simhash);
  return record;
}

uint64_t NearCopies::FindOriginal(const NearRecord& record,
                                  uint64_t article) const {
  const int64_t oldest =
      record.received_at() - absl::ToInt64Microseconds(kNearAge);
  uint32_t best = kNone;
  uint64_t original = 0;
  const size_t bands = record.exact() ? 1 : kBands;  // Equal in every band.
  for (size_t band = 0; band < bands; ++band) {
    uint32_t position = latest_[Bucket(record.simhash(), band)];
    for (int i = 0; i < kNearMaxCandidates && IsKept(position); ++i) {
      const Entry& entry = entries_[position % capacity_];
      if (entry.received_at < oldest) break;
      const int difference = std::popcount(entry.simhash ^ record.simhash());
      const bool near = entry.exact == record.exact() &&
                        difference <= (entry.exact ? 0 : kNearBits) &&
                        entry.original != article;
      if (near && (best == kNone || position > best)) {
        best = position;
        original = entry.original;
      }
      position = entry.earlier[band];
    }
  }
  return original;
}

NearCopies::Entry NearCopies::ToEntry(const NearRecord& record) {
  return {record.simhash(),
          record.received_at(),
          record.original(),
          record.exact(),
          {}};
}

void NearCopies::Add(const NearRecord& record) { Add(ToEntry(record)); }

void NearCopies::Add(Entry entry) {
  for (size_t band = 0; band < kBands; ++band) {
    uint32_t& latest = latest_[Bucket(entry.simhash, band)];
    entry.earlier[band] = latest;
    latest = added_;
  }
  const size_t slot = added_ % capacity_;
  if (slot == entries_.size()) {
    entries_.push_back(entry);
  } else {
    entries_[slot] = entry;
  }
  ++added_;
}

}  // namespace tocsin
