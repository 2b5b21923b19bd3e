#include "storage/snapshot.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status_macros.h"
#include "storage/amount_key.h"
#include "storage/read_records.h"
#include "storage/rocks.h"
#include "storage/rule_record.h"

namespace tocsin {
namespace {

// Once an article, however often it says the amount.
void CountLinked(const LinkedAmount& linked, int64_t event_time,
                 uint64_t commit, StoredAmount& stored) {
  if (stored.article_count == 0) {
    stored.amount = ParseAmountKey(linked.key()).value_or(Amount());
    stored.amount.approximate = linked.approximate();
    if (!linked.unit().empty()) stored.amount.unit = linked.unit();
    stored.first_seen_at = event_time;
    stored.last_seen_at = event_time;
    stored.first_commit = commit;
  }
  if (!linked.approximate()) stored.amount.approximate = false;
  if (stored.last_commit == commit) return;
  ++stored.article_count;
  stored.first_seen_at = std::min(stored.first_seen_at, event_time);
  stored.last_seen_at = std::max(stored.last_seen_at, event_time);
  stored.first_commit = std::min(stored.first_commit, commit);
  stored.last_commit = std::max(stored.last_commit, commit);
}

uint64_t NumberOf(absl::string_view key) { return TakeNumber(key).value_or(0); }

}  // namespace

EntityType StoredEntity::type() const {
  int best = 0;
  for (int i = 1; i < counters.type_votes_size(); ++i) {
    if (best == 0 || counters.type_votes(i) > counters.type_votes(best)) {
      best = i;
    }
  }
  return static_cast<EntityType>(best);
}

Snapshot::Snapshot(const Rocks& rocks)
    : rocks_(&rocks), snapshot_(rocks.db->GetSnapshot()) {}

Snapshot::~Snapshot() {
  if (snapshot_ != nullptr) rocks_->db->ReleaseSnapshot(snapshot_);
}

Snapshot::Snapshot(Snapshot&& other) noexcept
    : rocks_(other.rocks_),
      snapshot_(std::exchange(other.snapshot_, nullptr)) {}

Snapshot& Snapshot::operator=(Snapshot&& other) noexcept {
  std::swap(rocks_, other.rocks_);
  std::swap(snapshot_, other.snapshot_);
  return *this;
}

absl::StatusOr<std::optional<std::string>> Snapshot::Get(
    Family family, absl::string_view key) const {
  return rocks_->Get(snapshot_, family, key);
}

absl::Status Snapshot::Scan(
    Family family, absl::string_view from, absl::string_view to, bool reverse,
    const std::function<bool(absl::string_view, absl::string_view)>& visit)
    const {
  return rocks_->Scan(snapshot_, family, from, to, reverse, visit);
}

// ---- Articles

absl::StatusOr<std::optional<StoredArticle>> Snapshot::GetRevision(
    uint64_t commit, bool with_body) const {
  TOCSIN_ASSIGN_OR_RETURN(
      std::optional<ArticleRecord> record,
      ReadRecord<ArticleRecord>(*this, Family::kArticles, NumberKey(commit)));
  if (!record.has_value()) return std::nullopt;
  StoredArticle article;
  article.record = *std::move(record);
  article.record.set_commit(commit);
  article.revision_count = article.record.revision();
  if (with_body) {
    TOCSIN_ASSIGN_OR_RETURN(std::optional<std::string> body,
                            Get(Family::kBodies, NumberKey(commit)));
    if (!body.has_value()) {
      return DamagedRow(Family::kBodies, NumberKey(commit));
    }
    article.body = *std::move(body);
  }
  return article;
}

absl::StatusOr<std::optional<StoredArticle>> Snapshot::FindRevision(
    absl::string_view source, absl::string_view id, int revision,
    bool with_body) const {
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<ArticleHead> head,
      ReadRecord<ArticleHead>(*this, Family::kHeads, HeadKey(source, id)));
  if (!head.has_value()) return std::nullopt;
  const int wanted = revision == 0 ? head->current_revision() : revision;
  if (wanted < 1 || wanted > head->commits_size()) return std::nullopt;
  TOCSIN_ASSIGN_OR_RETURN(std::optional<StoredArticle> article,
                          GetRevision(head->commits(wanted - 1), with_body));
  if (article.has_value()) article->revision_count = head->commits_size();
  return article;
}

absl::StatusOr<std::optional<StoredArticle>> Snapshot::GetArticle(
    absl::string_view source, absl::string_view id, int revision) const {
  return FindRevision(source, id, revision, /*with_body=*/true);
}

