#include "pipeline/knowledge.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/amount_key.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

// What an entity and an amount cost in memory, about.
constexpr size_t kEntityBytes = 700;
constexpr size_t kAmountBytes = 240;

absl::Status Damaged(Family family, uint64_t number) {
  return absl::DataLossError(
      absl::StrCat("the row ", number, " of `",
                   kFamilyNames[static_cast<size_t>(family)], "` is damaged"));
}

// Kind and unit of a key: all before its first value.
absl::string_view PrefixOf(absl::string_view key) {
  absl::string_view rest = key;
  rest.remove_prefix(1);
  TakeText(rest);
  return key.substr(0, key.size() - rest.size());
}

// Null if the key is damaged.
std::unique_ptr<KnownAmount> NewAmount(const LinkedAmount& linked,
                                       const EntitySighting& row,
                                       uint64_t commit) {
  const std::optional<Amount> amount = ParseAmountKey(linked.key());
  if (!amount.has_value()) return nullptr;
  auto known = std::make_unique<KnownAmount>();
  known->key = linked.key();
  known->low = amount->low.value;
  known->high = amount->high.value;
  known->first_seen_at = row.event_time();
  known->last_seen_at = row.event_time();
  known->first_commit = commit;
  known->approximate = linked.approximate();
  return known;
}

void AddSource(uint32_t hash, absl::InlinedVector<uint32_t, 4>& sources) {
  if (sources.size() < kMaxSources &&
      std::find(sources.begin(), sources.end(), hash) == sources.end()) {
    sources.push_back(hash);
  }
}

}  // namespace

// ---- AmountBook

KnownAmount* AmountBook::Find(absl::string_view key) const {
  const auto it = by_key_.find(key);
  return it == by_key_.end() ? nullptr : it->second;
}

std::vector<KnownAmount*> AmountBook::Matches(absl::string_view key,
                                              const Amount& amount) const {
  std::vector<KnownAmount*> matches;
  if (KnownAmount* exact = Find(key); exact != nullptr) {
    matches.push_back(exact);
  }
  // An exact amount can be near only to those that were said approximately.
  const ByLow& candidates = amount.approximate ? by_low_ : approximate_;
  if (candidates.empty() || amount.vague) return matches;
  const LowRange range = LowsNear(amount.low.value);
  std::string prefix;  // Kind and unit; made if anything is near.
  for (auto it = candidates.lower_bound(range.first);
       it != candidates.end() && it->first <= range.last; ++it) {
    KnownAmount* known = it->second;
    if (!WithinTwoPercent(known->low, known->high, amount.low.value,
                          amount.high.value)) {
      continue;
    }
    if (prefix.empty()) prefix = AmountKeyPrefix(amount);
    if (absl::StartsWith(known->key, prefix) && known->key != key) {
      matches.push_back(known);
    }
  }
  return matches;
}

KnownAmount* AmountBook::Latest(const Amount& amount) const {
  const auto it = latest_.find(AmountKeyPrefix(amount));
  return it == latest_.end() ? nullptr : it->second;
}

KnownAmount* AmountBook::Add(std::unique_ptr<KnownAmount> amount) {
  KnownAmount* added = amount.get();
  amounts_.push_back(std::move(amount));
  by_key_.emplace(added->key, added);
  by_low_.emplace(added->low, added);
  if (added->approximate) approximate_.emplace(added->low, added);
  if (added->last_anchored_commit != 0) NoteAnchored(added);
  return added;
}

void AmountBook::Note(const EntitySighting& row, uint64_t commit) {
  for (const LinkedAmount& linked : row.amounts()) {
    KnownAmount* known = Find(linked.key());
    if (known == nullptr) {
      std::unique_ptr<KnownAmount> added = NewAmount(linked, row, commit);
      if (added == nullptr) continue;
      known = Add(std::move(added));
    }
    if (known->last_commit != commit) {
      known->last_commit = commit;
      ++known->article_count;
      known->first_seen_at = std::min(known->first_seen_at, row.event_time());
      known->last_seen_at = std::max(known->last_seen_at, row.event_time());
      AddSource(row.source(), known->sources);
    }
    if (!linked.approximate()) SetExact(known);
    if (linked.anchored()) {
      known->last_anchored_commit = commit;
      known->last_anchored_index = linked.index();
      NoteAnchored(known);
    }
  }
}

