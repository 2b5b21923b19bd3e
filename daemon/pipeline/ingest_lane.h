// One stream of articles on its way into the archive:
//
//   Add ─▶ validate, analyze (worker pool, in parallel) ─▶ sequencer ─▶ Take
//
// Articles reach the sequencer in the order they were added, and results come
// out in that order, whatever the order in which analyses finish. A bad article
// gets its error as its result and disturbs no other.
//
// Thread-safe, except that one thread at a time adds and one at a time takes.
// Shared ownership: what is under way holds on to the lane, so the owner may
// let go of it at any time.
#ifndef TOCSIN_PIPELINE_INGEST_LANE_H_
#define TOCSIN_PIPELINE_INGEST_LANE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/worker_pool.h"
#include "pipeline/command.h"
#include "pipeline/ingest_budget.h"
#include "pipeline/name_book.h"
#include "pipeline/sequencer.h"
#include "text/article.h"

namespace tocsin {

// An article as it was read, or why it could not be.
struct LaneArticle {
  absl::StatusOr<Article> article;
  bool suppress_alerts = false;
};

struct LaneResult {
  // Of the article: INVALID_ARGUMENT if it was refused. Any other error means
  // that the daemon cannot take articles now: the sender should try again.
  absl::Status status;
  std::string article;  // Resource name; empty if refused.
  Outcome outcome = Outcome::kNone;
  int revision = 0;
  int alert_count = 0;
};

class IngestLane : public std::enable_shared_from_this<IngestLane> {
 public:
  struct Options {
    // HasRoom() is false while so much is added and not yet taken.
    size_t max_articles = 2048;
    size_t max_bytes = 16 << 20;
    // Articles that one task analyzes; less is more parallel.
    size_t chunk_articles = 16;
    size_t chunk_bytes = 64 << 10;
  };

  // Only the budget is owned, with others; the rest must outlive what is under
  // way. `on_results` is called on threads of the pool `answering` when there
  // is something to take, or room where there was none; not again before
  // Take().
  static std::shared_ptr<IngestLane> Create(
      const Options& options, const NameBook& names, Sequencer& sequencer,
      WorkerPool& analysis, WorkerPool& answering,
      std::shared_ptr<IngestBudget> budget,
      absl::AnyInvocable<void()> on_results);

  // Does not wait and does not refuse: ask HasRoom() before reading more.
  void Add(std::vector<LaneArticle> articles, absl::Time received_at);

  // Results that are ready, in order, at most `limit`.
  std::vector<LaneResult> Take(size_t limit);

  // Whether to read more: neither the lane nor all lanes together are full.
  bool HasRoom();
  // Everything added was taken.
  bool Idle() const;

 private:
  // What one task analyzes: articles that follow each other.
  struct Chunk {
    std::vector<LaneArticle> articles;
    std::vector<size_t> sizes;
    std::vector<Analysis> analyses;
    absl::Time received_at;
    size_t bytes = 0;
    bool analyzed = false;
  };
  // One an article, from the moment it goes to the sequencer.
  struct Pending {
    LaneResult result;
    size_t bytes = 0;
    bool ready = false;
  };

  IngestLane(const Options& options, const NameBook& names,
             Sequencer& sequencer, WorkerPool& analysis, WorkerPool& answering,
             std::shared_ptr<IngestBudget> budget,
             absl::AnyInvocable<void()> on_results);

  void AnalyzeChunk(Chunk& chunk);
  // Hands every chunk whose turn it is to the sequencer.
  void SubmitInOrder();
  void SubmitChunk(Chunk& chunk);
  void Finish(uint64_t number, const CommandResult& result);
  static void SetResult(Pending& pending, const CommandResult& result);
  void Announce() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Options options_;
  const NameBook& names_;
  Sequencer& sequencer_;
  WorkerPool& analysis_;
  WorkerPool& answering_;
  const std::shared_ptr<IngestBudget> budget_;
  absl::AnyInvocable<void()> on_results_;

  mutable Mutex mu_;
  // Not yet submitted, in order.
  std::deque<std::shared_ptr<Chunk>> chunks_ ABSL_GUARDED_BY(mu_);
  bool submitting_ ABSL_GUARDED_BY(mu_) = false;
  // Submitted and not yet taken; the first one's number is first_pending_.
  std::deque<Pending> pending_ ABSL_GUARDED_BY(mu_);
  uint64_t first_pending_ ABSL_GUARDED_BY(mu_) = 0;
  bool announced_ ABSL_GUARDED_BY(mu_) = false;
  bool waits_for_room_ ABSL_GUARDED_BY(mu_) = false;  // In the budget.
  // Added and not yet taken.
  size_t open_articles_ ABSL_GUARDED_BY(mu_) = 0;
  size_t open_bytes_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_INGEST_LANE_H_