absl::StatusOr<Snapshot::ArticlePage> Snapshot::ListArticles(
    uint64_t before, size_t limit) const {
  ArticlePage page;
  const std::string to = before == 0 ? "" : NumberKey(before);
  TOCSIN_RETURN_IF_ERROR(ScanRecords<ArticleRecord>(
      *this, Family::kArticles, "", to, /*reverse=*/true,
      [&](absl::string_view key,
          ArticleRecord& record) -> absl::StatusOr<bool> {
        if (page.articles.size() == limit) {
          page.next_before = page.articles.back().record.commit();
          return false;
        }
        if (record.embargoed()) return true;
        const std::string head_key = HeadKey(record.source(), record.id());
        TOCSIN_ASSIGN_OR_RETURN(
            const std::optional<ArticleHead> head,
            ReadRecord<ArticleHead>(*this, Family::kHeads, head_key));
        if (!head.has_value()) return DamagedRow(Family::kHeads, head_key);
        if (head->current_revision() != record.revision()) return true;
        StoredArticle& article = page.articles.emplace_back();
        article.record = std::move(record);
        article.record.set_commit(NumberOf(key));
        article.revision_count = head->commits_size();
        return true;
      }));
  return page;
}

// ---- Mentions

absl::Status Snapshot::FillNames(MentionRecord& mention) const {
  const bool is_amount = mention.has_amount();
  const uint64_t number =
      is_amount ? mention.amount().anchor_number() : mention.entity().number();
  if (number == 0) return absl::OkStatus();
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<StoredEntity> entity,
                          GetEntity(number));
  if (!entity.has_value()) {
    return DamagedRow(Family::kEntities, NumberKey(number));
  }
  const EntityRecord& record = entity->record;
  if (is_amount) {
    mention.mutable_amount()->set_anchor_key(record.key());
    mention.mutable_amount()->set_anchor_number(record.number());
  } else {
    mention.mutable_entity()->set_key(record.key());
    mention.mutable_entity()->set_number(record.number());
    mention.mutable_entity()->set_display_name(record.display_name());
    mention.mutable_entity()->set_listed(record.listed());
  }
  return absl::OkStatus();
}

absl::Status Snapshot::AppendMentions(uint64_t commit,
                                      const std::vector<uint64_t>& numbers,
                                      size_t from_index, size_t limit,
                                      std::vector<StoredMention>& out) const {
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<StoredArticle> article,
                          GetRevision(commit, /*with_body=*/true));
  if (!article.has_value()) return absl::OkStatus();  // No longer kept.
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<MentionList> list,
      ReadRecord<MentionList>(*this, Family::kMentions, NumberKey(commit)));
  if (!list.has_value()) return absl::OkStatus();  // Under embargo.
  const size_t count = MentionCount(*list);
  for (size_t i = from_index; i < count && out.size() < limit; ++i) {
    if (!numbers.empty()) {
      const uint64_t number = EntityNumberAt(*list, i);
      if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) {
        continue;
      }
    }
    TOCSIN_ASSIGN_OR_RETURN(
        MentionWithPassage mention,
        MentionAt(*list, i, article->record.headline(), article->body));
    TOCSIN_RETURN_IF_ERROR(FillNames(mention.mention));
    out.push_back(StoredMention{std::move(mention.mention),
                                std::move(mention.passage), article->record,
                                commit, i});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredMention>> Snapshot::MentionsOfArticle(
    absl::string_view source, absl::string_view id, int revision) const {
  std::vector<StoredMention> mentions;
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<StoredArticle> article,
      FindRevision(source, id, revision, /*with_body=*/false));
  if (!article.has_value()) return mentions;
  TOCSIN_RETURN_IF_ERROR(AppendMentions(article->record.commit(), {}, 0,
                                        static_cast<size_t>(-1), mentions));
  return mentions;
}

absl::StatusOr<std::vector<uint64_t>> Snapshot::NumbersOf(
    uint64_t entity) const {
  std::vector<uint64_t> numbers;
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<StoredEntity> stored,
                          GetEntity(entity));
  if (!stored.has_value()) return numbers;
  numbers.push_back(stored->record.number());
  numbers.insert(numbers.end(), stored->record.merged_from().begin(),
                 stored->record.merged_from().end());
  return numbers;
}

