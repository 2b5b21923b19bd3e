#include "pipeline/scans.h"

#include <optional>
#include <utility>

#include "base/status_macros.h"

namespace tocsin {
namespace {

// What PastScans remembers; then it forgets all.
constexpr size_t kMaxHistories = 10'000;

// Scans over what `find(entity key)` returns; null counts nothing.
template <typename Find>
Scans MakeScans(const Find& find,
                const RecentSightings::Commits* const* hidden = nullptr) {
  const auto hidden_now = [hidden] {
    return hidden == nullptr ? nullptr : *hidden;
  };
  Scans scans;
  scans.sources = [find, hidden_now](absl::string_view key, absl::Time end,
                                     absl::Duration window) -> int64_t {
    const RecentSightings* recent = find(key);
    return recent == nullptr ? 0
                             : recent->CountSources(end, window, hidden_now());
  };
  scans.mentions = [find, hidden_now](absl::string_view key, absl::Time end,
                                      absl::Duration window) -> int64_t {
    const RecentSightings* recent = find(key);
    return recent == nullptr ? 0
                             : recent->CountMentions(end, window, hidden_now());
  };
  return scans;
}

}  // namespace

LiveScans::LiveScans(Knowledge& knowledge)
    : knowledge_(knowledge),
      scans_(MakeScans([this](absl::string_view key) { return Find(key); })) {}

const RecentSightings* LiveScans::Find(absl::string_view entity_key) {
  absl::StatusOr<KnownEntity*> entity = knowledge_.Find(entity_key);
  if (entity.ok() && *entity == nullptr) return nullptr;
  absl::StatusOr<const RecentSightings*> recent =
      entity.ok() ? knowledge_.Recent(**entity) : entity.status();
  if (recent.ok()) return *recent;
  failure_.Update(recent.status());
  return nullptr;
}

PastScans::PastScans(const Snapshot& snapshot)
    : snapshot_(snapshot),
      scans_(MakeScans([this](absl::string_view key) { return Find(key); },
                       &hidden_)) {}

absl::StatusOr<const RecentSightings*> PastScans::Read(
    absl::string_view entity_key) {
  auto known = histories_.find(entity_key);
  if (known == histories_.end()) {
    TOCSIN_ASSIGN_OR_RETURN(const std::optional<StoredEntity> entity,
                            snapshot_.GetEntity(entity_key));
    if (!entity.has_value()) return nullptr;
    if (histories_.size() >= kMaxHistories) histories_.clear();
    known = histories_.try_emplace(std::string(entity_key)).first;
    const EntityRecord& record = entity->record;
    known->second.numbers.assign(record.merged_from().begin(),
                                 record.merged_from().end());
    known->second.numbers.push_back(record.number());
  }
  History& history = known->second;
  if (history.end > commit_) {
    history.recent = RecentSightings();
    history.end = 0;
  }
  for (const uint64_t number : history.numbers) {
    TOCSIN_RETURN_IF_ERROR(
        ReadSightings(snapshot_, number, history.end, commit_, history.recent));
  }
  history.end = commit_;
  return &history.recent;
}

const RecentSightings* PastScans::Find(absl::string_view entity_key) {
  absl::StatusOr<const RecentSightings*> recent = Read(entity_key);
  if (recent.ok()) return *recent;
  failure_.Update(recent.status());
  return nullptr;
}

}  // namespace tocsin
