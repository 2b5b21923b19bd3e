#include "pipeline/applier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "pipeline/alert_record.h"
#include "pipeline/scans.h"
#include "storage/analysis_record.h"
#include "storage/content_hash.h"
#include "storage/high_water.h"
#include "storage/rule_record.h"
#include "storage/schema.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

ArticleRecord ToRecord(const ArticleCommand& command, int64_t now) {
  const Article& article = command.article;
  ArticleRecord record;
  record.set_source(article.source);
  record.set_id(article.id);
  record.set_uri(article.uri);
  record.set_language(command.analysis.language);
  record.set_published_at(ToMicros(article.published_at));
  record.set_updated_at(ToMicros(article.updated_at));
  record.set_embargo_until(ToMicros(article.embargo_until));
  record.set_urgency(article.urgency);
  record.set_byline(article.byline);
  record.set_headline(article.headline);
  record.set_received_at(ToMicros(command.received_at));
  record.set_event_time(article.published_at.has_value() &&
                                *article.published_at <= command.received_at
                            ? record.published_at()
                            : record.received_at());
  record.set_content_hash(ContentHash(article.headline, article.body));
  record.set_simhash(command.analysis.simhash);
  record.set_word_count(command.analysis.word_count);
  record.set_embargoed(record.embargo_until() > now);
  record.set_suppress_alerts(command.suppress_alerts);
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Applier>> Applier::Create(
    Store& store, std::shared_ptr<const RuleSet> rules, size_t cache_bytes) {
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state,
                          store.GetSnapshot().LatestCommit());
  TOCSIN_ASSIGN_OR_RETURN(Ringer ringer, Ringer::Load(store));
  TOCSIN_ASSIGN_OR_RETURN(NearCopies near_copies, NearCopies::Load(store));
  return std::unique_ptr<Applier>(
      new Applier(store, std::move(rules), state, std::move(ringer),
                  std::move(near_copies), cache_bytes));
}

Applier::Applier(Store& store, std::shared_ptr<const RuleSet> rules,
                 const CommitRecord& state, Ringer ringer,
                 NearCopies near_copies, size_t cache_bytes)
    : rows_(store),
      knowledge_(store, state.last_entity(), cache_bytes),
      near_copies_(std::move(near_copies)),
      ringer_(std::move(ringer)),
      rules_(std::move(rules)),
      state_(state) {}

absl::StatusOr<CommandResult> Applier::Apply(const Command& command) {
  return std::visit([this](const auto& one) { return ApplyOne(one); }, command);
}

// ---- An article's path

absl::StatusOr<CommandResult> Applier::ApplyOne(const ArticleCommand& command) {
  const int64_t now = Advance(command.received_at);
  Revision revision{ToRecord(command, now), 0, command.article.body,
                    command.analysis};

  TOCSIN_ASSIGN_OR_RETURN(CommandResult result, Identify(revision));
  if (result.outcome == Outcome::kDuplicate) return result;

  if (revision.record.embargoed()) {
    Hold(revision);
  } else {
    TOCSIN_ASSIGN_OR_RETURN(result.alert_count, Admit(revision));
  }
  return result;
}

// A known revision is a duplicate and leaves `revision` as it was; any other
// gets its numbers, and the identity its new head.
absl::StatusOr<CommandResult> Applier::Identify(Revision& revision) {
  ArticleRecord& record = revision.record;
  const std::string key = HeadKey(record.source(), record.id());
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<ArticleHead> known,
                          rows_.Read<ArticleHead>(Family::kHeads, key));
  ArticleHead head = known.value_or(ArticleHead());
  for (int i = 0; i < head.content_hashes_size(); ++i) {
    if (head.content_hashes(i) == record.content_hash()) {
      return CommandResult{absl::OkStatus(), Outcome::kDuplicate, i + 1, 0};
    }
  }

  revision.commit = state_.last_commit() + 1;
  head.add_commits(revision.commit);
  head.add_content_hashes(record.content_hash());
  record.set_revision(head.commits_size());
  record.set_article_number(head.commits(0));
  const bool is_late =
      record.updated_at() != 0 && record.updated_at() < head.updated_at();
  if (!is_late) {
    head.set_current_revision(record.revision());
    head.set_updated_at(record.updated_at());
  }
  rows_.PutRecord(Family::kHeads, key, head);
  record.set_kept_bytes(
      static_cast<int64_t>(sizeof(revision.commit) + revision.body.size()));
  state_.set_article_bytes(state_.article_bytes() + record.kept_bytes());
  // Only a body under embargo is read back, at a Tick.
  if (record.embargoed()) {
    rows_.Put(Family::kBodies, NumberKey(revision.commit), revision.body);
  } else {
    rows_.Write(Family::kBodies, NumberKey(revision.commit), revision.body);
  }

  state_.set_last_commit(revision.commit);
  state_.set_chain(NextChain(state_.chain(), record));
  if (record.revision() == 1)
    state_.set_article_count(state_.article_count() + 1);
  return CommandResult{
      absl::OkStatus(),
      record.revision() == 1 ? Outcome::kStored : Outcome::kRevised,
      record.revision(), 0};
}