absl::StatusOr<std::vector<StoredMention>> Snapshot::MentionsOfEntity(
    uint64_t entity, uint64_t after_commit, size_t after_index,
    size_t limit) const {
  std::vector<StoredMention> mentions;
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers,
                          NumbersOf(entity));

  // Of each number, the latest commits that could be in the page; then those
  // of all together.
  std::vector<uint64_t> commits;
  for (const uint64_t number : numbers) {
    size_t taken = 0;
    const std::string from = after_commit == 0
                                 ? NumberKey(number)
                                 : SightingKey(number, after_commit);
    TOCSIN_RETURN_IF_ERROR(ScanRecords<EntitySighting>(
        *this, Family::kSightings, from, PrefixEnd(NumberKey(number)),
        /*reverse=*/false, [&](absl::string_view key, EntitySighting& row) {
          if (row.amounts_only()) return true;
          commits.push_back(ParseSightingKey(key).value_or(0));
          return ++taken <= limit;
        }));
  }
  std::sort(commits.begin(), commits.end(), std::greater<>());
  commits.erase(std::unique(commits.begin(), commits.end()), commits.end());
  for (const uint64_t commit : commits) {
    if (mentions.size() >= limit) break;
    TOCSIN_RETURN_IF_ERROR(AppendMentions(
        commit, numbers, commit == after_commit ? after_index + 1 : 0, limit,
        mentions));
  }
  return mentions;
}

// ---- Entities and amounts

absl::StatusOr<std::optional<StoredEntity>> Snapshot::EntityAt(
    uint64_t number) const {
  TOCSIN_ASSIGN_OR_RETURN(
      std::optional<EntityRecord> record,
      ReadRecord<EntityRecord>(*this, Family::kEntities, NumberKey(number)));
  if (!record.has_value()) return std::nullopt;
  TOCSIN_ASSIGN_OR_RETURN(
      std::optional<EntityCounters> counters,
      ReadRecord<EntityCounters>(*this, Family::kCounters, NumberKey(number)));
  StoredEntity entity;
  entity.record = *std::move(record);
  if (counters.has_value()) entity.counters = *std::move(counters);
  return entity;
}

absl::StatusOr<std::optional<StoredEntity>> Snapshot::GetEntity(
    uint64_t number) const {
  TOCSIN_ASSIGN_OR_RETURN(std::optional<StoredEntity> entity, EntityAt(number));
  while (entity.has_value() && entity->record.merged_into() != 0) {
    TOCSIN_ASSIGN_OR_RETURN(entity, EntityAt(entity->record.merged_into()));
  }
  return entity;
}

absl::StatusOr<std::optional<StoredEntity>> Snapshot::GetEntity(
    absl::string_view key) const {
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                          Get(Family::kKeys, key));
  if (!value.has_value()) return std::nullopt;
  return GetEntity(NumberOf(*value));
}

absl::StatusOr<std::vector<StoredEntity>> Snapshot::ListEntities(
    uint64_t before, size_t limit) const {
  std::vector<StoredEntity> entities;
  const std::string to = before == 0 ? "" : NumberKey(before);
  TOCSIN_RETURN_IF_ERROR(ScanRecords<EntityRecord>(
      *this, Family::kEntities, "", to, /*reverse=*/true,
      [&](absl::string_view key, EntityRecord& record) -> absl::StatusOr<bool> {
        if (entities.size() >= limit) return false;
        if (record.merged_into() != 0) return true;
        TOCSIN_ASSIGN_OR_RETURN(std::optional<StoredEntity> entity,
                                EntityAt(NumberOf(key)));
        if (entity.has_value()) entities.push_back(*std::move(entity));
        return true;
      }));
  return entities;
}

absl::StatusOr<std::vector<StoredAmount>> Snapshot::AmountsOf(
    uint64_t entity, size_t limit) const {
  std::vector<StoredAmount> amounts;
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers,
                          NumbersOf(entity));
  absl::flat_hash_map<std::string, StoredAmount> by_key;
  for (const uint64_t number : numbers) {
    const std::string prefix = NumberKey(number);
    TOCSIN_RETURN_IF_ERROR(ScanRecords<EntitySighting>(
        *this, Family::kSightings, prefix, PrefixEnd(prefix), /*reverse=*/true,
        [&](absl::string_view key, const EntitySighting& row) {
          const uint64_t commit = ParseSightingKey(key).value_or(0);
          for (const LinkedAmount& linked : row.amounts()) {
            CountLinked(linked, row.event_time(), commit, by_key[linked.key()]);
          }
          return true;
        }));
  }
  amounts.reserve(by_key.size());
  for (auto& [key, amount] : by_key) amounts.push_back(std::move(amount));
  const auto rank = [](const StoredAmount& a) {
    return std::tuple(a.last_seen_at, a.last_commit, a.amount.kind,
                      absl::string_view(a.amount.unit), a.amount.low.value,
                      a.amount.high.value);
  };
  std::sort(amounts.begin(), amounts.end(),
            [&](const StoredAmount& a, const StoredAmount& b) {
              return rank(a) > rank(b);
            });
  if (amounts.size() > limit) amounts.resize(limit);
  return amounts;
}