void AmountBook::Absorb(const AmountBook& other) {
  for (const std::unique_ptr<KnownAmount>& moved : other.amounts_) {
    KnownAmount* known = Find(moved->key);
    if (known == nullptr) {
      Add(std::make_unique<KnownAmount>(*moved));
      continue;
    }
    known->first_seen_at = std::min(known->first_seen_at, moved->first_seen_at);
    known->last_seen_at = std::max(known->last_seen_at, moved->last_seen_at);
    known->first_commit = std::min(known->first_commit, moved->first_commit);
    known->last_commit = std::max(known->last_commit, moved->last_commit);
    known->article_count += moved->article_count;
    for (const uint32_t source : moved->sources) {
      AddSource(source, known->sources);
    }
    if (!moved->approximate) SetExact(known);
    if (moved->last_anchored_commit > known->last_anchored_commit) {
      known->last_anchored_commit = moved->last_anchored_commit;
      known->last_anchored_index = moved->last_anchored_index;
      NoteAnchored(known);
    }
  }
}

void AmountBook::SetExact(KnownAmount* amount) {
  if (!amount->approximate) return;
  amount->approximate = false;
  const auto [begin, end] = approximate_.equal_range(amount->low);
  const auto it = std::find_if(
      begin, end, [&](const auto& entry) { return entry.second == amount; });
  if (it != end) approximate_.erase(it);
}

void AmountBook::NoteAnchored(KnownAmount* amount) {
  KnownAmount*& latest = latest_[PrefixOf(amount->key)];
  if (latest == nullptr ||
      std::pair(amount->last_anchored_commit, amount->last_anchored_index) >=
          std::pair(latest->last_anchored_commit,
                    latest->last_anchored_index)) {
    latest = amount;
  }
}

// ---- KnownEntity

Evidence KnownEntity::evidence() const {
  Evidence evidence;
  evidence.first_seen = FromMicros(counters.first_seen_at());
  evidence.last_seen = FromMicros(counters.last_seen_at());
  evidence.article_count = counters.article_count();
  evidence.source_count = record.sources_size();
  return evidence;
}

// ---- Knowledge: finding

absl::StatusOr<KnownEntity*> Knowledge::Find(absl::string_view key) {
  if (const auto it = by_key_.find(key); it != by_key_.end()) {
    return Find(it->second);
  }
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                          store_.Get(Family::kKeys, key));
  if (!value.has_value()) return nullptr;
  absl::string_view rest = *value;
  const uint64_t number = TakeNumber(rest).value_or(0);
  by_key_.emplace(std::string(key), number);
  return Find(number);
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
    if (entity->record.merged_into() == 0) return entity;
    number = entity->record.merged_into();
  }
}

absl::StatusOr<KnownEntity*> Knowledge::Load(uint64_t number) {
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> record,
                          store_.Get(Family::kEntities, NumberKey(number)));
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> counters,
                          store_.Get(Family::kCounters, NumberKey(number)));
  auto entity = std::make_unique<KnownEntity>();
  if (!record.has_value() || !entity->record.ParseFromString(*record)) {
    return Damaged(Family::kEntities, number);
  }
  if (!counters.has_value() || !entity->counters.ParseFromString(*counters)) {
    return Damaged(Family::kCounters, number);
  }
  return Keep(std::move(entity));
}

KnownEntity* Knowledge::Keep(std::unique_ptr<KnownEntity> entity) {
  KnownEntity* kept = entity.get();
  queue_.push_back(kept->number());
  bytes_ += kEntityBytes;
  by_number_.emplace(kept->number(), std::move(entity));
  return kept;
}

KnownEntity* Knowledge::Add(const Entity& entity, uint64_t commit) {
  auto added = std::make_unique<KnownEntity>();
  added->record.set_number(++last_entity_);
  added->record.set_key(entity.key);
  added->record.set_display_name(entity.display_name);
  added->record.set_listed(entity.listed);
  added->record.set_first_commit(commit);
  added->book = std::make_unique<AmountBook>();  // Nothing to read.
  KnownEntity* kept = Keep(std::move(added));
  by_key_.emplace(entity.key, kept->number());
  new_keys_.emplace_back(entity.key, kept->number());
  MarkRecord(*kept);
  MarkCounters(*kept);
  return kept;
}

absl::StatusOr<KnownEntity*> Knowledge::Unlinked() {
  if (const auto it = by_number_.find(0); it != by_number_.end()) {
    return it->second.get();
  }
  return Keep(std::make_unique<KnownEntity>());  // Only a book: no rows.
}

absl::StatusOr<AmountBook*> Knowledge::Book(KnownEntity& entity) {
  if (entity.book != nullptr) return entity.book.get();
  auto book = std::make_unique<AmountBook>();
  TOCSIN_RETURN_IF_ERROR(ReadBook(entity.number(), *book));
  for (const uint64_t merged : entity.record.merged_from()) {
    AmountBook part;
    TOCSIN_RETURN_IF_ERROR(ReadBook(merged, part));
    book->Absorb(part);
  }
  bytes_ += book->size() * kAmountBytes;
  entity.book = std::move(book);
  return entity.book.get();
}