// Stored and acked, but not yet known: until the Tick past its embargo.
void Applier::Hold(const Revision& revision) {
  EmbargoRecord held;
  *held.mutable_analysis() = tocsin::ToRecord(revision.analysis);
  state_.set_article_bytes(state_.article_bytes() +
                           rows_.PutRecord(Family::kArticles,
                                           NumberKey(revision.commit),
                                           revision.record));
  rows_.PutRecord(Family::kEmbargoes,
                  EmbargoKey(revision.record.embargo_until(), revision.commit),
                  held);
}

// Judges what the revision mentions, rings the rules, and makes it known.
// Returns how many alerts rang.
absl::StatusOr<int> Applier::Admit(Revision& revision) {
  ArticleRecord& record = revision.record;
  const Analysis& analysis = revision.analysis;
  const uint64_t number = record.article_number();
  const std::string key = NumberKey(revision.commit);
  if (record.received_at() != state_.time()) {
    record.set_admitted_at(state_.time());
  }

  // Sightings: each distinct key that is not covered already, with what was
  // known of it.
  Coverage counted;
  if (record.revision() > 1) {
    TOCSIN_ASSIGN_OR_RETURN(counted, CoverageOfArticle(number));
  }
  Coverage silent = counted;
  NearRecord near = NearCopies::RecordOf(analysis, state_.time());
  if (const uint64_t original = near_copies_.FindOriginal(near, number);
      original != 0) {
    record.set_near_copy_of(original);
    TOCSIN_ASSIGN_OR_RETURN(const Coverage of_original,
                            CoverageOfArticle(original));
    silent.Add(of_original);
  }
  TOCSIN_ASSIGN_OR_RETURN(const ResolvedKeys keys,
                          ResolveKeys(analysis, revision.commit, knowledge_));
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<Sighting> sightings,
                          Judge(analysis, keys, silent, knowledge_));
  const JudgedArticle judged{record, revision.commit, revision.body, analysis,
                             keys,   sightings};

  // Rules, alerts.
  std::vector<AlertRecord> alerts;
  if (!record.suppress_alerts()) {
    const absl::Time now = absl::FromUnixMicros(state_.time());
    LiveScans scans(knowledge_);
    ringer_.Expire(now, rows_);
    TOCSIN_ASSIGN_OR_RETURN(
        alerts,
        ringer_.Ring(judged, ringer_.Matches(judged, *rules_, scans.scans()),
                     now, state_.last_sequence() + 1, rows_));
    TOCSIN_RETURN_IF_ERROR(scans.status());
    for (const AlertRecord& alert : alerts) {
      rows_.WriteRecord(Family::kAlerts, NumberKey(alert.sequence()), alert);
    }
  }

  // From now on it is known.
  const Knowledge::Occasion occasion{
      revision.commit, record.event_time(), record.source(),
      SourceHash(record.source()), record.language()};
  TOCSIN_RETURN_IF_ERROR(Learn(analysis, keys, counted, occasion, knowledge_));
  const std::string mentions = MentionRow(judged);
  rows_.Put(Family::kMentions, key, mentions);
  const auto mention_bytes = static_cast<int64_t>(key.size() + mentions.size());
  record.set_kept_bytes(record.kept_bytes() + mention_bytes);
  state_.set_article_bytes(state_.article_bytes() + mention_bytes +
                           rows_.WriteRecord(Family::kArticles, key, record));
  if (record.revision() > 1) {
    counted.Add(CoverageOf(keys));
    rows_.PutRecord(Family::kCoverage, NumberKey(number),
                    tocsin::ToRecord(counted));
  }
  near.set_original(record.near_copy_of() != 0 ? record.near_copy_of()
                                               : number);
  near_copies_.Add(near);
  rows_.WriteRecord(Family::kNear, key, near);

  const int rung = static_cast<int>(alerts.size());
  for (const AlertRecord& alert : alerts) {
    state_.set_alert_bytes(
        state_.alert_bytes() +
        static_cast<int64_t>(sizeof(alert.sequence()) + alert.ByteSizeLong()));
  }
  state_.set_last_sequence(state_.last_sequence() + alerts.size());
  const int64_t first = state_.first_event_time();
  state_.set_first_event_time(
      first == 0 ? record.event_time() : std::min(first, record.event_time()));
  state_.set_last_event_time(
      std::max(state_.last_event_time(), record.event_time()));
  std::move(alerts.begin(), alerts.end(), std::back_inserter(alerts_));
  return rung;
}