// ---- Alerts

absl::StatusOr<std::vector<AlertRecord>> Snapshot::ReadAlerts(
    uint64_t after, size_t limit) const {
  std::vector<AlertRecord> alerts;
  TOCSIN_RETURN_IF_ERROR(ScanRecords<AlertRecord>(
      *this, Family::kAlerts, NumberKey(after + 1), "", /*reverse=*/false,
      [&](absl::string_view, AlertRecord& alert) {
        if (alerts.size() >= limit) return false;
        alerts.push_back(std::move(alert));
        return true;
      }));
  return alerts;
}

absl::StatusOr<uint64_t> Snapshot::FirstAlertAt(absl::Time time) const {
  // create_time never goes back, so the log can be searched in halves.
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord commit, LatestCommit());
  const int64_t wanted = ToMicros(time);
  uint64_t low = std::max<uint64_t>(1, commit.oldest_sequence());
  uint64_t high = commit.last_sequence() + 1;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    TOCSIN_ASSIGN_OR_RETURN(
        const std::optional<AlertRecord> alert,
        ReadRecord<AlertRecord>(*this, Family::kAlerts, NumberKey(middle)));
    if (!alert.has_value() || alert->create_time() < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// ---- Rules, names, counters

absl::StatusOr<StoredRules> Snapshot::LoadRules() const {
  StoredRules stored;
  TOCSIN_RETURN_IF_ERROR(ScanRecords<RuleSetRecord>(
      *this, Family::kMeta, RuleSetKey(""), PrefixEnd(RuleSetKey("")),
      /*reverse=*/false,
      [&](absl::string_view key, const RuleSetRecord& record) {
        stored.generations[*ParseRuleSetKey(key)] = record.generation();
        return true;
      }));
  // From generation to generation: those that are not in force cost one step.
  std::string from;
  while (true) {
    std::string first;
    TOCSIN_RETURN_IF_ERROR(Scan(Family::kRules, from, "", /*reverse=*/false,
                                [&](absl::string_view key, absl::string_view) {
                                  first = std::string(key);
                                  return false;
                                }));
    if (first.empty()) return stored;
    const std::optional<RuleKeyParts> parts = ParseRuleKey(first);
    if (!parts.has_value()) return DamagedRow(Family::kRules, first);
    const KeyRange range = RuleRange(parts->rule_set, parts->generation);
    if (stored.generations[parts->rule_set] == parts->generation) {
      TOCSIN_RETURN_IF_ERROR(LoadRulesIn(range, stored.rules));
    } else {
      stored.leftovers.emplace_back(parts->rule_set, parts->generation);
    }
    from = range.end;
  }
}

absl::Status Snapshot::LoadRulesIn(const KeyRange& range,
                                   std::vector<RulePtr>& rules) const {
  return ScanRecords<RuleRecord>(
      *this, Family::kRules, range.begin, range.end, /*reverse=*/false,
      [&](absl::string_view, const RuleRecord& record) {
        rules.push_back(std::make_shared<const Rule>(FromRecord(record)));
        return true;
      });
}

absl::StatusOr<std::vector<NameRecord>> Snapshot::LoadNames() const {
  std::vector<NameRecord> names;
  TOCSIN_RETURN_IF_ERROR(
      ScanRecords<NameRecord>(*this, Family::kNames, "", "", /*reverse=*/false,
                              [&](absl::string_view, NameRecord& record) {
                                names.push_back(std::move(record));
                                return true;
                              }));
  return names;
}

absl::StatusOr<CommitRecord> Snapshot::LatestCommit() const {
  TOCSIN_ASSIGN_OR_RETURN(
      std::optional<CommitRecord> commit,
      ReadRecord<CommitRecord>(*this, Family::kMeta, kCommitKey));
  return commit.value_or(CommitRecord());
}

}  // namespace tocsin
