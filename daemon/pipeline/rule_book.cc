#include "pipeline/rule_book.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "rules/rule_file.h"
#include "storage/snapshot.h"
#include "text/fold.h"

namespace tocsin {
namespace {

// Whether two rules say the same; set and revision are bookkeeping.
bool SameContent(const Rule& a, const Rule& b) {
  Rule copy = b;
  copy.rule_set = a.rule_set;
  copy.revision = a.revision;
  return a == copy;
}

std::vector<Rule> RulesOf(const RuleSet& all, absl::string_view rule_set,
                          bool of_it) {
  std::vector<Rule> rules;
  for (const Rule& rule : all.rules()) {
    if ((rule.rule_set == rule_set) == of_it) rules.push_back(rule);
  }
  return rules;
}

// Gives each of `rules`, sorted by name, its set and revision, and compares.
RuleSetChanges NumberRevisions(absl::Span<const Rule> before,
                               absl::string_view rule_set,
                               std::vector<Rule>& rules) {
  RuleSetChanges changes;
  auto old = before.begin();
  for (Rule& rule : rules) {
    rule.rule_set = std::string(rule_set);
    for (; old != before.end() && old->name < rule.name; ++old)
      changes.deleted.push_back(old->name);
    if (old == before.end() || old->name != rule.name) {
      rule.revision = 1;
      changes.created.push_back(rule.name);
      continue;
    }
    const bool same = SameContent(*old, rule);
    rule.revision = old->revision + (same ? 0 : 1);
    if (same) {
      ++changes.unchanged_count;
    } else {
      changes.updated.push_back(rule.name);
    }
    ++old;
  }
  for (; old != before.end(); ++old) changes.deleted.push_back(old->name);
  return changes;
}

void SortByName(std::vector<Rule>& rules) {
  std::sort(rules.begin(), rules.end(),
            [](const Rule& a, const Rule& b) { return a.name < b.name; });
}

// All rules together, compiled; `others` are of other sets.
absl::StatusOr<std::shared_ptr<const RuleSet>> CompileTogether(
    std::vector<Rule> others, const std::vector<Rule>& rules) {
  SortByName(others);
  for (const Rule& rule : rules) {
    const auto at =
        std::lower_bound(others.begin(), others.end(), rule.name,
                         [](const Rule& other, const std::string& name) {
                           return other.name < name;
                         });
    if (at != others.end() && at->name == rule.name) {
      return absl::InvalidArgumentError(absl::StrCat(
          "rule `", rule.name, "`: the rule set `", at->rule_set,
          "` has a rule of this name; names are unique over all sets"));
    }
  }
  others.insert(others.end(), rules.begin(), rules.end());
  return RuleSet::Create(std::move(others));
}

absl::StatusOr<std::vector<Rule>> ReadFileSet(const std::string& path) {
  if (path.empty()) return std::vector<Rule>();
  return ReadRules(path);
}

}  // namespace

std::string RuleEtag(const Rule& rule) {
  std::string text;
  const auto add = [&](const auto& value) {
    absl::StrAppend(&text, value, absl::string_view("\0", 1));
  };
  const auto add_duration = [&](absl::Duration duration) {
    add(absl::FormatDuration(duration));
  };
  add(rule.rule_set);
  add(rule.name);
  add(rule.revision);
  add(rule.display_name);
  add(rule.description);
  add(rule.filter);
  add(rule.urgency);
  for (const auto& [key, value] : rule.labels) {
    add(key);
    add(value);
  }
  if (rule.once_per.has_value()) add_duration(*rule.once_per);
  add(rule.min_sources);
  add_duration(rule.min_sources_within);
  if (rule.mute_until.has_value()) add(absl::ToUnixMicros(*rule.mute_until));
  if (rule.quiet_hours.has_value()) {
    add(rule.quiet_hours->time_zone);
    add(rule.quiet_hours->start_minute);
    add(rule.quiet_hours->end_minute);
  }
  add(rule.headline_template);
  add(rule.disabled ? 1 : 0);
  return absl::StrFormat("%016x", ExactHash(text));
}

RuleBook::RuleBook(std::string rules_path,
                   std::shared_ptr<const RuleSet> compiled,
                   bool file_set_changed)
    : rules_path_(std::move(rules_path)),
      file_set_changed_(file_set_changed),
      compiled_(std::move(compiled)) {}

absl::StatusOr<std::unique_ptr<RuleBook>> RuleBook::Create(
    const Store& store, std::string rules_path) {
  TOCSIN_ASSIGN_OR_RETURN(std::vector<Rule> others,
                          store.GetSnapshot().LoadRules());
  TOCSIN_ASSIGN_OR_RETURN(std::vector<Rule> from_file, ReadFileSet(rules_path));
  const auto first_of_file = std::partition(
      others.begin(), others.end(),
      [](const Rule& rule) { return rule.rule_set != kFileRuleSet; });
  std::vector<Rule> before(std::make_move_iterator(first_of_file),
                           std::make_move_iterator(others.end()));
  others.erase(first_of_file, others.end());
  SortByName(before);
  SortByName(from_file);
  const RuleSetChanges changes =
      NumberRevisions(before, kFileRuleSet, from_file);
  TOCSIN_ASSIGN_OR_RETURN(std::shared_ptr<const RuleSet> compiled,
                          CompileTogether(std::move(others), from_file));
  return std::unique_ptr<RuleBook>(
      new RuleBook(std::move(rules_path), std::move(compiled), changes.any()));
}

std::shared_ptr<const RuleSet> RuleBook::compiled() const {
  MutexLock lock(mu_);
  return compiled_;
}

absl::Status RuleBook::Attach(Sequencer& sequencer) {
  MutexLock lock(change_mu_);
  sequencer_ = &sequencer;
  if (!file_set_changed_) return absl::OkStatus();
  TOCSIN_RETURN_IF_ERROR(Commit(kFileRuleSet, compiled()));
  file_set_changed_ = false;
  return absl::OkStatus();
}

absl::StatusOr<RuleSetChanges> RuleBook::Reload() {
  MutexLock lock(change_mu_);
  TOCSIN_ASSIGN_OR_RETURN(std::vector<Rule> rules, ReadFileSet(rules_path_));
  return Replace(kFileRuleSet, std::move(rules), /*validate_only=*/false);
}

absl::StatusOr<Rule> RuleBook::Get(absl::string_view name) const {
  const std::shared_ptr<const RuleSet> all = compiled();
  const Rule* const rule = all->Find(name);
  if (rule == nullptr)
    return absl::NotFoundError(absl::StrCat("there is no rule `", name, "`"));
  return *rule;
}

std::vector<Rule> RuleBook::List(absl::string_view after, size_t limit) const {
  const std::shared_ptr<const RuleSet> all = compiled();
  const absl::Span<const Rule> rules = all->rules();
  const auto first =
      std::upper_bound(rules.begin(), rules.end(), after,
                       [](absl::string_view name, const Rule& rule) {
                         return name < rule.name;
                       });
  return {first, first + static_cast<ptrdiff_t>(std::min<size_t>(
                             limit, static_cast<size_t>(rules.end() - first)))};
}

absl::StatusOr<Rule> RuleBook::Add(Rule rule) {
  MutexLock lock(change_mu_);
  const std::shared_ptr<const RuleSet> all = compiled();
  if (const Rule* const other = all->Find(rule.name); other != nullptr)
    return absl::AlreadyExistsError(absl::StrCat("there is a rule `", rule.name,
                                                 "` in the rule set `",
                                                 other->rule_set, "`"));
  TOCSIN_RETURN_IF_ERROR(ValidateRule(rule));
  const std::string name = rule.name;
  std::vector<Rule> rules = RulesOf(*all, kDefaultRuleSet, true);
  rules.push_back(std::move(rule));
  TOCSIN_RETURN_IF_ERROR(
      Replace(kDefaultRuleSet, std::move(rules), false).status());
  return Get(name);
}

absl::StatusOr<Rule> RuleBook::FindChangeable(absl::string_view name,
                                              absl::string_view etag) const {
  TOCSIN_ASSIGN_OR_RETURN(Rule rule, Get(name));
  if (rule.rule_set == kFileRuleSet)
    return absl::FailedPreconditionError(
        absl::StrCat("rule `", name,
                     "` comes from the files that the daemon was started with; "
                     "change it there and send SIGHUP"));
  if (!etag.empty() && etag != RuleEtag(rule))
    return absl::AbortedError(absl::StrCat(
        "rule `", name, "` was changed by somebody else: its etag is `",
        RuleEtag(rule), "`; read it again"));
  return rule;
}

absl::StatusOr<Rule> RuleBook::Update(
    absl::string_view name, absl::string_view etag,
    absl::FunctionRef<absl::Status(Rule&)> change) {
  MutexLock lock(change_mu_);
  TOCSIN_ASSIGN_OR_RETURN(const Rule before, FindChangeable(name, etag));
  Rule rule = before;
  TOCSIN_RETURN_IF_ERROR(change(rule));
  rule.name = before.name;
  TOCSIN_RETURN_IF_ERROR(ValidateRule(rule));
  std::vector<Rule> rules = RulesOf(*compiled(), before.rule_set, true);
  for (Rule& other : rules) {
    if (other.name == before.name) other = std::move(rule);
  }
  TOCSIN_RETURN_IF_ERROR(
      Replace(before.rule_set, std::move(rules), false).status());
  return Get(name);
}

absl::Status RuleBook::Delete(absl::string_view name, absl::string_view etag) {
  MutexLock lock(change_mu_);
  TOCSIN_ASSIGN_OR_RETURN(const Rule before, FindChangeable(name, etag));
  std::vector<Rule> rules = RulesOf(*compiled(), before.rule_set, true);
  rules.erase(std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) {
    return rule.name == before.name;
  }));
  return Replace(before.rule_set, std::move(rules), false).status();
}

