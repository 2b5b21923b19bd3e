#include "pipeline/explain_article.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "filter/article_words.h"
#include "pipeline/scans.h"
#include "rules/quiet.h"
#include "storage/read_records.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

constexpr size_t kAlertsAtOnce = 1000;

bool IsOf(const AlertRecord& alert, const Rule& rule, const Mention* mention) {
  if (alert.rule() != rule.name || alert.has_mention() != (mention != nullptr))
    return false;
  return mention == nullptr ||
         (alert.mention().field() ==
              static_cast<uint32_t>(mention->span.field) &&
          alert.mention().begin() == mention->span.begin &&
          alert.mention().end() == mention->span.end &&
          alert.mention().has_amount() == (mention->amount >= 0));
}

class Explainer {
 public:
  Explainer(const Snapshot& snapshot, const RuleSet& rules,
            ExplainedArticle& out)
      : snapshot_(snapshot),
        rules_(rules),
        out_(out),
        facts_(FactsOf(out.article.record, out.judgement.analysis)),
        words_(out.judgement.analysis.words),
        scans_(snapshot) {
    const ArticleRecord& record = out.article.record;
    scans_.SetCommit(record.admitted_after() != 0 ? record.admitted_after() + 1
                                                  : record.commit());
  }

  // The alerts of the article: all have the time at which it was admitted.
  absl::Status ReadAlerts() {
    const absl::Time time = out_.judgement.admitted_at();
    TOCSIN_ASSIGN_OR_RETURN(uint64_t next, snapshot_.FirstAlertAt(time));
    while (true) {
      TOCSIN_ASSIGN_OR_RETURN(std::vector<AlertRecord> some,
                              snapshot_.ReadAlerts(next - 1, kAlertsAtOnce));
      for (AlertRecord& alert : some) {
        if (alert.create_time() > ToMicros(time)) return absl::OkStatus();
        next = alert.sequence() + 1;
        if (alert.commit() == out_.article.record.commit()) {
          alerts_.push_back(std::move(alert));
        }
      }
      if (some.size() < kAlertsAtOnce) return absl::OkStatus();
    }
  }

  absl::Status ExplainOne(const Rule& rule) {
    TOCSIN_ASSIGN_OR_RETURN(ExplainedRule explained, Explain(rule));
    out_.rules.push_back(std::move(explained));
    return absl::OkStatus();
  }

  absl::Status ExplainSome(size_t max_rules) {
    std::set<absl::string_view> first;
    for (const RuleMatch& match :
         rules_.Match(facts_, out_.judgement.sightings, &scans_.scans())) {
      first.insert(match.rule->name);
    }
    for (const AlertRecord& alert : alerts_) first.insert(alert.rule());
    std::vector<const Rule*> chosen;
    for (const bool matching : {true, false}) {
      for (const RulePtr& rule : rules_.rules()) {
        if (chosen.size() == max_rules) break;
        if (first.contains(rule->name) == matching) {
          chosen.push_back(rule.get());
        }
      }
    }
    out_.other_rules = rules_.rules().size() - chosen.size();
    for (const Rule* rule : chosen) {
      TOCSIN_ASSIGN_OR_RETURN(ExplainedRule explained, Explain(*rule));
      KeepTheClosest(explained.subjects);
      out_.rules.push_back(std::move(explained));
    }
    return absl::OkStatus();
  }

  // A scan that failed shows only now.
  const absl::Status& status() const { return scans_.status(); }

 private:
  // Those that match or rang; if there are none, the one that comes closest.
  static void KeepTheClosest(std::vector<ExplainedSubject>& subjects) {
    const auto matches = [](const ExplainedSubject& subject) {
      return subject.outcome != RingOutcome::kNoMatch;
    };
    if (std::any_of(subjects.begin(), subjects.end(), matches)) {
      subjects.erase(std::remove_if(subjects.begin(), subjects.end(),
                                    [&](const auto& subject) {
                                      return !matches(subject);
                                    }),
                     subjects.end());
    } else if (!subjects.empty()) {
      const auto closest = std::max_element(
          subjects.begin(), subjects.end(), [](const auto& a, const auto& b) {
            return a.explanation.closeness < b.explanation.closeness;
          });
      subjects = {*closest};
    }
  }

