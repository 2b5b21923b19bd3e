// Articles of the archive as the rules saw them when they were admitted: their
// sightings are stored with their evidence, so nothing is judged again.
//
// Exact as long as no names have changed since: the words are read off the text
// again, by today's analyzer. Not thread-safe.
#ifndef TOCSIN_PIPELINE_STORED_JUDGEMENT_H_
#define TOCSIN_PIPELINE_STORED_JUDGEMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "detect/analyzer.h"
#include "pipeline/ringer.h"
#include "storage/archive_read.h"
#include "storage/snapshot.h"

namespace tocsin {

struct StoredJudgement {
  const ArticleRecord* record = nullptr;  // Not owned.
  std::string body;                       // Read by ReadText().
  Analysis analysis;
  ResolvedKeys keys;  // Good until the reader's next Judgement().
  std::vector<Sighting> sightings;

  JudgedArticle view() const {
    return {*record, record->commit(), body, analysis, keys, sightings};
  }
  // The sequencer's time when it entered novelty and rules.
  absl::Time admitted_at() const {
    return absl::FromUnixMicros(record->admitted_at() != 0
                                    ? record->admitted_at()
                                    : record->received_at());
  }
};

class JudgementReader {
 public:
  // The snapshot is not owned and must outlive the reader.
  JudgementReader(const Snapshot& snapshot,
                  std::shared_ptr<const Analyzer> analyzer)
      : snapshot_(snapshot), analyzer_(std::move(analyzer)) {}

  // Without the text: body, surfaces and words are empty. The article must have
  // been admitted, and must outlive the judgement.
  absl::StatusOr<StoredJudgement> Judgement(const ArchivedArticle& article);

  // Adds body and surfaces; if `with_words`, the words.
  absl::Status ReadText(StoredJudgement& judgement, bool with_words) const;

 private:
  // What stands in the entity's record of itself, whatever it was merged into.
  absl::StatusOr<KnownEntity*> EntityAt(uint64_t number);

  const Snapshot& snapshot_;
  const std::shared_ptr<const Analyzer> analyzer_;
  absl::flat_hash_map<uint64_t, std::unique_ptr<KnownEntity>> entities_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_STORED_JUDGEMENT_H_
