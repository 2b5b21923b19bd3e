// Entities, their keys and numbers, and where they were sighted.
#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "storage/amount_key.h"
#include "storage/check_context.h"

namespace tocsin {
namespace {

uint64_t NumberOf(absl::string_view key) { return TakeNumber(key).value_or(0); }

// Whether a mention list names the entity, which may have been merged since.
bool Mentions(const MentionList& list, uint64_t entity) {
  return std::find(list.entities().begin(), list.entities().end(), entity) !=
         list.entities().end();
}

}  // namespace

void CheckKey(CheckContext& context, absl::string_view key,
              absl::string_view value) {
  const auto entity = context.Load<EntityRecord>(Family::kEntities, value);
  if (!entity.has_value() || entity->key() != key) {
    context.Found(Family::kKeys, key,
                  absl::StrCat("leads to entity ", NumberOf(value),
                               ", which has another key or is missing"));
  }
}

void CheckSighting(CheckContext& context, absl::string_view key,
                   absl::string_view value) {
  EntitySighting sighting;
  if (!Parse(context, Family::kSightings, key, value, sighting)) return;
  const std::optional<uint64_t> commit = ParseSightingKey(key);
  const uint64_t entity = NumberOf(key);
  if (!commit.has_value()) {
    return context.Found(Family::kSightings, key, "is no sighting's key");
  }
  for (const LinkedAmount& linked : sighting.amounts()) {
    if (!ParseAmountKey(linked.key()).has_value()) {
      context.Found(Family::kSightings, key, "links an amount with a bad key");
    }
  }
  if (entity == 0) return;  // Amounts that are linked to nothing.
  if (!sighting.amounts_only()) ++context.sighting_counts[entity];
  if (!context.IsKept(*commit)) return;
  const auto list =
      context.Load<MentionList>(Family::kMentions, NumberKey(*commit));
  if (!list.has_value() || !Mentions(*list, entity)) {
    context.Found(
        Family::kSightings, key,
        absl::StrCat("commit ", *commit, " does not mention entity ", entity));
  }
}

void CheckEntity(CheckContext& context, absl::string_view key,
                 absl::string_view value) {
  EntityRecord entity;
  if (!Parse(context, Family::kEntities, key, value, entity)) return;
  const uint64_t number = NumberOf(key);
  if (number != context.last_entity + 1) {
    context.Found(Family::kEntities, key,
                  absl::StrCat("follows a gap from ", context.last_entity + 1));
  }
  context.last_entity = number;
  if (entity.number() != number ||
      context.Get(Family::kKeys, entity.key()) != std::string(key)) {
    context.Found(
        Family::kEntities, key,
        absl::StrCat("its key `", entity.key(), "` does not lead back to it"));
  }
  if (entity.first_commit() > context.state.last_commit()) {
    context.Found(Family::kEntities, key,
                  "was first seen after the last commit");
  }
  if (entity.merged_into() != 0) {
    const auto heir = context.Load<EntityRecord>(
        Family::kEntities, NumberKey(entity.merged_into()));
    if (!heir.has_value() ||
        (heir->merged_into() == 0 &&
         std::find(heir->merged_from().begin(), heir->merged_from().end(),
                   number) == heir->merged_from().end())) {
      context.Found(Family::kEntities, key,
                    absl::StrCat("was merged into ", entity.merged_into(),
                                 ", which does not have it"));
    }
  }
  const auto counters = context.Load<EntityCounters>(Family::kCounters, key);
  if (!counters.has_value()) {
    return context.Found(Family::kEntities, key, "has no counters");
  }
  if (counters->form_counts_size() != entity.forms_size()) {
    context.Found(Family::kCounters, key, "counts other forms than it has");
  }
  // What retention deleted is counted and not there.
  if (context.state.oldest_sighting_commit() > 1) return;
  int64_t sightings = context.sighting_counts[number];
  for (const uint64_t merged : entity.merged_from()) {
    sightings += context.sighting_counts[merged];
  }
  if (sightings != counters->article_count()) {
    context.Found(
        Family::kCounters, key,
        absl::StrCat("counts ", counters->article_count(),
                     " articles, but there are ", sightings, " sightings"));
  }
}

void CheckCounters(CheckContext& context, absl::string_view key,
                   absl::string_view value) {
  EntityCounters counters;
  if (!Parse(context, Family::kCounters, key, value, counters)) return;
  if (!context.Exists(Family::kEntities, key)) {
    context.Found(Family::kCounters, key, "belongs to no entity");
  }
  const int64_t votes = std::accumulate(
      counters.type_votes().begin(), counters.type_votes().end(), int64_t{0});
  if (votes != counters.article_count() ||
      counters.first_seen_at() > counters.last_seen_at()) {
    context.Found(Family::kCounters, key, "does not add up");
  }
}

}  // namespace tocsin
