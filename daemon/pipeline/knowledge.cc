#include "pipeline/knowledge.h"

#include <algorithm>
#include <optional>

#include "base/status_macros.h"
#include "storage/read_records.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

// What an entity and an amount cost in memory, about.
constexpr size_t kEntityBytes = 700;
constexpr size_t kAmountBytes = 240;

}  // namespace

// ---- Finding

absl::StatusOr<KnownEntity*> Knowledge::Find(absl::string_view key) {
  if (const auto it = by_key_.find(key); it != by_key_.end()) {
    KnownEntity* entity = it->second;
    entity->recently_used = true;
    if (entity->merged_into() == 0) return entity;
    return Find(entity->merged_into());
  }
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                          store_.Get(Family::kKeys, key));
  if (!value.has_value()) return nullptr;
  absl::string_view rest = *value;
  return Find(TakeNumber(rest).value_or(0));
}

absl::StatusOr<KnownEntity*> Knowledge::Find(uint64_t number) {
  while (true) {
    KnownEntity* entity = nullptr;
    if (const auto it = by_number_.find(number); it != by_number_.end()) {
      entity = it->second.get();
      entity->recently_used = true;
    } else {
      TOCSIN_ASSIGN_OR_RETURN(entity, Load(number));
    }
    if (entity->merged_into() == 0) return entity;
    number = entity->merged_into();
  }
}

absl::StatusOr<KnownEntity*> Knowledge::Load(uint64_t number) {
  TOCSIN_ASSIGN_OR_RETURN(std::optional<std::string> record,
                          store_.Get(Family::kEntities, NumberKey(number)));
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> counters,
                          store_.Get(Family::kCounters, NumberKey(number)));
  if (!record.has_value()) {
    return DamagedRow(Family::kEntities, NumberKey(number));
  }
  if (!counters.has_value()) {
    return DamagedRow(Family::kCounters, NumberKey(number));
  }
  std::unique_ptr<KnownEntity> entity =
      KnownEntity::Parse(*std::move(record), *counters);
  if (entity == nullptr || entity->number() != number) {
    return DamagedRow(Family::kEntities, NumberKey(number));
  }
  return Keep(std::move(entity));
}

KnownEntity* Knowledge::Keep(std::unique_ptr<KnownEntity> entity) {
  KnownEntity* kept = entity.get();
  queue_.push_back(kept->number());
  bytes_ += kEntityBytes;
  if (kept->number() != 0) by_key_.emplace(kept->key(), kept);
  by_number_.emplace(kept->number(), std::move(entity));
  return kept;
}

KnownEntity* Knowledge::Add(const Entity& entity, uint64_t commit) {
  KnownEntity* added = Keep(KnownEntity::New(++last_entity_, entity, commit));
  added->has_no_rows = true;
  new_entities_.push_back(added);
  MarkRecord(*added);
  MarkCounters(*added);
  return added;
}

absl::StatusOr<KnownEntity*> Knowledge::Unlinked() {
  if (const auto it = by_number_.find(0); it != by_number_.end()) {
    it->second->recently_used = true;
    return it->second.get();
  }
  return Keep(std::make_unique<KnownEntity>());
}

absl::StatusOr<AmountBook*> Knowledge::Book(KnownEntity& entity) {
  if (entity.book != nullptr) return entity.book.get();
  auto book = std::make_unique<AmountBook>();
  if (!entity.has_no_rows) {
    TOCSIN_RETURN_IF_ERROR(ReadBook(entity.number(), *book));
    const EntityRecord record = entity.record();
    for (const uint64_t merged : record.merged_from()) {
      AmountBook part;
      TOCSIN_RETURN_IF_ERROR(ReadBook(merged, part));
      book->Absorb(part);
    }
  }
  bytes_ += book->size() * kAmountBytes;
  entity.book = std::move(book);
  return entity.book.get();
}

absl::Status Knowledge::ReadBook(uint64_t number, AmountBook& book) {
  const std::string prefix = NumberKey(number);
  return ScanRecords<EntitySighting>(
      store_, Family::kSightings, prefix, PrefixEnd(prefix), /*reverse=*/true,
      [&](absl::string_view key, const EntitySighting& row) {
        book.Note(row, ParseSightingKey(key).value_or(0));
        return true;
      });
}

absl::StatusOr<const RecentSightings*> Knowledge::Recent(KnownEntity& entity) {
  if (entity.recent == nullptr) {
    auto recent = std::make_unique<RecentSightings>();
    TOCSIN_RETURN_IF_ERROR(ReadRecent(entity.number(), *recent));
    const EntityRecord record = entity.record();
    for (const uint64_t merged : record.merged_from()) {
      TOCSIN_RETURN_IF_ERROR(ReadRecent(merged, *recent));
    }
    bytes_ += recent->bytes();
    entity.recent = std::move(recent);
  }
  return entity.recent.get();
}

absl::Status Knowledge::ReadRecent(uint64_t number, RecentSightings& recent) {
  TOCSIN_RETURN_IF_ERROR(
      ReadSightings(store_, number, /*from=*/0, UINT64_MAX, recent));
  // And what is not in the store yet, or perhaps not: one that is added twice
  // counts once.
  for (const NewSightings* sightings : {&written_sightings_, &new_sightings_}) {
    for (const NewSightings::Entry& entry : sightings->entries) {
      if (entry.entity != number) continue;
      EntitySighting row;
      if (!row.ParseFromArray(sightings->RowOf(entry).data(),
                              static_cast<int>(entry.size))) {
        return DamagedRow(Family::kSightings, NumberKey(number));
      }
      recent.Add(entry.commit, row);
    }
  }
  return absl::OkStatus();
}