absl::StatusOr<Coverage> Applier::CoverageOfArticle(uint64_t article) {
  TOCSIN_ASSIGN_OR_RETURN(
      const std::optional<CoverageRecord> record,
      rows_.Read<CoverageRecord>(Family::kCoverage, NumberKey(article)));
  Coverage stored;
  if (record.has_value()) {
    stored = CoverageOf(*record);
  } else {
    // One revision only, or none that is past its embargo.
    TOCSIN_ASSIGN_OR_RETURN(
        const std::optional<MentionList> list,
        rows_.Read<MentionList>(Family::kMentions, NumberKey(article)));
    if (list.has_value()) stored = CoverageOf(*list);
  }
  // Some may have been merged since.
  Coverage coverage;
  coverage.amounts = std::move(stored.amounts);
  for (const uint64_t number : stored.entities) {
    TOCSIN_ASSIGN_OR_RETURN(const KnownEntity* entity, knowledge_.Find(number));
    coverage.entities.insert(entity->number());
  }
  return coverage;
}

// ---- Other commands

absl::StatusOr<CommandResult> Applier::ApplyOne(const TickCommand& command) {
  const int64_t now = Advance(command.time);
  ringer_.Expire(absl::FromUnixMicros(now), rows_);
  CommandResult result;
  TOCSIN_ASSIGN_OR_RETURN(result.alert_count, Release(now));
  TOCSIN_RETURN_IF_ERROR(DeleteOld(command.keep, state_, rows_));
  return result;
}

absl::StatusOr<int> Applier::Release(int64_t now) {
  struct Held {
    std::string key;
    uint64_t commit = 0;
  };
  std::vector<Held> due;
  TOCSIN_RETURN_IF_ERROR(rows_.ForEach(
      Family::kEmbargoes, "", EmbargoKey(now + 1, 0),
      [&](absl::string_view key) {
        if (const auto parts = ParseEmbargoKey(key); parts.has_value()) {
          due.push_back(Held{std::string(key), parts->commit});
        }
      }));

  int alerts = 0;
  for (const Held& held : due) {
    const std::string commit_key = NumberKey(held.commit);
    TOCSIN_ASSIGN_OR_RETURN(
        std::optional<EmbargoRecord> embargo,
        rows_.Read<EmbargoRecord>(Family::kEmbargoes, held.key));
    TOCSIN_ASSIGN_OR_RETURN(
        std::optional<ArticleRecord> record,
        rows_.Read<ArticleRecord>(Family::kArticles, commit_key));
    TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> body,
                            rows_.ReadRaw(Family::kBodies, commit_key));
    if (!embargo.has_value() || !record.has_value() || !body.has_value()) {
      return absl::DataLossError(absl::StrCat(
          "the article of commit ", held.commit, " under embargo is damaged"));
    }
    TOCSIN_ASSIGN_OR_RETURN(
        const Analysis analysis,
        FromRecord(embargo->analysis(), record->headline(), *body));
    state_.set_article_bytes(
        state_.article_bytes() -
        static_cast<int64_t>(commit_key.size() + record->ByteSizeLong()));
    record->set_embargoed(false);
    record->set_admitted_after(state_.last_commit());
    Revision revision{*std::move(record), held.commit, *body, analysis};
    rows_.Delete(Family::kEmbargoes, held.key);
    TOCSIN_ASSIGN_OR_RETURN(const int alert_count, Admit(revision));
    alerts += alert_count;
    // Retention has passed it by while it waited.
    if (held.commit < state_.oldest_commit()) {
      TOCSIN_RETURN_IF_ERROR(
          DeleteRevision(held.commit, revision.record, state_, rows_));
    }
  }
  return alerts;
}

