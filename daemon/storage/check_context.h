// What the checks of rows share: reads that count, and findings.
#ifndef TOCSIN_STORAGE_CHECK_CONTEXT_H_
#define TOCSIN_STORAGE_CHECK_CONTEXT_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "storage/check.h"
#include "storage/read_records.h"
#include "storage/records.h"
#include "storage/schema.h"
#include "storage/snapshot.h"

namespace tocsin {

void AddFinding(std::string where, std::string what, CheckReport& report);

// Not thread-safe. Nothing is owned.
struct CheckContext {
  const Snapshot& snapshot;
  const CommitRecord& state;
  CheckReport& report;

  // Sightings that count an article, by entity; filled by the check of
  // `sightings`, read by that of `entities`.
  absl::flat_hash_map<uint64_t, int64_t> sighting_counts = {};
  // The sequence and time of the alert before the one that is being checked.
  uint64_t last_sequence = 0;
  int64_t last_create_time = 0;
  uint64_t last_commit = 0;  // The same of articles.
  uint64_t chain = 0;
  uint64_t last_entity = 0;
  int64_t bytes = 0;  // Of keys and values of the family, so far.

  void Found(Family family, absl::string_view key, std::string what);

  // The row that another refers to; nullopt, and a finding there, if it cannot
  // be read. A missing one is nullopt.
  std::optional<std::string> Get(Family family, absl::string_view key);
  template <typename Record>
  std::optional<Record> Load(Family family, absl::string_view key) {
    const std::optional<std::string> value = Get(family, key);
    Record record;
    if (!value.has_value() || !record.ParseFromString(*value)) {
      return std::nullopt;
    }
    return record;
  }
  bool Exists(Family family, absl::string_view key) {
    return Get(family, key).has_value();
  }
  bool IsKept(uint64_t commit) const { return commit >= state.oldest_commit(); }
};

// Parses the row; a finding, and false, if that fails.
template <typename Record>
bool Parse(CheckContext& context, Family family, absl::string_view key,
           absl::string_view value, Record& record) {
  if (ParseRecord(value, record)) return true;
  context.Found(family, key, "cannot be parsed");
  return false;
}

// A check of one row of a family; every family has one.
using RowCheck = void (*)(CheckContext& context, absl::string_view key,
                          absl::string_view value);

// check_articles.cc
void CheckHead(CheckContext&, absl::string_view key, absl::string_view value);
void CheckArticle(CheckContext&, absl::string_view, absl::string_view);
void CheckBody(CheckContext&, absl::string_view, absl::string_view);
void CheckMentions(CheckContext&, absl::string_view, absl::string_view);
void CheckCoverage(CheckContext&, absl::string_view, absl::string_view);
void CheckNear(CheckContext&, absl::string_view, absl::string_view);
void CheckEmbargo(CheckContext&, absl::string_view, absl::string_view);
// check_entities.cc
void CheckKey(CheckContext&, absl::string_view, absl::string_view);
void CheckEntity(CheckContext&, absl::string_view, absl::string_view);
void CheckCounters(CheckContext&, absl::string_view, absl::string_view);
void CheckSighting(CheckContext&, absl::string_view, absl::string_view);
// check_alerts.cc
void CheckMeta(CheckContext&, absl::string_view, absl::string_view);
void CheckAlert(CheckContext&, absl::string_view, absl::string_view);
void CheckMark(CheckContext&, absl::string_view, absl::string_view);
void CheckPending(CheckContext&, absl::string_view, absl::string_view);
void CheckRule(CheckContext&, absl::string_view, absl::string_view);
void CheckName(CheckContext&, absl::string_view, absl::string_view);
// check_subscriptions.cc
void CheckSubscription(CheckContext&, absl::string_view, absl::string_view);
void CheckCursor(CheckContext&, absl::string_view, absl::string_view);
void CheckLetter(CheckContext&, absl::string_view, absl::string_view);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_CHECK_CONTEXT_H_
