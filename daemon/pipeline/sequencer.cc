#include "pipeline/sequencer.h"

#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "base/failpoint.h"
#include "base/logging.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "pipeline/applier.h"

namespace tocsin {
namespace {

struct Queued {
  Command command;
  Sequencer::Done done;
  // Not OK: refused before it could enter the log of commands.
  absl::Status refused;
};

// Commands on their way through the two threads.
struct Batch {
  std::vector<Queued> commands;
  std::vector<CommandResult> results;  // Of those that were applied.
  bool has_rows = false;               // Not all of them were refused.
  Applier::Sealed sealed;
  // Not OK: they could not be applied, or stood on a batch that was not
  // written.
  absl::Status failure;
};

absl::Status Stopping() {
  return absl::UnavailableError("the daemon is stopping");
}

CommandResult Failed(const absl::Status& status) {
  CommandResult result;
  result.status = status;
  return result;
}

}  // namespace

// Two threads, so that no command waits for the disk but for its own result:
// one applies commands, the other writes what follows from them. There is one
// batch at most with each; the first thread hands its batch over when the other
// has none and no command waits or the batch is large enough to be worth a
// write, so batches grow while the disk is slow.
class Sequencer::Worker {
 public:
  Worker(const Options& options, Store& store, AlertFeed& feed,
         std::unique_ptr<Applier> applier, std::shared_ptr<const RuleSet> rules)
      : options_(options),
        store_(store),
        feed_(feed),
        applier_(std::move(applier)),
        rules_(std::move(rules)),
        applying_([this] { ApplyAll(); }),
        writing_([this] { WriteAll(); }) {}

  ~Worker() { Drain(); }

  void Submit(std::vector<Submission> submissions) {
    if (Queue(submissions)) return;
    for (Submission& submission : submissions) {
      submission.done(Failed(Stopping()));
    }
  }

  void Drain() {
    {
      MutexLock lock(mu_);
      draining_ = true;
      wake_.NotifyAll();
    }
    std::call_once(joined_, [this] {
      applying_.join();
      writing_.join();
    });
  }

  std::shared_ptr<const RuleSet> rules() const {
    MutexLock lock(mu_);
    return rules_;
  }

  Stats stats() const {
    MutexLock lock(mu_);
    return stats_;
  }

 private:
  // False, and nothing is taken, if the worker is stopping.
  bool Queue(std::vector<Submission>& submissions) {
    MutexLock lock(mu_);
    if (draining_) return false;
    for (Submission& submission : submissions) {
      // Ends of space are an answer, not an input: whatever a machine's disk
      // refuses never enters the log of commands.
      absl::Status space =
          std::holds_alternative<ArticleCommand>(submission.command)
              ? store_.CheckSpace()
              : store_.CheckRoom();
      queue_.push_back(Queued{std::move(submission.command),
                              std::move(submission.done), std::move(space)});
    }
    wake_.NotifyOne();
    return true;
  }

  // ---- The thread that applies

  void ApplyAll() {
    Batch batch;
    while (true) {
      std::vector<Queued> taken = Take(!batch.commands.empty());
      if (taken.empty() && batch.commands.empty()) break;
      if (taken.empty()) HandOver(batch);
      for (Queued& queued : taken) Apply(std::move(queued), batch);
    }
    MutexLock lock(mu_);
    all_applied_ = true;
    handed_over_.NotifyOne();
  }