  absl::StatusOr<ExplainedRule> Explain(const Rule& rule) {
    TOCSIN_ASSIGN_OR_RETURN(const RuleExplainer explainer,
                            RuleExplainer::Create(rule));
    ExplainedRule explained;
    explained.rule = &rule;
    const auto add = [&](int sighting) -> absl::Status {
      ExplainedSubject& subject = explained.subjects.emplace_back();
      subject.sighting = sighting;
      subject.explanation = explainer.Explain(
          facts_, words_, out_.judgement.sightings, sighting, &scans_.scans());
      return Decide(rule, subject);
    };
    if (explainer.about() == FilterAbout::kArticle) {
      TOCSIN_RETURN_IF_ERROR(add(-1));
      return explained;
    }
    const std::vector<Sighting>& sightings = out_.judgement.sightings;
    for (size_t i = 0; i < sightings.size(); ++i) {
      const Mention& mention = MentionOf(sightings[i]);
      const bool is_amount = mention.amount >= 0;
      if (is_amount == (explainer.about() == FilterAbout::kAmount)) {
        TOCSIN_RETURN_IF_ERROR(add(static_cast<int>(i)));
      }
    }
    return explained;
  }

  const Mention& MentionOf(const Sighting& sighting) const {
    return out_.judgement.analysis
        .mentions[static_cast<size_t>(sighting.mention)];
  }

  absl::Status Decide(const Rule& rule, ExplainedSubject& subject) {
    const Mention* mention =
        subject.sighting < 0
            ? nullptr
            : &MentionOf(out_.judgement
                             .sightings[static_cast<size_t>(subject.sighting)]);
    for (const AlertRecord& alert : alerts_) {
      if (!IsOf(alert, rule, mention)) continue;
      subject.outcome = RingOutcome::kRang;
      subject.sequence = alert.sequence();
      return absl::OkStatus();
    }
    const ArticleRecord& record = out_.article.record;
    if (!subject.explanation.matches) {
      subject.outcome = RingOutcome::kNoMatch;
    } else if (record.suppress_alerts()) {
      subject.outcome = RingOutcome::kSuppressed;
    } else if (rule.disabled) {
      subject.outcome = RingOutcome::kDisabled;
    } else if (MutedAt(rule, out_.judgement.admitted_at())) {
      subject.outcome = RingOutcome::kMuted;
    } else {
      return DecideByMarks(rule, subject);
    }
    return absl::OkStatus();
  }

  // By what the rule rang for: marks tell of the latest time only.
  absl::Status DecideByMarks(const Rule& rule, ExplainedSubject& subject) {
    subject.outcome = RingOutcome::kNotThen;
    const std::string key =
        tocsin::SubjectOf(out_.judgement.view(), subject.sighting);
    const auto rang_before = [&](const std::string& ring,
                                 RingOutcome outcome) -> absl::StatusOr<bool> {
      TOCSIN_ASSIGN_OR_RETURN(const std::optional<RepeatMark> mark,
                              ReadRecord<RepeatMark>(snapshot_, Family::kMarks,
                                                     MarkKey(rule.name, ring)));
      if (!mark.has_value() || mark->sequence() >= NextSequence()) {
        return false;
      }
      subject.outcome = outcome;
      subject.sequence = mark->sequence();
      return true;
    };
    TOCSIN_ASSIGN_OR_RETURN(bool told, rang_before(key, RingOutcome::kRepeat));
    const uint64_t original = out_.article.record.near_copy_of();
    if (!told && subject.sighting < 0 && original != 0) {
      TOCSIN_ASSIGN_OR_RETURN(
          told, rang_before(ArticleSubject(original), RingOutcome::kCopy));
    }
    if (told || rule.min_sources <= 1) return absl::OkStatus();
    TOCSIN_ASSIGN_OR_RETURN(
        const std::optional<PendingRecord> pending,
        ReadRecord<PendingRecord>(snapshot_, Family::kPending,
                                  MarkKey(rule.name, key)));
    if (pending.has_value()) {
      subject.outcome = RingOutcome::kWaiting;
      subject.waiting_articles.assign(pending->articles().begin(),
                                      pending->articles().end());
    }
    return absl::OkStatus();
  }

