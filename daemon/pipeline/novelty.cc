#include "pipeline/novelty.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "base/status_macros.h"
#include "storage/amount_key.h"
#include "storage/analysis_record.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

bool Contains(const std::vector<KnownEntity*>& entities,
              const KnownEntity* entity) {
  return std::find(entities.begin(), entities.end(), entity) != entities.end();
}

bool ShareAny(const std::vector<KnownEntity*>& a,
              const std::vector<KnownEntity*>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const KnownEntity* x) { return Contains(b, x); });
}

// Whether two amounts of one article are one and the same.
bool SameAmount(const Amount& a, const ResolvedAmount& a_keys, const Amount& b,
                const ResolvedAmount& b_keys) {
  if (a_keys.key != b_keys.key) {
    if (a.kind != b.kind || a.unit != b.unit || a.vague || b.vague ||
        !(a.approximate || b.approximate) ||
        !WithinTwoPercent(a.low.value, a.high.value, b.low.value,
                          b.high.value)) {
      return false;
    }
  }
  return ShareAny(a_keys.linked, b_keys.linked);
}

// What is known of an amount over all entities that it is linked to. Articles
// and sources may have linked it to several of them, so counts do not add.
absl::StatusOr<Evidence> AmountEvidence(const Amount& amount,
                                        const ResolvedAmount& keys,
                                        Knowledge& knowledge) {
  int64_t first = 0;
  int64_t last = 0;
  int64_t articles = 0;
  absl::InlinedVector<uint32_t, 16> sources;
  for (KnownEntity* entity : keys.linked) {
    TOCSIN_ASSIGN_OR_RETURN(AmountBook * book, knowledge.Book(*entity));
    for (const KnownAmount* known : book->Matches(keys.key, amount)) {
      first = articles == 0 ? known->first_seen_at
                            : std::min(first, known->first_seen_at);
      last = articles == 0 ? known->last_seen_at
                           : std::max(last, known->last_seen_at);
      articles = std::max<int64_t>(articles, known->article_count);
      for (const uint32_t source : known->sources) {
        if (std::find(sources.begin(), sources.end(), source) ==
            sources.end()) {
          sources.push_back(source);
        }
      }
    }
  }
  Evidence evidence;
  if (articles == 0) return evidence;
  evidence.first_seen = FromMicros(first);
  evidence.last_seen = FromMicros(last);
  evidence.article_count = articles;
  evidence.source_count =
      std::min<int>(static_cast<int>(sources.size()), kMaxSources);
  return evidence;
}

// The anchor's latest amount of that kind and unit, if it is another one.
absl::StatusOr<std::optional<Amount>> PreviousAmount(const Amount& amount,
                                                     const ResolvedAmount& keys,
                                                     Knowledge& knowledge) {
  // Counts of we know not what are not about the same thing.
  const bool comparable =
      amount.kind != AmountKind::kCount || amount.unit_known;
  if (keys.anchor == nullptr || amount.vague || !comparable)
    return std::nullopt;
  TOCSIN_ASSIGN_OR_RETURN(AmountBook * book, knowledge.Book(*keys.anchor));
  const KnownAmount* latest = book->Latest(amount);
  if (latest == nullptr || latest->key == keys.key) return std::nullopt;
  if ((latest->approximate || amount.approximate) &&
      WithinTwoPercent(latest->low, latest->high, amount.low.value,
                       amount.high.value)) {
    return std::nullopt;
  }
  std::optional<Amount> previous = ParseAmountKey(latest->key);
  if (previous.has_value()) {
    previous->approximate = latest->approximate;
    previous->unit_known = amount.unit_known;
  }
  return previous;
}

void AddLinked(const Amount& amount, const ResolvedAmount& resolved,
               uint32_t index, bool is_anchor, EntitySighting& row) {
  LinkedAmount& linked = *row.add_amounts();
  linked.set_key(resolved.key);
  linked.set_approximate(amount.approximate);
  if (is_anchor) {
    linked.set_anchored(true);
    linked.set_index(index);
  }
  if (KeyLeavesOutUnit(amount)) linked.set_unit(amount.unit);
}

absl::StatusOr<ResolvedAmount> ResolveAmount(
    const Amount& amount, const std::vector<KnownEntity*>& entities,
    Knowledge& knowledge) {
  ResolvedAmount resolved;
  resolved.key = AmountKey(amount);
  if (amount.anchor >= 0) {
    resolved.anchor = entities[amount.anchor];
    resolved.linked.push_back(resolved.anchor);
  }
  for (const int index : amount.linked) {
    KnownEntity* entity = entities[index];
    if (!Contains(resolved.linked, entity)) resolved.linked.push_back(entity);
  }
  if (resolved.linked.empty()) {
    TOCSIN_ASSIGN_OR_RETURN(KnownEntity * unlinked, knowledge.Unlinked());
    resolved.linked.push_back(unlinked);
  }
  return resolved;
}

}  // namespace

void Coverage::Add(const Coverage& other) {
  entities.insert(other.entities.begin(), other.entities.end());
  amounts.insert(other.amounts.begin(), other.amounts.end());
}

absl::StatusOr<ResolvedKeys> ResolveKeys(const Analysis& analysis,
                                         uint64_t commit,
                                         Knowledge& knowledge) {
  ResolvedKeys keys;
  keys.entities.reserve(analysis.entities.size());
  for (const Entity& entity : analysis.entities) {
    TOCSIN_ASSIGN_OR_RETURN(KnownEntity * known, knowledge.Find(entity.key));
    if (known == nullptr) known = knowledge.Add(entity, commit);
    keys.entities.push_back(known);
  }
  keys.amounts.reserve(analysis.amounts.size());
  for (const Amount& amount : analysis.amounts) {
    TOCSIN_ASSIGN_OR_RETURN(ResolvedAmount resolved,
                            ResolveAmount(amount, keys.entities, knowledge));
    for (size_t i = 0; i < keys.amounts.size() && !resolved.repeat; ++i) {
      resolved.repeat =
          SameAmount(analysis.amounts[i], keys.amounts[i], amount, resolved);
    }
    keys.amounts.push_back(std::move(resolved));
  }
  return keys;
}