absl::StatusOr<RuleSetChanges> RuleBook::Apply(absl::string_view rule_set,
                                               std::vector<Rule> rules,
                                               bool validate_only) {
  if (rule_set == kFileRuleSet)
    return absl::InvalidArgumentError(
        "rule_set: `file` is the set of the files that the daemon was started "
        "with; change those and send SIGHUP");
  if (!IsRuleName(rule_set))
    return absl::InvalidArgumentError(
        absl::StrCat("rule_set: `", rule_set.substr(0, 80),
                     "` is not 1 to 64 characters of a-z, 0-9 and hyphen, "
                     "beginning with a letter"));
  MutexLock lock(change_mu_);
  return Replace(rule_set, std::move(rules), validate_only);
}

absl::StatusOr<RuleSetChanges> RuleBook::Replace(absl::string_view rule_set,
                                                 std::vector<Rule> rules,
                                                 bool validate_only) {
  const std::shared_ptr<const RuleSet> all = compiled();
  SortByName(rules);
  const RuleSetChanges changes =
      NumberRevisions(RulesOf(*all, rule_set, true), rule_set, rules);
  TOCSIN_ASSIGN_OR_RETURN(
      std::shared_ptr<const RuleSet> next,
      CompileTogether(RulesOf(*all, rule_set, false), rules));
  if (changes.any() && !validate_only)
    TOCSIN_RETURN_IF_ERROR(Commit(rule_set, std::move(next)));
  return changes;
}

absl::Status RuleBook::Commit(absl::string_view rule_set,
                              std::shared_ptr<const RuleSet> compiled) {
  if (sequencer_ == nullptr)
    return absl::FailedPreconditionError("the daemon is still starting");
  std::promise<absl::Status> durable;
  RuleSetCommand command{std::string(rule_set),
                         RulesOf(*compiled, rule_set, true), compiled};
  sequencer_->Submit(std::move(command), [&](const CommandResult& result) {
    durable.set_value(result.status);
  });
  TOCSIN_RETURN_IF_ERROR(durable.get_future().get());
  // The old set is let go here, not on the sequencer's thread: taking a large
  // one apart takes a while.
  MutexLock lock(mu_);
  compiled_.swap(compiled);
  return absl::OkStatus();
}

}  // namespace tocsin
