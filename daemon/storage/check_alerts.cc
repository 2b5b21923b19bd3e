// The alert log, and what rules left behind.
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "storage/check_context.h"

namespace tocsin {
namespace {

// Whether the subject of a ring is about an entity that there is.
bool IsSubject(CheckContext& context, absl::string_view subject) {
  const char kind = subject.empty() ? '\0' : subject[0];
  absl::string_view rest = subject.substr(subject.empty() ? 0 : 1);
  const std::optional<uint64_t> number = TakeNumber(rest);
  if (!number.has_value()) return false;
  if (kind == 't') return *number <= context.state.last_commit();
  if (kind == 'a' && *number == 0) return true;  // An amount without anchor.
  return (kind == 'e' || kind == 'a') &&
         context.Exists(Family::kEntities, NumberKey(*number));
}

void CheckEpochs(CheckContext& context, absl::string_view key,
                 absl::string_view value) {
  EpochHistory history;
  if (!Parse(context, Family::kMeta, key, value, history)) return;
  uint64_t last = 0;
  for (const EndedEpoch& epoch : history.ended()) {
    if (epoch.last_sequence() < last ||
        epoch.last_sequence() > context.state.last_sequence()) {
      context.Found(
          Family::kMeta, key,
          absl::StrCat("epoch ", epoch.id(), " ends at ", epoch.last_sequence(),
                       ", where it cannot end"));
    }
    last = epoch.last_sequence();
  }
}

}  // namespace

void CheckMeta(CheckContext& context, absl::string_view key,
               absl::string_view value) {
  int format = 0;
  RuleSetRecord set;
  if (ParseRuleSetKey(key).has_value()) {
    Parse(context, Family::kMeta, key, value, set);
    return;
  }
  if (key == kEpochHistoryKey) return CheckEpochs(context, key, value);
  if (key == kFormatKey &&
      (!absl::SimpleAtoi(value, &format) || format != kFormatVersion)) {
    context.Found(
        Family::kMeta, key,
        absl::StrCat("says `", value, "` instead of ", kFormatVersion));
  }
}

void CheckAlert(CheckContext& context, absl::string_view key,
                absl::string_view value) {
  AlertRecord alert;
  if (!Parse(context, Family::kAlerts, key, value, alert)) return;
  const uint64_t expected =
      std::max(context.last_sequence + 1, context.state.oldest_sequence());
  if (NumberKey(alert.sequence()) != key || alert.sequence() != expected) {
    context.Found(Family::kAlerts, key,
                  absl::StrCat("stands where ", expected, " is expected"));
  }
  context.last_sequence = alert.sequence();
  if (alert.create_time() < context.last_create_time) {
    context.Found(Family::kAlerts, key, "is older than the one before it");
  }
  context.last_create_time = alert.create_time();
  if (alert.passage_begin() > alert.passage_end() ||
      alert.passage_end() > alert.passage().size()) {
    context.Found(Family::kAlerts, key, "its mention is outside its passage");
  }
  const uint64_t entity = alert.mention().entity().number();
  for (const uint64_t number : {entity, alert.anchor().number()}) {
    if (number != 0 && !context.Exists(Family::kEntities, NumberKey(number))) {
      context.Found(
          Family::kAlerts, key,
          absl::StrCat("names entity ", number, ", which is missing"));
    }
  }
  if (!context.IsKept(alert.commit())) return;
  const auto article =
      context.Load<ArticleRecord>(Family::kArticles, NumberKey(alert.commit()));
  if (!article.has_value() || article->source() != alert.article_source() ||
      article->id() != alert.article_id() ||
      article->revision() != alert.article_revision()) {
    context.Found(Family::kAlerts, key,
                  absl::StrCat("was rung by commit ", alert.commit(),
                               ", which is another article or missing"));
  }
}

void CheckMark(CheckContext& context, absl::string_view key,
               absl::string_view value) {
  RepeatMark mark;
  if (!Parse(context, Family::kMarks, key, value, mark)) return;
  const auto parts = ParseMarkKey(key);
  if (!parts.has_value() || !IsSubject(context, parts->subject)) {
    return context.Found(Family::kMarks, key, "is about nothing that there is");
  }
  if (mark.sequence() < context.state.oldest_sequence()) return;
  const auto alert =
      context.Load<AlertRecord>(Family::kAlerts, NumberKey(mark.sequence()));
  if (!alert.has_value() || alert->rule() != parts->rule) {
    context.Found(Family::kMarks, key,
                  absl::StrCat("is left by alert ", mark.sequence(),
                               ", which is of another rule or missing"));
  }
}

void CheckPending(CheckContext& context, absl::string_view key,
                  absl::string_view value) {
  PendingRecord pending;
  if (!Parse(context, Family::kPending, key, value, pending)) return;
  const auto parts = ParseMarkKey(key);
  if (!parts.has_value() || !IsSubject(context, parts->subject) ||
      pending.articles_size() != pending.sources_size() ||
      pending.articles_size() != pending.event_times_size()) {
    context.Found(Family::kPending, key, "does not add up");
  }
}

void CheckRule(CheckContext& context, absl::string_view key,
               absl::string_view value) {
  RuleRecord rule;
  if (!Parse(context, Family::kRules, key, value, rule)) return;
  const std::optional<RuleKeyParts> parts = ParseRuleKey(key);
  if (!parts.has_value() ||
      RuleKey(rule.rule_set(), parts->generation, rule.name()) != key) {
    context.Found(Family::kRules, key, "stands under another rule's key");
  }
}

void CheckName(CheckContext& context, absl::string_view key,
               absl::string_view value) {
  NameRecord name;
  if (!Parse(context, Family::kNames, key, value, name)) return;
  if (name.id() != key) {
    context.Found(Family::kNames, key, "stands under another name's key");
  }
}

}  // namespace tocsin
