// Applies commands to the archive, one after the other. The heart of the
// sequencer, without its thread.
//
// Deterministic: what it does depends on the commands and the store alone. Not
// thread-safe. A status in a result is an answer to the command (such as
// NOT_FOUND for a merge); an error returned by a method means that the store
// failed, and the applier must not be used any more.
#ifndef TOCSIN_PIPELINE_APPLIER_H_
#define TOCSIN_PIPELINE_APPLIER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pipeline/command.h"
#include "pipeline/knowledge.h"
#include "pipeline/near_copies.h"
#include "pipeline/novelty.h"
#include "pipeline/overlay.h"
#include "pipeline/ringer.h"
#include "rules/rule_set.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

class Applier {
 public:
  // `store` is not owned and must outlive the applier. `rules` are in force
  // until a RuleSetCommand.
  static absl::StatusOr<std::unique_ptr<Applier>> Create(
      Store& store, std::shared_ptr<const RuleSet> rules, size_t cache_bytes);

  // Adds what follows from the command to the batch. What is due at a Tick is
  // looked for in the store: there may be nothing before it that is not there.
  absl::StatusOr<CommandResult> Apply(const Command& command);

  // Of the batch, so far.
  size_t batch_bytes() { return rows_.batch().bytes(); }

  // A batch on its way into the store.
  struct Sealed {
    StoreBatch* rows = nullptr;       // Not owned; untouched until Written().
    CommitRecord state;               // As it is with the batch.
    std::vector<AlertRecord> alerts;  // To be told of when it is durable.

    // Sequence of the oldest alert that is kept, or would be.
    uint64_t oldest_sequence() const {
      return std::max<uint64_t>(1, state.oldest_sequence());
    }
  };
  // Ends the batch and begins the next one, whose commands may be applied while
  // this one is being written. Written() before another Seal().
  Sealed Seal();
  // The sealed batch is in the store. If it could not be written, the applier
  // is ahead of the store, and must be made anew.
  void Written();

 private:
  Applier(Store& store, std::shared_ptr<const RuleSet> rules,
          const CommitRecord& state, Ringer ringer, NearCopies near_copies,
          size_t cache_bytes);

  // A revision on its way into the archive. Views the command.
  struct Revision {
    ArticleRecord record;
    uint64_t commit = 0;
    absl::string_view body;
    const Analysis& analysis;
  };

  absl::StatusOr<CommandResult> ApplyOne(const ArticleCommand& command);
  absl::StatusOr<CommandResult> ApplyOne(const StageRulesCommand& command);
  absl::StatusOr<CommandResult> ApplyOne(const DropRulesCommand& command);
  absl::StatusOr<CommandResult> ApplyOne(const RuleSetCommand& command);
  absl::StatusOr<CommandResult> ApplyOne(const NamesCommand& command);
  absl::StatusOr<CommandResult> ApplyOne(const MergeCommand& command);
  absl::StatusOr<CommandResult> ApplyOne(const TickCommand& command);

  void WriteRules(absl::string_view set, uint64_t generation,
                  const std::vector<RulePtr>& rules);

  // The steps of the path, in order.
  absl::StatusOr<CommandResult> Identify(Revision& revision);
  void Hold(const Revision& revision);
  absl::StatusOr<int> Admit(Revision& revision);

  // What held-back articles the time has come for; returns how many alerts
  // rang.
  absl::StatusOr<int> Release(int64_t now);

  // What earlier revisions mentioned, and what the original did.
  absl::StatusOr<Coverage> CoverageOfArticle(uint64_t article);

  // Time never goes back, whatever the commands bring.
  int64_t Advance(absl::Time time);

  Overlay rows_;
  Knowledge knowledge_;
  NearCopies near_copies_;
  Ringer ringer_;
  std::shared_ptr<const RuleSet> rules_;
  CommitRecord state_;
  std::vector<AlertRecord> alerts_;  // Of the batch.
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_APPLIER_H_
