#include "pipeline/sequencer.h"

#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "base/failpoint.h"
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

absl::Status Stopping() {
  return absl::UnavailableError("the daemon is stopping");
}

CommandResult Failed(const absl::Status& status) {
  CommandResult result;
  result.status = status;
  return result;
}

}  // namespace

class Sequencer::Worker {
 public:
  Worker(const Options& options, Store& store, AlertFeed& feed,
         std::unique_ptr<Applier> applier, std::shared_ptr<const RuleSet> rules)
      : options_(options),
        store_(store),
        feed_(feed),
        applier_(std::move(applier)),
        rules_(std::move(rules)),
        thread_([this] { Run(); }) {}

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
    std::call_once(joined_, [this] { thread_.join(); });
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

  void Run() {
    while (true) {
      std::vector<Queued> batch = TakeBatch();
      if (batch.empty()) return;
      std::vector<CommandResult> results;
      results.reserve(batch.size());
      absl::Status full;  // An answer; every other failure is for ever.
      if (failure_.ok()) failure_ = Process(batch, results);
      if (absl::IsResourceExhausted(failure_) && store_.Health().ok()) {
        full = std::exchange(failure_, StartOver());
      }
      if (failure_.ok()) failure_ = TOCSIN_FAILPOINT("sequencer.ack.before");
      if (!failure_.ok() || !full.ok()) {
        results.assign(batch.size(), Failed(failure_.ok() ? full : failure_));
      }
      for (size_t i = 0; i < batch.size(); ++i) {
        batch[i].done(std::move(results[i]));
      }
      (void)TOCSIN_FAILPOINT("sequencer.ack.after");
    }
  }

  // Waits for commands; empty if there are none and there will be none.
  std::vector<Queued> TakeBatch() {
    std::vector<Queued> batch;
    MutexLock lock(mu_);
    while (queue_.empty() && !draining_) wake_.Wait(mu_);
    while (!queue_.empty() && batch.size() < options_.max_batch_commands) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    return batch;
  }

  // Everything in one synced batch, or in several if it is large; then the
  // alerts. An error is the store's: what became of the batch is not known.
  absl::Status Process(std::vector<Queued>& batch,
                       std::vector<CommandResult>& results) {
    bool applied = false;
    for (Queued& queued : batch) {
      if (!queued.refused.ok()) {
        results.push_back(Failed(queued.refused));
        continue;
      }
      applied = true;
      TOCSIN_ASSIGN_OR_RETURN(CommandResult result,
                              applier_->Apply(queued.command));
      results.push_back(std::move(result));
      if (applier_->batch_bytes() >= options_.max_batch_bytes) {
        TOCSIN_RETURN_IF_ERROR(Commit());
      }
    }
    if (applied) TOCSIN_RETURN_IF_ERROR(Commit());
    NoteDone(batch);
    return absl::OkStatus();
  }

  // The disk was full, and nothing of the batch was written: what it has
  // changed in memory is forgotten.
  absl::Status StartOver() {
    feed_.Publish(applier_->TakeDurable());
    TOCSIN_ASSIGN_OR_RETURN(
        applier_, Applier::Create(store_, rules(), options_.cache_bytes));
    return absl::OkStatus();
  }

  absl::Status Commit() {
    TOCSIN_ASSIGN_OR_RETURN(std::vector<AlertRecord> alerts,
                            applier_->Commit());
    TOCSIN_RETURN_IF_ERROR(TOCSIN_FAILPOINT("feed.publish.before"));
    feed_.SetOldest(applier_->oldest_sequence());
    feed_.Publish(std::move(alerts));
    MutexLock lock(mu_);
    ++stats_.batches;
    stats_.keys_written += static_cast<int64_t>(applier_->last_batch_keys());
    stats_.bytes_written += static_cast<int64_t>(applier_->last_batch_bytes());
    return absl::OkStatus();
  }

  void NoteDone(const std::vector<Queued>& batch) {
    MutexLock lock(mu_);
    stats_.commands += static_cast<int64_t>(batch.size());
    for (const Queued& queued : batch) {
      if (!queued.refused.ok()) continue;
      if (const auto* set = std::get_if<RuleSetCommand>(&queued.command)) {
        rules_ = set->compiled;
      }
    }
  }

  const Options options_;
  Store& store_;
  AlertFeed& feed_;
  // Of the worker's thread.
  std::unique_ptr<Applier> applier_;
  absl::Status failure_;

  mutable Mutex mu_;
  CondVar wake_;
  std::deque<Queued> queue_ ABSL_GUARDED_BY(mu_);
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  std::shared_ptr<const RuleSet> rules_ ABSL_GUARDED_BY(mu_);
  Stats stats_ ABSL_GUARDED_BY(mu_);

  std::once_flag joined_;
  std::thread thread_;  // Last: it uses all of the above.
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