  // Waits for commands. Empty if there are none and none will come, or if the
  // other thread waits for the batch.
  std::vector<Queued> Take(bool has_batch) {
    std::vector<Queued> taken;
    MutexLock lock(mu_);
    while (queue_.empty() && !draining_ && !(has_batch && batch_ == nullptr)) {
      wake_.Wait(mu_);
    }
    while (!queue_.empty() && taken.size() < options_.max_batch_commands) {
      taken.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    return taken;
  }

  void Apply(Queued queued, Batch& batch) {
    // What is due at a tick is looked for in the store, so everything before it
    // has to be there.
    if (std::holds_alternative<TickCommand>(queued.command)) {
      if (!batch.commands.empty()) HandOver(batch);
      WaitUntilWritten(batch);
    }
    batch.commands.push_back(std::move(queued));
    ApplyLast(batch);
    if (batch.commands.size() >= options_.max_batch_commands ||
        (batch.failure.ok() &&
         applier_->batch_bytes() >= options_.max_batch_bytes) ||
        (batch.commands.size() >= options_.min_batch_commands &&
         NothingIsWritten())) {
      HandOver(batch);
    }
  }

  bool NothingIsWritten() const {
    MutexLock lock(mu_);
    return batch_ == nullptr;
  }

  void ApplyLast(Batch& batch) {
    const Queued& last = batch.commands.back();
    if (!broken_.ok()) batch.failure = broken_;
    if (!batch.failure.ok()) return;
    if (!last.refused.ok()) {
      batch.results.push_back(Failed(last.refused));
      return;
    }
    batch.has_rows = true;
    absl::StatusOr<CommandResult> result = applier_->Apply(last.command);
    if (result.ok()) {
      batch.results.push_back(*std::move(result));
    } else {
      batch.failure = broken_ = result.status();
    }
  }

  // Leaves an empty batch.
  void HandOver(Batch& batch) {
    WaitUntilWritten(batch);
    if (batch.failure.ok() && batch.has_rows) {
      batch.sealed = applier_->Seal();
      sealed_ = true;
    }
    auto handed = std::make_unique<Batch>(std::exchange(batch, Batch()));
    MutexLock lock(mu_);
    batch_ = std::move(handed);
    handed_over_.NotifyOne();
  }

  // Until the other thread is done with its batch, if it has one. If that was
  // not written, nor will `batch` be, which was applied after it.
  void WaitUntilWritten(Batch& batch) {
    absl::Status full;
    {
      MutexLock lock(mu_);
      while (batch_ != nullptr) wake_.Wait(mu_);
      if (broken_.ok()) broken_ = failure_;
      full = std::exchange(full_, absl::OkStatus());
    }
    const bool was_sealed = std::exchange(sealed_, false);
    if (!full.ok() && broken_.ok()) {
      if (!batch.commands.empty()) batch.failure = full;
      broken_ = StartOver();
    } else if (was_sealed && broken_.ok()) {
      applier_->Written();
    }
    if (!broken_.ok()) batch.failure = broken_;
  }

  // The disk was full, and nothing of a batch was written: what it and the one
  // after it changed in memory is forgotten.
  absl::Status StartOver() {
    TOCSIN_ASSIGN_OR_RETURN(
        applier_, Applier::Create(store_, rules(), options_.cache_bytes));
    return absl::OkStatus();
  }

  // ---- The thread that writes

  void WriteAll() {
    while (Batch* batch = NextBatch()) {
      absl::Status failure = Failure();
      if (failure.ok()) failure = batch->failure;
      if (failure.ok() && batch->has_rows) failure = Write(*batch);
      if (failure.ok()) failure = TOCSIN_FAILPOINT("sequencer.ack.before");
      if (failure.ok()) {
        NoteDone(*batch);
      } else {
        batch->results.assign(batch->commands.size(), Failed(failure));
      }
      for (size_t i = 0; i < batch->commands.size(); ++i) {
        batch->commands[i].done(std::move(batch->results[i]));
      }
      (void)TOCSIN_FAILPOINT("sequencer.ack.after");
      Finish(failure);
    }
  }

  // Null if there will be none.
  Batch* NextBatch() {
    MutexLock lock(mu_);
    while (batch_ == nullptr && !all_applied_) handed_over_.Wait(mu_);
    return batch_.get();
  }

  // In one synced write; then the alerts are told of. RESOURCE_EXHAUSTED:
  // nothing was written. After any other error that is not known.
  absl::Status Write(Batch& batch) {
    Applier::Sealed& sealed = batch.sealed;
    TOCSIN_RETURN_IF_ERROR(store_.Commit(*sealed.rows, sealed.state));
    Log(LogLevel::kDebug, "committed",
        {{"commit", sealed.state.last_commit()},
         {"sequence", sealed.state.last_sequence()},
         {"commands", batch.commands.size()}});
    TOCSIN_RETURN_IF_ERROR(TOCSIN_FAILPOINT("feed.publish.before"));
    feed_.SetOldest(sealed.oldest_sequence());
    feed_.Publish(std::move(sealed.alerts));
    MutexLock lock(mu_);
    ++stats_.batches;
    stats_.keys_written += static_cast<int64_t>(sealed.rows->keys());
    stats_.bytes_written += static_cast<int64_t>(sealed.rows->bytes());
    return absl::OkStatus();
  }

  void NoteDone(const Batch& batch) {
    MutexLock lock(mu_);
    stats_.commands += static_cast<int64_t>(batch.commands.size());
    for (size_t i = 0; i < batch.commands.size(); ++i) {
      const auto* set = std::get_if<RuleSetCommand>(&batch.commands[i].command);
      if (set != nullptr && batch.results[i].status.ok()) {
        rules_ = set->compiled;
      }
    }
  }

  void Finish(const absl::Status& failure) {
    std::unique_ptr<Batch> done;  // Freed outside the lock.
    // An answer, after which it goes on; every other failure is for ever.
    const bool is_full =
        absl::IsResourceExhausted(failure) && store_.Health().ok();
    MutexLock lock(mu_);
    if (is_full && failure_.ok()) {
      // Only the first: one that stood on it has been started over from.
      if (batch_->failure.ok()) full_ = failure;
    } else {
      failure_ = failure;
    }
    done = std::move(batch_);
    wake_.NotifyAll();
  }

  absl::Status Failure() const {
    MutexLock lock(mu_);
    return failure_;
  }

  const Options options_;
  Store& store_;
  AlertFeed& feed_;
  // Of the thread that applies.
  std::unique_ptr<Applier> applier_;
  bool sealed_ = false;  // A batch is, that Written() was not called for.
  // Not OK: the applier is not touched again.
  absl::Status broken_;

  mutable Mutex mu_;
  CondVar wake_;         // Of the thread that applies.
  CondVar handed_over_;  // Of the thread that writes.
  std::deque<Queued> queue_ ABSL_GUARDED_BY(mu_);
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  // Of the thread that writes, which alone looks into it until it is done.
  std::unique_ptr<Batch> batch_ ABSL_GUARDED_BY(mu_);
  bool all_applied_ ABSL_GUARDED_BY(mu_) = false;
  // Sticky.
  absl::Status failure_ ABSL_GUARDED_BY(mu_);
  // Why the last batch was not written, if there was no room for it.
  absl::Status full_ ABSL_GUARDED_BY(mu_);
  std::shared_ptr<const RuleSet> rules_ ABSL_GUARDED_BY(mu_);
  Stats stats_ ABSL_GUARDED_BY(mu_);

  std::once_flag joined_;
  std::thread applying_;  // Last: they use all of the above.
  std::thread writing_;
};

Sequencer::Sequencer(std::unique_ptr<Worker> worker)
    : worker_(std::move(worker)) {}
Sequencer::~Sequencer() = default;

absl::StatusOr<std::unique_ptr<Sequencer>> Sequencer::Create(
    Options options, Store& store, AlertFeed& feed,
    std::shared_ptr<const RuleSet> rules) {
  TOCSIN_ASSIGN_OR_RETURN(std::unique_ptr<Applier> applier,
                          Applier::Create(store, rules, options.cache_bytes));
  return std::unique_ptr<Sequencer>(new Sequencer(std::make_unique<Worker>(
      options, store, feed, std::move(applier), std::move(rules))));
}

void Sequencer::Submit(Command command, Done done) {
  std::vector<Submission> one;
  one.push_back(Submission{std::move(command), std::move(done)});
  worker_->Submit(std::move(one));
}

void Sequencer::SubmitAll(std::vector<Submission> submissions) {
  worker_->Submit(std::move(submissions));
}

void Sequencer::Drain() { worker_->Drain(); }

std::shared_ptr<const RuleSet> Sequencer::rules() const {
  return worker_->rules();
}

Sequencer::Stats Sequencer::stats() const { return worker_->stats(); }

}  // namespace tocsin