absl::StatusOr<std::vector<Sighting>> Judge(const Analysis& analysis,
                                            const ResolvedKeys& keys,
                                            const Coverage& silent,
                                            Knowledge& knowledge) {
  std::vector<Sighting> sightings;
  std::vector<bool> amount_seen(keys.amounts.size());
  absl::flat_hash_set<uint64_t> entity_seen;
  for (size_t i = 0; i < analysis.mentions.size(); ++i) {
    const Mention& mention = analysis.mentions[i];
    Sighting sighting;
    sighting.mention = static_cast<int>(i);
    if (mention.entity >= 0) {
      const KnownEntity& entity = *keys.entities[mention.entity];
      if (!entity_seen.insert(entity.number()).second) continue;
      if (silent.entities.contains(entity.number())) continue;
      sighting.evidence = entity.evidence();
    } else {
      const Amount& amount = analysis.amounts[mention.amount];
      const ResolvedAmount& resolved = keys.amounts[mention.amount];
      if (resolved.repeat || amount_seen[mention.amount]) continue;
      amount_seen[mention.amount] = true;
      if (silent.amounts.contains(resolved.key)) continue;
      TOCSIN_ASSIGN_OR_RETURN(sighting.evidence,
                              AmountEvidence(amount, resolved, knowledge));
      if (resolved.anchor != nullptr) {
        sighting.anchor = resolved.anchor->evidence();
      }
      TOCSIN_ASSIGN_OR_RETURN(sighting.previous,
                              PreviousAmount(amount, resolved, knowledge));
    }
    sightings.push_back(std::move(sighting));
  }
  return sightings;
}

absl::Status Learn(const Analysis& analysis, const ResolvedKeys& keys,
                   const Coverage& counted, const Knowledge::Occasion& occasion,
                   Knowledge& knowledge) {
  // One row for each distinct entity, by first mention, and for no entity.
  struct Row {
    KnownEntity* entity;
    EntitySighting sighting;
  };
  std::vector<Row> rows;
  const auto row_of = [&](KnownEntity* entity) -> EntitySighting& {
    for (Row& row : rows) {
      if (row.entity == entity) return row.sighting;
    }
    rows.push_back(Row{entity, {}});
    rows.back().sighting.set_amounts_only(
        entity->number() == 0 || counted.entities.contains(entity->number()));
    return rows.back().sighting;
  };

  for (size_t i = 0; i < keys.entities.size(); ++i) {
    KnownEntity* entity = keys.entities[i];
    const size_t before = rows.size();
    const bool is_news = !row_of(entity).amounts_only();
    if (is_news && rows.size() > before) {
      knowledge.CountEntity(*entity, analysis.entities[i].type, occasion);
    }
  }
  for (const Mention& mention : analysis.mentions) {
    if (mention.entity < 0) continue;
    KnownEntity& entity = *keys.entities[mention.entity];
    if (counted.entities.contains(entity.number())) continue;
    knowledge.CountForm(entity, mention.surface, occasion.language);
  }
  for (size_t i = 0; i < keys.amounts.size(); ++i) {
    const ResolvedAmount& resolved = keys.amounts[i];
    if (counted.amounts.contains(resolved.key)) continue;
    for (KnownEntity* entity : resolved.linked) {
      AddLinked(analysis.amounts[i], resolved, static_cast<uint32_t>(i),
                entity == resolved.anchor, row_of(entity));
    }
  }
  for (Row& row : rows) {
    if (row.sighting.amounts_only() && row.sighting.amounts_size() == 0) {
      continue;
    }
    TOCSIN_RETURN_IF_ERROR(knowledge.CountSighting(
        *row.entity, std::move(row.sighting), occasion));
  }
  return absl::OkStatus();
}

Coverage CoverageOf(const ResolvedKeys& keys) {
  Coverage coverage;
  for (const KnownEntity* entity : keys.entities) {
    coverage.entities.insert(entity->number());
  }
  for (const ResolvedAmount& amount : keys.amounts) {
    coverage.amounts.insert(amount.key);
  }
  return coverage;
}

Coverage CoverageOf(const MentionList& list) {
  Coverage coverage;
  coverage.entities.insert(list.entities().begin(), list.entities().end());
  for (const AmountRecord& amount : list.amounts()) {
    coverage.amounts.insert(AmountKey(FromRecord(amount)));
  }
  return coverage;
}

Coverage CoverageOf(const CoverageRecord& record) {
  Coverage coverage;
  coverage.entities.insert(record.entities().begin(), record.entities().end());
  coverage.amounts.insert(record.amounts().begin(), record.amounts().end());
  return coverage;
}

CoverageRecord ToRecord(const Coverage& coverage) {
  CoverageRecord record;
  std::vector<uint64_t> entities(coverage.entities.begin(),
                                 coverage.entities.end());
  std::sort(entities.begin(), entities.end());
  record.mutable_entities()->Add(entities.begin(), entities.end());
  std::vector<std::string> amounts(coverage.amounts.begin(),
                                   coverage.amounts.end());
  std::sort(amounts.begin(), amounts.end());
  for (std::string& key : amounts) record.add_amounts(std::move(key));
  return record;
}

}  // namespace tocsin
