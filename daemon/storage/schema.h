// What lies where on disk: every family of keys, and the encoding of each key.
//
// A family is a RocksDB column family. Numbers in keys are 8 bytes big-endian,
// so that keys sort by them; `~` is the bitwise complement, which sorts the
// latest first. `text` is escaped and ended (0x00 becomes 0x00 0xff, the end is
// 0x00 0x01), so that no key is a prefix of another; text at the end of a key
// stands as it is.
//
// Every stored revision has a **commit number**, 1, 2, 3 ... in the order in
// which they were stored; that of an article's first revision is the article's
// number. Entities have numbers too, in the order in which they were first
// sighted. Values are protos of tocsin.storage.v1 unless said otherwise.
//
//   family     key                                     value
//   ---------  --------------------------------------  -----------------------
//   meta       `format`                                decimal text
//   meta       `epoch`                                 the epoch's id
//   meta       `epochs`                                EpochHistory
//   meta       `commit`                                CommitRecord
//   meta       `generation`                            of seeks: decimal text
//   meta       `set/` + name of a rule set             RuleSetRecord
//   heads      text source, id                         ArticleHead
//   articles   commit                                  ArticleRecord
//   bodies     commit                                  the body (a blob file)
//   mentions   commit                                  MentionList
//   coverage   article number                          CoverageRecord
//   near       commit                                  NearRecord
//   embargoes  until (microseconds), commit            EmbargoRecord
//   keys       entity key                              entity number
//   entities   entity number                           EntityRecord
//   counters   entity number                           EntityCounters
//   sightings  entity number, ~commit                  EntitySighting
//   alerts     sequence                                AlertRecord
//   marks      text rule, subject of the ring          RepeatMark
//   pending    text rule, subject of the ring          PendingRecord
//   rules      text rule set, generation, rule name    RuleRecord
//   names      name id                                 NameRecord
//   subscriptions  subscription id                     SubscriptionRecord
//   cursors    subscription id                         CursorRecord
//   letters    text subscription id, sequence          DeadLetterRecord
//
// `sightings` holds the first revision of an article that mentions the entity,
// and each that links a new amount to it; entity number 0 those amounts that
// are linked to nothing. Amount keys are in storage/amount_key.h. The subject
// of a ring is one byte and then: `e` entity number, `a` anchor number and
// amount key, `t` article number. Generation 0 of a rule set, which is that of
// a set without a RuleSetRecord, is left out of the key: a rule's name begins
// with a letter, a number with a zero.
#ifndef TOCSIN_STORAGE_SCHEMA_H_
#define TOCSIN_STORAGE_SCHEMA_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin {

// Of the layout above. Raised with every change that older code cannot read or
// that older stores have to be changed for (storage/migration.h). A new family
// needs no new version: it is made where it is missing, and older code refuses
// a store that has it.
//
//   1  the first one
//   2  a high-water file stands beside the database, and its files have
//      checksums; CommitRecord counts bytes
inline constexpr int kFormatVersion = 2;

enum class Family : uint8_t {
  kMeta,
  kHeads,
  kArticles,
  kBodies,
  kMentions,
  kCoverage,
  kNear,
  kEmbargoes,
  kKeys,
  kEntities,
  kCounters,
  kSightings,
  kAlerts,
  kMarks,
  kPending,
  kRules,
  kNames,
  kSubscriptions,
  kCursors,
  kLetters,
};

inline constexpr std::array<absl::string_view, 20> kFamilyNames = {
    "meta",     "heads",     "articles",      "bodies",  "mentions",
    "coverage", "near",      "embargoes",     "keys",    "entities",
    "counters", "sightings", "alerts",        "marks",   "pending",
    "rules",    "names",     "subscriptions", "cursors", "letters"};

inline constexpr absl::string_view kFormatKey = "format";
inline constexpr absl::string_view kEpochKey = "epoch";
inline constexpr absl::string_view kEpochHistoryKey = "epochs";
inline constexpr absl::string_view kCommitKey = "commit";
inline constexpr absl::string_view kGenerationKey = "generation";

// The building blocks.
void AppendNumber(uint64_t number, std::string& key);
void AppendText(absl::string_view text, std::string& key);
// Take one off the front of `key`; nullopt if it does not begin with one.
std::optional<uint64_t> TakeNumber(absl::string_view& key);
std::optional<std::string> TakeText(absl::string_view& key);

// Articles, bodies, mentions, coverage, near, entities, counters, alerts.
std::string NumberKey(uint64_t number);
std::string HeadKey(absl::string_view source, absl::string_view id);
std::string EmbargoKey(int64_t until_micros, uint64_t commit);
std::string SightingKey(uint64_t entity, uint64_t commit);
std::string RuleKey(absl::string_view rule_set, uint64_t generation,
                    absl::string_view name);
std::string RuleSetKey(absl::string_view rule_set);
// Those of one subscription begin with LetterPrefix().
std::string LetterKey(absl::string_view subscription, uint64_t sequence);
std::string LetterPrefix(absl::string_view subscription);

// Subjects of rings, and the keys of marks and pending records made of them.
std::string EntitySubject(uint64_t entity);
std::string AmountSubject(uint64_t anchor, absl::string_view amount_key);
std::string ArticleSubject(uint64_t article);
std::string MarkKey(absl::string_view rule, absl::string_view subject);

// The keys that begin with `prefix` are those in [prefix, PrefixEnd(prefix)).
// Empty if there is no end.
std::string PrefixEnd(absl::string_view prefix);

// The keys in [begin, end).
struct KeyRange {
  std::string begin;
  std::string end;
};
// The rules of one generation of a set.
KeyRange RuleRange(absl::string_view rule_set, uint64_t generation);

struct RuleKeyParts {
  std::string rule_set;
  uint64_t generation = 0;
};
std::optional<RuleKeyParts> ParseRuleKey(absl::string_view key);
// The name of the set that a key in `meta` is of; nullopt for other keys.
std::optional<std::string> ParseRuleSetKey(absl::string_view key);

struct EmbargoKeyParts {
  int64_t until_micros = 0;
  uint64_t commit = 0;
};
std::optional<EmbargoKeyParts> ParseEmbargoKey(absl::string_view key);
// The commit of a key in `sightings`.
std::optional<uint64_t> ParseSightingKey(absl::string_view key);
struct LetterKeyParts {
  std::string subscription;
  uint64_t sequence = 0;
};
std::optional<LetterKeyParts> ParseLetterKey(absl::string_view key);
struct MarkKeyParts {
  std::string rule;
  std::string subject;
};
std::optional<MarkKeyParts> ParseMarkKey(absl::string_view key);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_SCHEMA_H_
