// The sequencer: one thread that applies commands, in order, and one that
// writes what follows from them to the store, in the same order.
//
// Thread-safe. Whatever follows from one command is in one atomic batch, synced
// before the command's callback runs; batches form by themselves, out of what
// comes while the last one is being synced. After a write has failed,
// nothing that was applied since is written. The same commands always give
// the same store, however they fall into batches: in here there is no clock, no
// randomness, no order of a hash table, no input but the store.
#ifndef TOCSIN_PIPELINE_SEQUENCER_H_
#define TOCSIN_PIPELINE_SEQUENCER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "pipeline/alert_feed.h"
#include "pipeline/command.h"
#include "rules/rule_set.h"
#include "storage/store.h"

namespace tocsin {

class Sequencer {
 public:
  struct Options {
    // A batch with so many goes as soon as the last one is written, even if
    // more commands are queued: nobody waits longer than this takes, or the
    // disk.
    size_t min_batch_commands = 32;
    // Of one batch. A batch ends after the command that reaches either.
    size_t max_batch_commands = 512;
    size_t max_batch_bytes = 8 << 20;
    // Of what is remembered of entities and their amounts, about.
    size_t cache_bytes = 256 << 20;
  };

  struct Stats {
    int64_t commands = 0;
    int64_t batches = 0;
    int64_t keys_written = 0;
    int64_t bytes_written = 0;
  };

  using Done = absl::AnyInvocable<void(CommandResult)>;

  // Store and feed are not owned and must outlive the sequencer. `rules` are
  // those of all rule sets together.
  static absl::StatusOr<std::unique_ptr<Sequencer>> Create(
      Options options, Store& store, AlertFeed& feed,
      std::shared_ptr<const RuleSet> rules);

  // Applies what is queued, then stops.
  ~Sequencer();

  // Queues; does not wait. `done` runs on a thread of the sequencer when the
  // command is durable, in the order of submission, and must be short. What is
  // queued is bounded by the callers' windows. After Drain(), and after a write
  // has failed, the result is UNAVAILABLE or that failure.
  void Submit(Command command, Done done);
  // The same for several, in their order, at the cost of one.
  struct Submission {
    Command command;
    Done done;
  };
  void SubmitAll(std::vector<Submission> submissions);

  // Returns when everything submitted before is applied and its callbacks have
  // run. Later commands are refused with UNAVAILABLE.
  void Drain();

  // The rules in force.
  std::shared_ptr<const RuleSet> rules() const;

  Stats stats() const;

 private:
  class Worker;
  explicit Sequencer(std::unique_ptr<Worker> worker);

  const std::unique_ptr<Worker> worker_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_SEQUENCER_H_
