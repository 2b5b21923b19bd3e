#include "pipeline/ingest_lane.h"

#include <utility>

#include "storage/resource_name.h"

namespace tocsin {
namespace {

// What an article takes while it is under way; its analysis is of the order of
// its text.
size_t SizeOf(const LaneArticle& lane_article) {
  constexpr size_t kOverhead = 512;
  if (!lane_article.article.ok()) return kOverhead;
  const Article& article = *lane_article.article;
  return kOverhead + article.headline.size() + article.body.size();
}

}  // namespace

std::shared_ptr<IngestLane> IngestLane::Create(
    const Options& options, const NameBook& names, Sequencer& sequencer,
    WorkerPool& analysis, WorkerPool& answering,
    std::shared_ptr<IngestBudget> budget,
    absl::AnyInvocable<void()> on_results) {
  return std::shared_ptr<IngestLane>(
      new IngestLane(options, names, sequencer, analysis, answering,
                     std::move(budget), std::move(on_results)));
}

IngestLane::IngestLane(const Options& options, const NameBook& names,
                       Sequencer& sequencer, WorkerPool& analysis,
                       WorkerPool& answering,
                       std::shared_ptr<IngestBudget> budget,
                       absl::AnyInvocable<void()> on_results)
    : options_(options),
      names_(names),
      sequencer_(sequencer),
      analysis_(analysis),
      answering_(answering),
      budget_(std::move(budget)),
      on_results_(std::move(on_results)) {}

void IngestLane::Add(std::vector<LaneArticle> articles,
                     absl::Time received_at) {
  std::vector<std::shared_ptr<Chunk>> added;
  size_t bytes = 0;
  for (LaneArticle& article : articles) {
    if (added.empty() ||
        added.back()->articles.size() >= options_.chunk_articles ||
        added.back()->bytes >= options_.chunk_bytes) {
      added.push_back(std::make_shared<Chunk>());
      added.back()->received_at = received_at;
      added.back()->articles.reserve(options_.chunk_articles);
    }
    const size_t size = SizeOf(article);
    added.back()->bytes += size;
    added.back()->sizes.push_back(size);
    bytes += size;
    added.back()->articles.push_back(std::move(article));
  }
  budget_->Add(bytes);
  {
    MutexLock lock(mu_);
    open_articles_ += articles.size();
    open_bytes_ += bytes;
    chunks_.insert(chunks_.end(), added.begin(), added.end());
  }
  for (std::shared_ptr<Chunk>& chunk : added) {
    analysis_.Add([lane = shared_from_this(), chunk = std::move(chunk)] {
      lane->AnalyzeChunk(*chunk);
      lane->SubmitInOrder();
    });
  }
}

void IngestLane::AnalyzeChunk(Chunk& chunk) {
  chunk.analyses.resize(chunk.articles.size());
  const std::shared_ptr<const Analyzer> analyzer = names_.analyzer();
  for (size_t i = 0; i < chunk.articles.size(); ++i) {
    absl::StatusOr<Article>& article = chunk.articles[i].article;
    if (!article.ok()) continue;
    if (absl::Status valid = ValidateArticle(*article); !valid.ok()) {
      article = std::move(valid);
      continue;
    }
    chunk.analyses[i] = analyzer->Analyze(*article);
  }
  MutexLock lock(mu_);
  chunk.analyzed = true;
}

// One thread at a time submits, without the lock: the sequencer may call back
// from within Submit(). Who finds another one at it leaves its chunk to that.
void IngestLane::SubmitInOrder() {
  while (true) {
    std::shared_ptr<Chunk> chunk;
    {
      MutexLock lock(mu_);
      if (submitting_ || chunks_.empty() || !chunks_.front()->analyzed) return;
      submitting_ = true;
      chunk = std::move(chunks_.front());
      chunks_.pop_front();
    }
    SubmitChunk(*chunk);
    MutexLock lock(mu_);
    submitting_ = false;
  }
}

void IngestLane::SubmitChunk(Chunk& chunk) {
  const size_t count = chunk.articles.size();
  uint64_t number = 0;
  {
    MutexLock lock(mu_);
    number = first_pending_ + pending_.size();
    for (size_t i = 0; i < count; ++i) {
      Pending& pending = pending_.emplace_back();
      pending.bytes = chunk.sizes[i];
      if (!chunk.articles[i].article.ok()) continue;
      const Article& article = *chunk.articles[i].article;
      pending.result.article = ArticleName(article.source, article.id);
    }
  }
  std::vector<Sequencer::Submission> submissions;
  submissions.reserve(count);
  for (size_t i = 0; i < count; ++i, ++number) {
    LaneArticle& lane_article = chunk.articles[i];
    if (!lane_article.article.ok()) {
      CommandResult refused;
      refused.status = std::move(lane_article.article).status();
      Finish(number, refused);
      continue;
    }
    ArticleCommand command{*std::move(lane_article.article),
                           std::move(chunk.analyses[i]), chunk.received_at,
                           lane_article.suppress_alerts};
    submissions.push_back({std::move(command), [lane = shared_from_this(),
                                                number](CommandResult result) {
                             lane->Finish(number, result);
                           }});
  }
  sequencer_.SubmitAll(std::move(submissions));
}

void IngestLane::Finish(uint64_t number, const CommandResult& result) {
  size_t bytes = 0;
  {
    MutexLock lock(mu_);
    bytes = pending_[number - first_pending_].bytes;
    SetResult(pending_[number - first_pending_], result);
    if (pending_.front().ready) Announce();
  }
  budget_->Release(bytes);
}

void IngestLane::SetResult(Pending& pending, const CommandResult& result) {
  pending.ready = true;
  pending.result.status = result.status;
  if (result.status.ok()) {
    pending.result.outcome = result.outcome;
    pending.result.revision = result.revision;
    pending.result.alert_count = result.alert_count;
  } else {
    pending.result.article.clear();
  }
}

// By way of a pool, so that results which become ready together, as those of
// one batch of the sequencer do, are taken together; not that of the analyses,
// which are many and let everything else go first.
void IngestLane::Announce() {
  if (announced_) return;
  announced_ = true;
  answering_.Add([lane = shared_from_this()] { lane->on_results_(); });
}

std::vector<LaneResult> IngestLane::Take(size_t limit) {
  std::vector<LaneResult> taken;
  MutexLock lock(mu_);
  while (taken.size() < limit && !pending_.empty() && pending_.front().ready) {
    taken.push_back(std::move(pending_.front().result));
    open_bytes_ -= pending_.front().bytes;
    --open_articles_;
    pending_.pop_front();
    ++first_pending_;
  }
  announced_ = false;
  return taken;
}

bool IngestLane::HasRoom() {
  {
    MutexLock lock(mu_);
    if (waits_for_room_ || open_articles_ >= options_.max_articles ||
        open_bytes_ >= options_.max_bytes) {
      return false;
    }
    waits_for_room_ = true;
  }
  const bool has_room = budget_->HasRoom([weak = weak_from_this()] {
    const std::shared_ptr<IngestLane> lane = weak.lock();
    if (lane == nullptr) return;
    MutexLock lock(lane->mu_);
    lane->waits_for_room_ = false;
    lane->Announce();
  });
  MutexLock lock(mu_);
  if (has_room) waits_for_room_ = false;
  return has_room;
}

bool IngestLane::Idle() const {
  MutexLock lock(mu_);
  return open_articles_ == 0;
}

}  // namespace tocsin