// ---- Counting

void Knowledge::CountEntity(KnownEntity& entity, EntityType type,
                            const Occasion& occasion) {
  MarkCounters(entity);
  if (entity.Count(type, occasion.event_time, occasion.source,
                   occasion.source_hash)) {
    MarkRecord(entity);
  }
}

void Knowledge::CountForm(KnownEntity& entity, absl::string_view surface,
                          absl::string_view language) {
  MarkCounters(entity);
  if (entity.CountForm(surface, language)) MarkRecord(entity);
}

absl::Status Knowledge::CountAmount(KnownEntity& entity,
                                    const AmountBook::Link& link) {
  // Read before the row of this article is under way: the book holds what the
  // store has and every row that is not there yet.
  TOCSIN_ASSIGN_OR_RETURN(AmountBook * book, Book(entity));
  const size_t size = book->size();
  book->Note(link);
  bytes_ += (book->size() - size) * kAmountBytes;
  return absl::OkStatus();
}

void Knowledge::AddSighting(KnownEntity& entity, bool amounts_only,
                            absl::string_view links, const Occasion& occasion) {
  Touch(entity);
  const size_t begin = new_sightings_.rows.size();
  AppendEntitySighting(amounts_only, links, occasion.event_time,
                       occasion.source_hash, new_sightings_.rows);
  new_sightings_.entries.push_back({entity.number(), occasion.commit, begin,
                                    new_sightings_.rows.size() - begin});
  if (entity.recent != nullptr) {
    bytes_ -= entity.recent->bytes();
    entity.recent->Add(occasion.commit, occasion.event_time,
                       occasion.source_hash, !amounts_only);
    bytes_ += entity.recent->bytes();
  }
  sighting_bytes_ += static_cast<int64_t>(2 * sizeof(uint64_t) +
                                          new_sightings_.entries.back().size);
}

absl::Status Knowledge::Merge(KnownEntity& into, KnownEntity& from) {
  TOCSIN_ASSIGN_OR_RETURN(AmountBook * book, Book(into));
  TOCSIN_ASSIGN_OR_RETURN(const AmountBook* part, Book(from));
  const size_t size = book->size();
  book->Absorb(*part);
  bytes_ += (book->size() - size) * kAmountBytes;
  into.Absorb(from);
  into.has_no_rows = false;  // Those of the other are its own.
  if (into.recent != nullptr) bytes_ -= into.recent->bytes();
  into.recent.reset();  // To be read again, with those of `from`.
  MarkRecord(into);
  MarkCounters(into);
  MarkRecord(from);
  return absl::OkStatus();
}

// ---- Writing

void Knowledge::Touch(KnownEntity& entity) {
  if (!entity.touched) touched_.push_back(&entity);
  entity.touched = true;
}

void Knowledge::MarkRecord(KnownEntity& entity) {
  Touch(entity);
  entity.record_changed = true;
}

void Knowledge::MarkCounters(KnownEntity& entity) {
  Touch(entity);
  entity.counters_changed = true;
}

void Knowledge::Write(StoreBatch& batch) {
  // All in the order of keys, which is what RocksDB inserts fastest.
  std::sort(new_entities_.begin(), new_entities_.end(),
            [](const KnownEntity* a, const KnownEntity* b) {
              return a->key() < b->key();
            });
  for (const KnownEntity* entity : new_entities_) {
    batch.Put(Family::kKeys, entity->key(), NumberKey(entity->number()));
  }
  new_entities_.clear();
  std::sort(touched_.begin(), touched_.end(),
            [](const KnownEntity* a, const KnownEntity* b) {
              return a->number() < b->number();
            });
  std::string counters;
  for (KnownEntity* entity : touched_) {
    const std::string key = NumberKey(entity->number());
    if (entity->record_changed) {
      batch.Put(Family::kEntities, key, entity->record_row());
    }
    if (entity->counters_changed) {
      counters.clear();
      entity->AppendCountersRow(counters);
      batch.Put(Family::kCounters, key, counters);
    }
    entity->touched = false;
    entity->record_changed = false;
    entity->counters_changed = false;
    entity->has_no_rows = false;
  }
  touched_.clear();
  std::sort(new_sightings_.entries.begin(), new_sightings_.entries.end(),
            [](const auto& a, const auto& b) {
              return a.entity != b.entity ? a.entity < b.entity
                                          : a.commit > b.commit;
            });
  for (const NewSightings::Entry& entry : new_sightings_.entries) {
    batch.Put(Family::kSightings, SightingKey(entry.entity, entry.commit),
              new_sightings_.RowOf(entry));
  }
  std::swap(new_sightings_, written_sightings_);
  new_sightings_.Clear();
}

void Knowledge::Written() {
  written_sightings_.Clear();
  Evict();
}

void Knowledge::Evict() {
  // A clock: what was used since its last turn gets another one.
  size_t turns = 2 * queue_.size();
  while (bytes_ > cache_bytes_ && !queue_.empty() && turns-- > 0) {
    const uint64_t number = queue_.front();
    queue_.pop_front();
    KnownEntity& entity = *by_number_.at(number);
    if (entity.touched || std::exchange(entity.recently_used, false)) {
      queue_.push_back(number);
      continue;
    }
    bytes_ -= kEntityBytes;
    if (entity.recent != nullptr) bytes_ -= entity.recent->bytes();
    if (entity.book != nullptr) bytes_ -= entity.book->size() * kAmountBytes;
    if (number != 0) by_key_.erase(entity.key());
    by_number_.erase(number);
  }
}

}  // namespace tocsin