absl::Status Knowledge::ReadBook(uint64_t number, AmountBook& book) {
  bool damaged = false;
  const std::string prefix = NumberKey(number);
  TOCSIN_RETURN_IF_ERROR(store_.Scan(
      Family::kSightings, prefix, PrefixEnd(prefix), /*reverse=*/true,
      [&](absl::string_view key, absl::string_view value) {
        EntitySighting row;
        const std::optional<uint64_t> commit = ParseSightingKey(key);
        damaged =
            !commit.has_value() ||
            !row.ParseFromArray(value.data(), static_cast<int>(value.size()));
        if (!damaged) book.Note(row, *commit);
        return !damaged;
      }));
  return damaged ? Damaged(Family::kSightings, number) : absl::OkStatus();
}

absl::StatusOr<const RecentSightings*> Knowledge::Recent(KnownEntity& entity) {
  if (entity.recent == nullptr) {
    auto recent = std::make_unique<RecentSightings>();
    TOCSIN_RETURN_IF_ERROR(ReadRecent(entity.number(), *recent));
    for (const uint64_t merged : entity.record.merged_from()) {
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
  // And what is not in the store yet.
  const std::string prefix = NumberKey(number);
  for (const auto& [key, value] : new_sightings_) {
    if (!absl::StartsWith(key, prefix)) continue;
    EntitySighting row;
    const std::optional<uint64_t> commit = ParseSightingKey(key);
    if (!commit.has_value() || !row.ParseFromString(value)) {
      return Damaged(Family::kSightings, number);
    }
    recent.Add(*commit, row);
  }
  return absl::OkStatus();
}

// ---- Knowledge: counting

void Knowledge::CountEntity(KnownEntity& entity, EntityType type,
                            const Occasion& occasion) {
  EntityCounters& counters = entity.counters;
  if (counters.article_count() == 0) {
    counters.set_first_seen_at(occasion.event_time);
    counters.set_last_seen_at(occasion.event_time);
  } else {
    counters.set_first_seen_at(
        std::min(counters.first_seen_at(), occasion.event_time));
    counters.set_last_seen_at(
        std::max(counters.last_seen_at(), occasion.event_time));
  }
  counters.set_article_count(counters.article_count() + 1);
  const int vote = static_cast<int>(type);
  while (counters.type_votes_size() <= vote) counters.add_type_votes(0);
  counters.set_type_votes(vote, counters.type_votes(vote) + 1);

  auto& sources = *entity.record.mutable_sources();
  if (sources.size() < kMaxSources &&
      std::find(sources.begin(), sources.end(), occasion.source) ==
          sources.end()) {
    sources.Add(std::string(occasion.source));
    MarkRecord(entity);
  }
  MarkCounters(entity);
}

void Knowledge::CountForm(KnownEntity& entity, absl::string_view surface,
                          absl::string_view language) {
  const auto& forms = entity.record.forms();
  for (int i = 0; i < forms.size(); ++i) {
    if (forms[i].text() == surface && forms[i].language() == language) {
      entity.counters.set_form_counts(i, entity.counters.form_counts(i) + 1);
      MarkCounters(entity);
      return;
    }
  }
  if (forms.size() >= kMaxForms) return;
  auto* form = entity.record.add_forms();
  form->set_text(surface.data(), surface.size());
  form->set_language(language.data(), language.size());
  entity.counters.add_form_counts(1);
  MarkRecord(entity);
  MarkCounters(entity);
}

absl::Status Knowledge::CountSighting(KnownEntity& entity, EntitySighting row,
                                      const Occasion& occasion) {
  row.set_event_time(occasion.event_time);
  row.set_source(SourceHash(occasion.source));
  if (row.amounts_size() > 0) {
    // Read before this row is under way: the book holds what the store has and
    // every row of the batch.
    TOCSIN_ASSIGN_OR_RETURN(AmountBook * book, Book(entity));
    const size_t size = book->size();
    book->Note(row, occasion.commit);
    bytes_ += (book->size() - size) * kAmountBytes;
  }
  if (entity.recent != nullptr) {
    bytes_ -= entity.recent->bytes();
    entity.recent->Add(occasion.commit, row);
    bytes_ += entity.recent->bytes();
  }
  new_sightings_.emplace_back(SightingKey(entity.number(), occasion.commit),
                              row.SerializeAsString());
  sighting_bytes_ += static_cast<int64_t>(new_sightings_.back().first.size() +
                                          new_sightings_.back().second.size());
  return absl::OkStatus();
}

absl::Status Knowledge::Merge(KnownEntity& into, KnownEntity& from) {
  TOCSIN_ASSIGN_OR_RETURN(AmountBook * book, Book(into));
  TOCSIN_ASSIGN_OR_RETURN(const AmountBook* part_book, Book(from));
  const size_t size = book->size();
  book->Absorb(*part_book);
  bytes_ += (book->size() - size) * kAmountBytes;

  EntityCounters& sum = into.counters;
  const EntityCounters& part = from.counters;
  sum.set_first_seen_at(std::min(sum.first_seen_at(), part.first_seen_at()));
  sum.set_last_seen_at(std::max(sum.last_seen_at(), part.last_seen_at()));
  sum.set_article_count(sum.article_count() + part.article_count());
  for (int i = 0; i < part.type_votes_size(); ++i) {
    while (sum.type_votes_size() <= i) sum.add_type_votes(0);
    sum.set_type_votes(i, sum.type_votes(i) + part.type_votes(i));
  }
  for (int i = 0; i < from.record.forms_size(); ++i) {
    const auto& form = from.record.forms(i);
    CountForm(into, form.text(), form.language());
    for (int j = 0; j < into.record.forms_size(); ++j) {
      if (into.record.forms(j).text() == form.text() &&
          into.record.forms(j).language() == form.language()) {
        sum.set_form_counts(
            j, sum.form_counts(j) + from.counters.form_counts(i) - 1);
      }
    }
  }
  for (const std::string& name : from.record.sources()) {
    auto& sources = *into.record.mutable_sources();
    if (sources.size() < kMaxSources &&
        std::find(sources.begin(), sources.end(), name) == sources.end()) {
      sources.Add(std::string(name));
    }
  }
  into.record.set_first_commit(
      std::min(into.record.first_commit(), from.record.first_commit()));
  into.record.add_merged_from(from.number());
  for (const uint64_t earlier : from.record.merged_from()) {
    into.record.add_merged_from(earlier);
  }
  from.record.set_merged_into(into.number());
  if (into.recent != nullptr) bytes_ -= into.recent->bytes();
  into.recent.reset();  // To be read again, with those of `from`.
  MarkRecord(into);
  MarkCounters(into);
  MarkRecord(from);
  return absl::OkStatus();
}

// ---- Knowledge: writing

void Knowledge::MarkRecord(KnownEntity& entity) {
  if (!entity.record_changed && !entity.counters_changed) {
    changed_entities_.push_back(&entity);
  }
  entity.record_changed = true;
}

void Knowledge::MarkCounters(KnownEntity& entity) {
  if (!entity.record_changed && !entity.counters_changed) {
    changed_entities_.push_back(&entity);
  }
  entity.counters_changed = true;
}

void Knowledge::Write(StoreBatch& batch) {
  std::string buffer;
  for (const auto& [key, number] : new_keys_) {
    batch.Put(Family::kKeys, key, NumberKey(number));
  }
  new_keys_.clear();
  // In the order of keys, which is what RocksDB inserts fastest.
  std::sort(changed_entities_.begin(), changed_entities_.end(),
            [](const KnownEntity* a, const KnownEntity* b) {
              return a->number() < b->number();
            });
  for (KnownEntity* entity : changed_entities_) {
    const std::string key = NumberKey(entity->number());
    if (entity->record_changed) {
      entity->record.SerializeToString(&buffer);
      batch.Put(Family::kEntities, key, buffer);
    }
    if (entity->counters_changed) {
      entity->counters.SerializeToString(&buffer);
      batch.Put(Family::kCounters, key, buffer);
    }
    entity->record_changed = false;
    entity->counters_changed = false;
  }
  changed_entities_.clear();
  std::sort(new_sightings_.begin(), new_sightings_.end());
  for (const auto& [key, value] : new_sightings_) {
    batch.Put(Family::kSightings, key, value);
  }
  new_sightings_.clear();
}

void Knowledge::Evict() {
  // A clock: what was used since its last turn gets another one.
  size_t turns = 2 * queue_.size();
  while (bytes_ > cache_bytes_ && !queue_.empty() && turns-- > 0) {
    const uint64_t number = queue_.front();
    queue_.pop_front();
    KnownEntity& entity = *by_number_.at(number);
    if (std::exchange(entity.recently_used, false)) {
      queue_.push_back(number);
      continue;
    }
    bytes_ -= kEntityBytes;
    if (entity.recent != nullptr) bytes_ -= entity.recent->bytes();
    if (entity.book != nullptr) bytes_ -= entity.book->size() * kAmountBytes;
    by_key_.erase(entity.record.key());
    by_number_.erase(number);
  }
}

}  // namespace tocsin
