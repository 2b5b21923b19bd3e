// Typed reads of the store as it was at one moment.
//
// May be shared between threads. Holds files of the store while it lives: keep
// it for one request, not for a session. A read that finds nothing returns
// nullopt or an empty list; DATA_LOSS names the row that cannot be read.
#ifndef TOCSIN_STORAGE_SNAPSHOT_H_
#define TOCSIN_STORAGE_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "detect/mention.h"
#include "rules/rule.h"
#include "storage/analysis_record.h"
#include "storage/passage.h"
#include "storage/records.h"
#include "storage/schema.h"

namespace rocksdb {
class Snapshot;
}  // namespace rocksdb

namespace tocsin {

struct Rocks;

struct StoredArticle {
  ArticleRecord record;
  std::string body;  // Empty where the read says so.
  int revision_count = 1;
};

struct StoredMention {
  MentionRecord mention;
  Passage passage;
  ArticleRecord article;
  uint64_t commit = 0;
  size_t index = 0;  // Which mention of the article.
};

// An entity, with what the archive knows of it.
struct StoredEntity {
  EntityRecord record;
  EntityCounters counters;

  // The type most articles voted for.
  EntityType type() const;
};

struct StoredAmount {
  Amount amount;
  int64_t first_seen_at = 0;  // Event times, in microseconds.
  int64_t last_seen_at = 0;
  int64_t article_count = 0;
  uint64_t first_commit = 0;
  uint64_t last_commit = 0;
};

struct StoredRules {
  // By rule set and name.
  std::vector<RulePtr> rules;
  // Of each set that has rows: the one that is in force.
  std::map<std::string, uint64_t> generations;
  // Rows of others, which a crash left behind.
  std::vector<std::pair<std::string, uint64_t>> leftovers;
};

class Snapshot {
 public:
  ~Snapshot();
  Snapshot(Snapshot&&) noexcept;
  Snapshot& operator=(Snapshot&&) noexcept;

  // Revision 0 is the current one.
  absl::StatusOr<std::optional<StoredArticle>> GetArticle(
      absl::string_view source, absl::string_view id, int revision) const;
  // With the body if `with_body`.
  absl::StatusOr<std::optional<StoredArticle>> GetRevision(
      uint64_t commit, bool with_body) const;

  // Current revisions that are not under embargo, the latest committed first,
  // without bodies: those with a commit below `before` (0: from the latest).
  // The next page begins before the last one's record.commit().
  struct ArticlePage {
    std::vector<StoredArticle> articles;
    uint64_t next_before = 0;  // 0 on the last page.
  };
  absl::StatusOr<ArticlePage> ListArticles(uint64_t before, size_t limit) const;

  // Every mention of one revision (0: the current one), in text order.
  absl::StatusOr<std::vector<StoredMention>> MentionsOfArticle(
      absl::string_view source, absl::string_view id, int revision) const;
  // Mentions of an entity, the latest committed article first, in text order
  // within an article: only after (`commit`, `index`) in that order; commit 0
  // begins at the latest.
  absl::StatusOr<std::vector<StoredMention>> MentionsOfEntity(
      uint64_t entity, uint64_t after_commit, size_t after_index,
      size_t limit) const;

  // Follows redirects. By number too, so a merged entity gives its heir.
  absl::StatusOr<std::optional<StoredEntity>> GetEntity(
      absl::string_view key) const;
  absl::StatusOr<std::optional<StoredEntity>> GetEntity(uint64_t number) const;
  // The most recently first-seen first, merged ones excepted: those with a
  // number below `before` (0: from the latest).
  absl::StatusOr<std::vector<StoredEntity>> ListEntities(uint64_t before,
                                                         size_t limit) const;
  // Amounts linked to an entity, the latest seen first, at most `limit`. Reads
  // every sighting of the entity.
  absl::StatusOr<std::vector<StoredAmount>> AmountsOf(uint64_t entity,
                                                      size_t limit) const;

  // Alerts with a sequence above `after`, oldest first, at most `limit`.
  absl::StatusOr<std::vector<AlertRecord>> ReadAlerts(uint64_t after,
                                                      size_t limit) const;
  // Sequence of the first alert committed at or after `time`; one past the
  // last if there is none.
  absl::StatusOr<uint64_t> FirstAlertAt(absl::Time time) const;

  // The rules of every set.
  absl::StatusOr<StoredRules> LoadRules() const;
  absl::StatusOr<std::vector<NameRecord>> LoadNames() const;

  // Counters; all zero in an empty store.
  absl::StatusOr<CommitRecord> LatestCommit() const;

  // Raw reads, as those of the store.
  absl::StatusOr<std::optional<std::string>> Get(Family family,
                                                 absl::string_view key) const;
  absl::Status Scan(
      Family family, absl::string_view from, absl::string_view to, bool reverse,
      const std::function<bool(absl::string_view key, absl::string_view value)>&
          visit) const;

 private:
  friend class Store;
  explicit Snapshot(const Rocks& rocks);
  absl::StatusOr<std::optional<StoredEntity>> EntityAt(uint64_t number) const;
  absl::StatusOr<std::optional<StoredArticle>> FindRevision(
      absl::string_view source, absl::string_view id, int revision,
      bool with_body) const;
  // Of the entity and those merged into it; empty if it is unknown.
  absl::StatusOr<std::vector<uint64_t>> NumbersOf(uint64_t entity) const;
  absl::Status LoadRulesIn(const KeyRange& range,
                           std::vector<RulePtr>& rules) const;
  // Key and display name of the entity or the anchor.
  absl::Status FillNames(MentionRecord& mention) const;
  // Appends the mentions of `numbers` (of all, if empty) in one revision, from
  // `from_index` on.
  absl::Status AppendMentions(uint64_t commit,
                              const std::vector<uint64_t>& numbers,
                              size_t from_index, size_t limit,
                              std::vector<StoredMention>& out) const;

  const Rocks* rocks_;  // Not owned.
  const rocksdb::Snapshot* snapshot_;
};

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_SNAPSHOT_H_