  // Of the first alert after the article was admitted, if it rang none itself.
  uint64_t NextSequence() {
    if (next_sequence_ == 0) {
      const auto next = snapshot_.FirstAlertAt(out_.judgement.admitted_at() +
                                               absl::Microseconds(1));
      next_sequence_ = next.ok() ? *next : 1;
    }
    return next_sequence_;
  }

  const Snapshot& snapshot_;
  const RuleSet& rules_;
  ExplainedArticle& out_;
  const ArticleFacts facts_;
  const ArticleWords words_;
  PastScans scans_;
  std::vector<AlertRecord> alerts_;
  uint64_t next_sequence_ = 0;
};

// The first mention of each entity and amount that has no sighting.
std::vector<int> CoveredMentions(const StoredJudgement& judgement) {
  std::set<uint64_t> entities;
  std::set<std::string> amounts;
  const auto is_new = [&](const Mention& mention) {
    return mention.entity >= 0
               ? entities
                     .insert(judgement.keys
                                 .entities[static_cast<size_t>(mention.entity)]
                                 ->number())
                     .second
               : amounts
                     .insert(judgement.keys
                                 .amounts[static_cast<size_t>(mention.amount)]
                                 .key)
                     .second;
  };
  const std::vector<Mention>& mentions = judgement.analysis.mentions;
  for (const Sighting& sighting : judgement.sightings) {
    is_new(mentions[static_cast<size_t>(sighting.mention)]);
  }
  std::vector<int> covered;
  for (size_t i = 0; i < mentions.size(); ++i) {
    if (is_new(mentions[i])) covered.push_back(static_cast<int>(i));
  }
  return covered;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ExplainedArticle>> ExplainArticle(
    const Snapshot& snapshot, std::shared_ptr<const Analyzer> analyzer,
    const RuleSet& rules, uint64_t commit, absl::string_view rule,
    size_t max_rules) {
  auto out = std::make_unique<ExplainedArticle>();
  std::vector<ArchivedArticle> found;
  TOCSIN_RETURN_IF_ERROR(ReadArchive(snapshot, commit, commit + 1, found));
  if (found.empty()) {
    return absl::NotFoundError("that revision is no longer kept");
  }
  out->article = std::move(found[0]);
  if (out->article.record.embargoed()) {
    return absl::FailedPreconditionError(
        "the article is under embargo: until that ends it rings nothing, and "
        "nothing is known of it");
  }
  out->reader =
      std::make_unique<JudgementReader>(snapshot, std::move(analyzer));
  TOCSIN_ASSIGN_OR_RETURN(out->judgement, out->reader->Judgement(out->article));
  TOCSIN_RETURN_IF_ERROR(
      out->reader->ReadText(out->judgement, /*with_words=*/true));
  out->covered = CoveredMentions(out->judgement);

  Explainer explainer(snapshot, rules, *out);
  TOCSIN_RETURN_IF_ERROR(explainer.ReadAlerts());
  if (rule.empty()) {
    TOCSIN_RETURN_IF_ERROR(explainer.ExplainSome(max_rules));
  } else {
    const Rule* named = rules.Find(rule);
    if (named == nullptr) {
      return absl::NotFoundError(absl::StrCat("there is no rule `", rule, "`"));
    }
    TOCSIN_RETURN_IF_ERROR(explainer.ExplainOne(*named));
  }
  TOCSIN_RETURN_IF_ERROR(explainer.status());
  return out;
}

}  // namespace tocsin
