#include "pipeline/novelty.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "base/status_macros.h"
#include "storage/amount_key.h"
#include "storage/analysis_record.h"
#include "storage/row_writer.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

using Indices = absl::InlinedVector<int, 8>;

bool Contains(const Indices& indices, int index) {
  return std::find(indices.begin(), indices.end(), index) != indices.end();
}

bool ShareAny(const Indices& a, const Indices& b) {
  if (a.empty() && b.empty()) return true;  // Both linked to nothing.
  return std::any_of(a.begin(), a.end(), [&](int x) { return Contains(b, x); });
}

// Calls `visit(entity)` for each entity that has the amount, while it is OK.
template <typename Visit>
absl::Status ForEachLinked(const ResolvedKeys& keys,
                           const ResolvedAmount& amount, const Visit& visit) {
  if (amount.linked.empty()) return visit(*keys.unlinked);
  for (const int index : amount.linked) {
    TOCSIN_RETURN_IF_ERROR(visit(*keys.entities[index]));
  }
  return absl::OkStatus();
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
                                        const ResolvedKeys& keys,
                                        const ResolvedAmount& resolved,
                                        Knowledge& knowledge) {
  int64_t first = 0;
  int64_t last = 0;
  int64_t articles = 0;
  absl::InlinedVector<uint32_t, 16> sources;
  const AmountBook::Key key(resolved.key);
  // All are asked for before the first is looked into.
  const auto prefetch = [&](KnownEntity& entity) -> absl::Status {
    TOCSIN_ASSIGN_OR_RETURN(const AmountBook* book, knowledge.Book(entity));
    book->Prefetch(key);
    return absl::OkStatus();
  };
  TOCSIN_RETURN_IF_ERROR(ForEachLinked(keys, resolved, prefetch));
  const auto add = [&](KnownEntity& entity) -> absl::Status {
    TOCSIN_ASSIGN_OR_RETURN(AmountBook * book, knowledge.Book(entity));
    for (const KnownAmount* known : book->Matches(key, amount)) {
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
    return absl::OkStatus();
  };
  TOCSIN_RETURN_IF_ERROR(ForEachLinked(keys, resolved, add));
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
absl::StatusOr<std::optional<Amount>> PreviousAmount(
    const Amount& amount, const ResolvedKeys& keys,
    const ResolvedAmount& resolved, Knowledge& knowledge) {
  // Counts of we know not what are not about the same thing.
  const bool comparable =
      amount.kind != AmountKind::kCount || amount.unit_known;
  if (resolved.anchor < 0 || amount.vague || !comparable) return std::nullopt;
  TOCSIN_ASSIGN_OR_RETURN(AmountBook * book,
                          knowledge.Book(*keys.entities[resolved.anchor]));
  const KnownAmount* latest = book->Latest(amount);
  if (latest == nullptr || latest->key == resolved.key) return std::nullopt;
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

ResolvedAmount ResolveAmount(const Amount& amount, const ResolvedKeys& keys) {
  ResolvedAmount resolved;
  resolved.key = AmountKey(amount);
  if (amount.anchor >= 0) {
    resolved.anchor = keys.first_of[amount.anchor];
    resolved.linked.push_back(resolved.anchor);
  }
  for (const int index : amount.linked) {
    const int first = keys.first_of[index];
    // They are distinct but for the anchor and those that were merged.
    const bool is_distinct = first == index && first != resolved.anchor;
    if (is_distinct || !Contains(resolved.linked, first)) {
      resolved.linked.push_back(first);
    }
  }
  return resolved;
}

// What one article adds to one entity.
struct LearntRow {
  bool amounts_only = false;
  std::string links;  // Of the row, as they are stored.
};

// The amount becomes known to every entity that it is linked to.
absl::Status LearnAmount(const Analysis& analysis, const ResolvedKeys& keys,
                         size_t index, const Knowledge::Occasion& occasion,
                         Knowledge& knowledge, std::vector<LearntRow>& rows) {
  const Amount& amount = analysis.amounts[index];
  const ResolvedAmount& resolved = keys.amounts[index];
  // The values of the key, which are what a book reads back.
  const std::optional<Amount> of_key = ParseAmountKey(resolved.key);

  AmountLink stored;
  stored.key = resolved.key;
  stored.approximate = amount.approximate;
  stored.index = static_cast<uint32_t>(index);
  if (KeyLeavesOutUnit(amount)) stored.unit = amount.unit;
  AmountBook::Link link;
  link.key = AmountBook::Key(resolved.key);
  link.approximate = amount.approximate;
  link.index = stored.index;
  link.commit = occasion.commit;
  link.event_time = occasion.event_time;
  link.source = occasion.source_hash;
  if (of_key.has_value()) {
    link.low = of_key->low.value;
    link.high = of_key->high.value;
  }
  const auto learn = [&](KnownEntity& entity, int row) {
    stored.anchored = link.anchored = row >= 0 && row == resolved.anchor;
    AppendAmountLink(stored, row < 0 ? rows.back().links : rows[row].links);
    return of_key.has_value() ? knowledge.CountAmount(entity, link)
                              : absl::OkStatus();
  };
  if (resolved.linked.empty()) return learn(*keys.unlinked, -1);
  for (const int row : resolved.linked) {
    TOCSIN_RETURN_IF_ERROR(learn(*keys.entities[row], row));
  }
  return absl::OkStatus();
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
  const uint64_t turn = knowledge.NextTurn();
  keys.entities.reserve(analysis.entities.size());
  keys.first_of.reserve(analysis.entities.size());
  for (const Entity& entity : analysis.entities) {
    TOCSIN_ASSIGN_OR_RETURN(KnownEntity * known, knowledge.Find(entity.key));
    if (known == nullptr) known = knowledge.Add(entity, commit);
    if (known->resolved_turn != turn) {
      known->resolved_turn = turn;
      known->resolved_index = static_cast<int>(keys.entities.size());
    }
    keys.first_of.push_back(known->resolved_index);
    keys.entities.push_back(known);
  }
  keys.amounts.reserve(analysis.amounts.size());
  for (const Amount& amount : analysis.amounts) {
    ResolvedAmount resolved = ResolveAmount(amount, keys);
    if (resolved.linked.empty() && keys.unlinked == nullptr) {
      TOCSIN_ASSIGN_OR_RETURN(keys.unlinked, knowledge.Unlinked());
    }
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
  sightings.reserve(keys.entities.size() + keys.amounts.size());
  std::vector<bool> amount_seen(keys.amounts.size());
  std::vector<bool> entity_seen(keys.entities.size());
  for (size_t i = 0; i < analysis.mentions.size(); ++i) {
    const Mention& mention = analysis.mentions[i];
    if (mention.entity >= 0) {
      const int first = keys.first_of[mention.entity];
      if (entity_seen[first]) continue;
      entity_seen[first] = true;
      const KnownEntity& entity = *keys.entities[first];
      if (silent.entities.contains(entity.number())) continue;
      sightings.emplace_back().evidence = entity.evidence();
    } else {
      const Amount& amount = analysis.amounts[mention.amount];
      const ResolvedAmount& resolved = keys.amounts[mention.amount];
      if (resolved.repeat || amount_seen[mention.amount]) continue;
      amount_seen[mention.amount] = true;
      if (silent.amounts.contains(resolved.key)) continue;
      Sighting& sighting = sightings.emplace_back();
      TOCSIN_ASSIGN_OR_RETURN(
          sighting.evidence, AmountEvidence(amount, keys, resolved, knowledge));
      if (const KnownEntity* anchor = keys.AnchorOf(resolved)) {
        sighting.anchor = anchor->evidence();
      }
      TOCSIN_ASSIGN_OR_RETURN(
          sighting.previous, PreviousAmount(amount, keys, resolved, knowledge));
    }
    sightings.back().mention = static_cast<int>(i);
  }
  return sightings;
}

absl::Status Learn(const Analysis& analysis, const ResolvedKeys& keys,
                   const Coverage& counted, const Knowledge::Occasion& occasion,
                   Knowledge& knowledge) {
  // One row for each distinct entity, and at the end that of no entity.
  std::vector<LearntRow> rows(keys.entities.size() + 1);
  for (size_t i = 0; i < keys.entities.size(); ++i) {
    if (keys.first_of[i] != static_cast<int>(i)) continue;
    KnownEntity& entity = *keys.entities[i];
    rows[i].amounts_only = counted.entities.contains(entity.number());
    if (!rows[i].amounts_only) {
      knowledge.CountEntity(entity, analysis.entities[i].type, occasion);
    }
  }
  rows.back().amounts_only = true;
  for (const Mention& mention : analysis.mentions) {
    if (mention.entity < 0) continue;
    const int first = keys.first_of[mention.entity];
    if (rows[first].amounts_only) continue;
    knowledge.CountForm(*keys.entities[first], mention.surface,
                        occasion.language);
  }
  for (size_t i = 0; i < keys.amounts.size(); ++i) {
    if (counted.amounts.contains(keys.amounts[i].key)) continue;
    TOCSIN_RETURN_IF_ERROR(
        LearnAmount(analysis, keys, i, occasion, knowledge, rows));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool is_entity = i < keys.entities.size();
    if (is_entity && keys.first_of[i] != static_cast<int>(i)) continue;
    if (rows[i].amounts_only && rows[i].links.empty()) continue;
    knowledge.AddSighting(is_entity ? *keys.entities[i] : *keys.unlinked,
                          rows[i].amounts_only, rows[i].links, occasion);
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
