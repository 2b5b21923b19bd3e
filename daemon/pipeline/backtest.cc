#include "pipeline/backtest.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "filter/filter.h"
#include "filter/program.h"

namespace tocsin {
namespace {

// Some 5 MB.
constexpr uint64_t kReadAhead = 1024;

// Whether a filter looks at the words of the text, or an index by words does
// for it. Reading them costs more than everything else together.
bool ReadsWords(const RuleSet& rules) {
  for (const RulePtr& rule : rules.rules()) {
    const auto filter = Filter::Compile(rule->filter, FilterPlace::kRule);
    if (!filter.ok()) return true;
    for (const Condition& condition : (*filter)->program().conditions) {
      if (!condition.words.empty()) return true;
    }
  }
  return false;
}

// Tells the alerts of one article apart.
auto KeyOf(const AlertRecord& alert) {
  const MentionRecord& mention = alert.mention();
  return std::tuple(absl::string_view(alert.rule()), mention.field(),
                    mention.begin(), mention.end(), mention.has_amount());
}

}  // namespace

Backtest::Backtest(const Store& store, std::shared_ptr<const Analyzer> analyzer,
                   Options options)
    : options_(std::move(options)),
      snapshot_(store.GetSnapshot()),
      reader_(snapshot_, std::move(analyzer)),
      scans_(snapshot_) {
  scans_.SetHidden(&hidden_);
  rules_.rules = options_.rules;
  baseline_.rules = options_.baseline;
  reads_words_ = ReadsWords(*rules_.rules) ||
                 (baseline_.rules != nullptr && ReadsWords(*baseline_.rules));
}

absl::StatusOr<std::unique_ptr<Backtest>> Backtest::Create(
    const Store& store, std::shared_ptr<const Analyzer> analyzer,
    Options options) {
  std::unique_ptr<Backtest> backtest(
      new Backtest(store, std::move(analyzer), std::move(options)));
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state,
                          backtest->snapshot_.LatestCommit());
  TOCSIN_ASSIGN_OR_RETURN(
      backtest->begin_,
      FirstCommitSince(backtest->snapshot_, backtest->options_.start));
  backtest->end_ = state.last_commit() + 1;
  backtest->next_ = backtest->begin_;
  backtest->read_to_ = backtest->begin_;
  return backtest;
}

absl::StatusOr<std::vector<Backtest::Ring>> Backtest::Next(size_t articles,
                                                           size_t alerts) {
  std::vector<Ring> rings;
  for (size_t i = 0; i < articles && rings.size() < alerts && !at_end(); ++i) {
    TOCSIN_RETURN_IF_ERROR(AdmitReleased(next_, rings));
    if (next_ == end_) break;
    TOCSIN_RETURN_IF_ERROR(ReadAhead());
    if (at_ < ahead_.size() && ahead_[at_].record.commit() == next_) {
      const ArticleRecord& record = ahead_[at_].record;
      if (record.admitted_after() != 0) {
        released_.push(
            {record.admitted_after(), record.embargo_until(), record.commit()});
        hidden_.insert(record.commit());
      } else if (!record.embargoed()) {
        TOCSIN_RETURN_IF_ERROR(Admit(ahead_[at_], next_, rings));
      }
      ++at_;
    }
    ++next_;
  }
  return rings;
}

absl::Status Backtest::ReadAhead() {
  if (next_ < read_to_) return absl::OkStatus();
  at_ = 0;
  read_to_ = std::min(next_ + kReadAhead, end_);
  return ReadArchive(snapshot_, next_, read_to_, ahead_);
}

absl::Status Backtest::AdmitReleased(uint64_t before,
                                     std::vector<Ring>& rings) {
  while (!released_.empty() && released_.top().after < before) {
    const auto [after, embargo_until, commit] = released_.top();
    released_.pop();
    std::vector<ArchivedArticle> one;
    TOCSIN_RETURN_IF_ERROR(ReadArchive(snapshot_, commit, commit + 1, one));
    for (const ArchivedArticle& article : one) {
      TOCSIN_RETURN_IF_ERROR(Admit(article, after + 1, rings));
    }
    hidden_.erase(commit);
  }
  return absl::OkStatus();
}

absl::Status Backtest::Admit(const ArchivedArticle& article, uint64_t commit,
                             std::vector<Ring>& rings) {
  const ArticleRecord& record = article.record;
  const absl::Time event_time = absl::FromUnixMicros(record.event_time());
  if (record.suppress_alerts() || event_time < options_.start ||
      event_time >= options_.end) {
    return absl::OkStatus();
  }
  TOCSIN_ASSIGN_OR_RETURN(StoredJudgement judgement,
                          reader_.Judgement(article));
  scans_.SetCommit(commit);
  if (reads_words_) {
    TOCSIN_RETURN_IF_ERROR(reader_.ReadText(judgement, /*with_words=*/true));
  }
  TOCSIN_ASSIGN_OR_RETURN(std::vector<AlertRecord> alerts,
                          RingSide(rules_, judgement));
  std::vector<AlertRecord> old;
  if (baseline_.rules != nullptr) {
    TOCSIN_ASSIGN_OR_RETURN(old, RingSide(baseline_, judgement));
  }
  for (AlertRecord& alert : alerts) {
    const auto same = std::find_if(
        old.begin(), old.end(),
        [&](const AlertRecord& other) { return KeyOf(other) == KeyOf(alert); });
    Change change = Change::kAdded;
    if (same != old.end()) {
      change = Change::kUnchanged;
      old.erase(same);
    }
    rings.push_back({std::move(alert), change});
  }
  for (AlertRecord& alert : old) {
    rings.push_back({std::move(alert), Change::kRemoved});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<AlertRecord>> Backtest::RingSide(
    Side& side, StoredJudgement& judgement) {
  side.ringer.Expire(judgement.admitted_at(), side.rows);
  const std::vector<RuleMatch> matches =
      side.ringer.Matches(judgement.view(), *side.rules, scans_.scans());
  TOCSIN_RETURN_IF_ERROR(scans_.status());
  if (matches.empty()) return std::vector<AlertRecord>();
  // Few articles match: only those are read.
  if (judgement.body.empty()) {
    TOCSIN_RETURN_IF_ERROR(reader_.ReadText(judgement, /*with_words=*/false));
  }
  TOCSIN_ASSIGN_OR_RETURN(
      std::vector<AlertRecord> alerts,
      side.ringer.Ring(judgement.view(), matches, judgement.admitted_at(),
                       /*first_sequence=*/0, side.rows));
  for (AlertRecord& alert : alerts) alert.clear_sequence();
  return alerts;
}

}  // namespace tocsin
