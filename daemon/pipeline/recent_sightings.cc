#include "pipeline/recent_sightings.h"

#include <xxhash.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "storage/read_records.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

// A row without event time and source, as older versions wrote it where there
// are no amounts: the article has them.
template <typename Reader>
absl::Status FillFromArticle(const Reader& reader, uint64_t commit,
                             EntitySighting& row) {
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<ArticleRecord> record,
      ReadRecord<ArticleRecord>(reader, Family::kArticles, NumberKey(commit)));
  if (!record.has_value()) return absl::OkStatus();  // No longer kept.
  row.set_event_time(record->event_time());
  row.set_source(SourceHash(record->source()));
  return absl::OkStatus();
}

template <typename Reader>
absl::Status Read(const Reader& reader, uint64_t number, uint64_t from,
                  uint64_t before, RecentSightings& recent) {
  if (before <= from) return absl::OkStatus();
  std::vector<std::pair<uint64_t, EntitySighting>> rows;
  // Keys hold ~commit: the latest comes first.
  const std::string begin = SightingKey(number, before - 1);
  const std::string end =
      from == 0 ? PrefixEnd(NumberKey(number)) : SightingKey(number, from - 1);
  const auto note = [&](absl::string_view key,
                        EntitySighting& row) -> absl::StatusOr<bool> {
    const uint64_t commit = ParseSightingKey(key).value_or(0);
    if (row.event_time() == 0) {
      TOCSIN_RETURN_IF_ERROR(FillFromArticle(reader, commit, row));
    }
    rows.emplace_back(commit, std::move(row));
    return rows.size() < kMaxScanEntries;
  };
  TOCSIN_RETURN_IF_ERROR(ScanRecords<EntitySighting>(reader, Family::kSightings,
                                                     begin, end,
                                                     /*reverse=*/false, note));
  for (size_t i = rows.size(); i-- > 0;) {
    recent.Add(rows[i].first, rows[i].second);
  }
  return absl::OkStatus();
}

}  // namespace

uint32_t SourceHash(absl::string_view source) {
  return static_cast<uint32_t>(XXH3_64bits(source.data(), source.size()));
}

void RecentSightings::Add(uint64_t commit, const EntitySighting& row) {
  Add(commit, row.event_time(), row.source(), !row.amounts_only());
}

void RecentSightings::Add(uint64_t commit, int64_t event_time, uint32_t source,
                          bool mentions) {
  const Entry entry{commit, event_time, source, mentions};
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), commit,
                                   [](const Entry& other, uint64_t wanted) {
                                     return other.commit < wanted;
                                   });
  if (at != entries_.end() && at->commit == commit) {
    // Two entities that one article mentions were merged: one mention.
    at->mentions = at->mentions || entry.mentions;
    return;
  }
  entries_.insert(at, entry);
  if (entries_.size() >= 2 * kMaxScanEntries) {
    entries_.erase(entries_.begin(),
                   entries_.end() - static_cast<ptrdiff_t>(kMaxScanEntries));
  }
}

template <typename Visit>
void RecentSightings::ForEachWithin(absl::Time end, absl::Duration window,
                                    const Commits* hidden,
                                    const Visit& visit) const {
  const int64_t last = absl::ToUnixMicros(end);
  const int64_t first = absl::ToUnixMicros(end - window);
  const size_t skipped =
      entries_.size() - std::min(entries_.size(), kMaxScanEntries);
  for (size_t i = skipped; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (!entry.mentions || entry.event_time <= first ||
        entry.event_time > last ||
        (hidden != nullptr && hidden->contains(entry.commit))) {
      continue;
    }
    visit(entry);
  }
}

int64_t RecentSightings::CountMentions(absl::Time end, absl::Duration window,
                                       const Commits* hidden) const {
  int64_t count = 0;
  ForEachWithin(end, window, hidden, [&](const Entry&) { ++count; });
  return count;
}

int64_t RecentSightings::CountSources(absl::Time end, absl::Duration window,
                                      const Commits* hidden) const {
  absl::flat_hash_set<uint32_t> sources;
  ForEachWithin(end, window, hidden,
                [&](const Entry& entry) { sources.insert(entry.source); });
  return static_cast<int64_t>(sources.size());
}

absl::Status ReadSightings(const Store& store, uint64_t number, uint64_t from,
                           uint64_t before, RecentSightings& recent) {
  return Read(store, number, from, before, recent);
}

absl::Status ReadSightings(const Snapshot& snapshot, uint64_t number,
                           uint64_t from, uint64_t before,
                           RecentSightings& recent) {
  return Read(snapshot, number, from, before, recent);
}

}  // namespace tocsin