void Applier::WriteRules(absl::string_view set, uint64_t generation,
                         const std::vector<RulePtr>& rules) {
  for (const std::shared_ptr<const Rule>& rule : rules) {
    RuleRecord record = tocsin::ToRecord(*rule);
    record.set_rule_set(set.data(), set.size());
    rows_.WriteRecord(Family::kRules, RuleKey(set, generation, rule->name),
                      record);
  }
}

absl::StatusOr<CommandResult> Applier::ApplyOne(
    const StageRulesCommand& command) {
  WriteRules(command.set, command.generation, command.rules);
  return CommandResult();
}

absl::StatusOr<CommandResult> Applier::ApplyOne(
    const DropRulesCommand& command) {
  rows_.DeleteRange(Family::kRules, RuleRange(command.set, command.generation));
  return CommandResult();
}

absl::StatusOr<CommandResult> Applier::ApplyOne(const RuleSetCommand& command) {
  const std::string key = RuleSetKey(command.set);
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<RuleSetRecord> before,
                          rows_.Read<RuleSetRecord>(Family::kMeta, key));
  RuleSetRecord record = before.value_or(RuleSetRecord());
  if (record.generation() != command.generation) {
    rows_.DeleteRange(Family::kRules,
                      RuleRange(command.set, record.generation()));
    record.set_generation(command.generation);
    rows_.PutRecord(Family::kMeta, key, record);
  }
  WriteRules(command.set, command.generation, command.rules);
  for (const std::string& name : command.deleted) {
    rows_.Delete(Family::kRules,
                 RuleKey(command.set, command.generation, name));
  }
  rules_ = command.compiled;
  return CommandResult();
}

absl::StatusOr<CommandResult> Applier::ApplyOne(const NamesCommand& command) {
  std::vector<std::string> gone;
  TOCSIN_RETURN_IF_ERROR(
      rows_.ForEach(Family::kNames, "", "",
                    [&](absl::string_view key) { gone.emplace_back(key); }));
  for (const std::string& key : gone) rows_.Delete(Family::kNames, key);
  for (const NameRecord& name : command.names) {
    rows_.PutRecord(Family::kNames, name.id(), name);
  }
  return CommandResult();
}

absl::StatusOr<CommandResult> Applier::ApplyOne(const MergeCommand& command) {
  CommandResult result;
  TOCSIN_ASSIGN_OR_RETURN(KnownEntity * into,
                          knowledge_.Find(command.into_key));
  TOCSIN_ASSIGN_OR_RETURN(KnownEntity * from,
                          knowledge_.Find(command.from_key));
  if (into == nullptr || from == nullptr) {
    result.status = absl::NotFoundError(absl::StrCat(
        "entities/", into == nullptr ? command.into_key : command.from_key,
        " was never sighted"));
  } else if (into == from) {
    result.status = absl::InvalidArgumentError(
        absl::StrCat("entities/", command.from_key, " and entities/",
                     command.into_key, " are one already"));
  } else {
    TOCSIN_RETURN_IF_ERROR(knowledge_.Merge(*into, *from));
  }
  return result;
}

// ---- The batch

int64_t Applier::Advance(absl::Time time) {
  state_.set_time(std::max(state_.time(), ToMicros(time)));
  return state_.time();
}

Applier::Sealed Applier::Seal() {
  knowledge_.Write(rows_.batch());
  state_.set_last_entity(knowledge_.last_entity());
  state_.set_sighting_bytes(state_.sighting_bytes() +
                            knowledge_.TakeSightingBytes());
  return Sealed{&rows_.Seal(), state_, std::exchange(alerts_, {})};
}

void Applier::Written() {
  rows_.Written();
  knowledge_.Written();
}

}  // namespace tocsin
