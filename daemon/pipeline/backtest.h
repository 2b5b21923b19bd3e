// What rules would have rung for over the stored archive.
//
// The same ringer as the sequencer's decides, over stored sightings in place of
// fresh ones, with its marks in memory: so a rule that was there from the first
// article on rings exactly as it rang. Reads one snapshot and writes nothing.
// Works step by step, so that its caller can show progress, wait for a slow
// reader without holding a thread, and stop. Not thread-safe, but may move
// between threads from step to step.
#ifndef TOCSIN_PIPELINE_BACKTEST_H_
#define TOCSIN_PIPELINE_BACKTEST_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "detect/analyzer.h"
#include "pipeline/overlay.h"
#include "pipeline/ringer.h"
#include "pipeline/scans.h"
#include "pipeline/stored_judgement.h"
#include "rules/rule_set.h"
#include "storage/archive_read.h"
#include "storage/snapshot.h"
#include "storage/store.h"

namespace tocsin {

class Backtest {
 public:
  struct Options {
    std::shared_ptr<const RuleSet> rules;
    // Rules to compare with, by name; null: none.
    std::shared_ptr<const RuleSet> baseline;
    // Of event times: from `start` on, before `end`.
    absl::Time start = absl::InfinitePast();
    absl::Time end = absl::InfiniteFuture();
  };

  // Numbers as in tocsin.v1.BacktestRuleResponse.Change.
  enum class Change : uint8_t { kUnchanged = 1, kAdded = 2, kRemoved = 3 };

  struct Ring {
    AlertRecord alert;  // Without a sequence.
    Change change = Change::kAdded;
  };

  // The store is not owned and must outlive the backtest.
  static absl::StatusOr<std::unique_ptr<Backtest>> Create(
      const Store& store, std::shared_ptr<const Analyzer> analyzer,
      Options options);

  // Goes on until `articles` more revisions were looked at, or one of them
  // brought the number of alerts to `alerts`. In the order of admission, and
  // within an article as live; what only the baseline rings comes last.
  absl::StatusOr<std::vector<Ring>> Next(size_t articles, size_t alerts);

  bool compares() const { return options_.baseline != nullptr; }
  bool at_end() const { return next_ == end_ && released_.empty(); }

  // Revisions looked at, and how many there are to look at.
  uint64_t done() const { return next_ - begin_; }
  uint64_t total() const { return end_ - begin_; }

 private:
  // One set of rules, with what it rang for so far.
  struct Side {
    std::shared_ptr<const RuleSet> rules;
    Ringer ringer;
    Overlay rows;
  };

  // An article that was admitted out of its place, when its embargo ended.
  struct Released {
    uint64_t after = 0;  // The latest commit before it.
    int64_t embargo_until = 0;
    uint64_t commit = 0;
    friend auto operator<=>(const Released&, const Released&) = default;
  };

  Backtest(const Store& store, std::shared_ptr<const Analyzer> analyzer,
           Options options);

  absl::Status ReadAhead();
  // `commit`: what the archive held then stands before it.
  absl::Status Admit(const ArchivedArticle& article, uint64_t commit,
                     std::vector<Ring>& rings);
  absl::Status AdmitReleased(uint64_t before, std::vector<Ring>& rings);
  absl::StatusOr<std::vector<AlertRecord>> RingSide(Side& side,
                                                    StoredJudgement& judgement);

  const Options options_;
  const Snapshot snapshot_;
  JudgementReader reader_;
  PastScans scans_;
  Side rules_;
  Side baseline_;
  bool reads_words_ = false;

  uint64_t begin_ = 1;
  uint64_t end_ = 1;
  uint64_t next_ = 1;  // The next commit to look at.
  // Read ahead: those from at_ on, all below read_to_.
  std::vector<ArchivedArticle> ahead_;
  size_t at_ = 0;
  uint64_t read_to_ = 1;
  std::priority_queue<Released, std::vector<Released>, std::greater<>>
      released_;
  RecentSightings::Commits hidden_;  // Those in released_.
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_BACKTEST_H_
