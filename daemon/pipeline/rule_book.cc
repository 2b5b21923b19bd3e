#include "pipeline/rule_book.h"

#include <algorithm>
#include <deque>
#include <future>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/background.h"
#include "base/status_macros.h"
#include "rules/rule_file.h"
#include "storage/snapshot.h"
#include "text/fold.h"

namespace tocsin {
namespace {

// A change of more rules than these is staged: this many are written in a
// millisecond or so.
constexpr size_t kMaxDirectChanges = 500;
constexpr size_t kStagedRules = 250;
// Pieces on their way at once, so that the disk is not waited for in between.
constexpr int kStagesUnderWay = 4;

// Whether two rules say the same; set and revision are bookkeeping.
bool SameContent(const Rule& a, const Rule& b) {
  const auto content = [](const Rule& rule) {
    return std::tie(rule.name, rule.display_name, rule.description, rule.filter,
                    rule.urgency, rule.labels, rule.once_per, rule.min_sources,
                    rule.min_sources_within, rule.mute_until, rule.quiet_hours,
                    rule.headline_template, rule.disabled);
  };
  return content(a) == content(b);
}

std::vector<RulePtr> RulesOf(const RuleSet& all, absl::string_view rule_set,
                             bool of_it) {
  std::vector<RulePtr> rules;
  for (const RulePtr& rule : all.rules()) {
    if ((rule->rule_set == rule_set) == of_it) rules.push_back(rule);
  }
  return rules;
}

// Gives each of `rules`, sorted by name, its set and revision, and compares.
// Those that did not change are the old ones from now on.
RuleSetChanges NumberRevisions(absl::Span<const RulePtr> before,
                               absl::string_view rule_set,
                               std::vector<RulePtr>& rules) {
  RuleSetChanges changes;
  auto old = before.begin();
  for (RulePtr& rule : rules) {
    for (; old != before.end() && (*old)->name < rule->name; ++old)
      changes.deleted.push_back((*old)->name);
    const bool known = old != before.end() && (*old)->name == rule->name;
    if (known && SameContent(**old, *rule)) {
      rule = *old++;
      ++changes.unchanged_count;
      continue;
    }
    (known ? changes.updated : changes.created).push_back(rule->name);
    const int64_t revision = known ? (*old++)->revision + 1 : 1;
    if (rule->rule_set == rule_set && rule->revision == revision) continue;
    Rule numbered = *rule;
    numbered.rule_set = std::string(rule_set);
    numbered.revision = revision;
    rule = std::make_shared<const Rule>(std::move(numbered));
  }
  for (; old != before.end(); ++old) changes.deleted.push_back((*old)->name);
  return changes;
}

bool ByName(const RulePtr& a, const RulePtr& b) { return a->name < b->name; }

// Takes the rules over, with the name of their set, so that few are copied.
std::vector<RulePtr> ShareAll(std::vector<Rule> rules,
                              absl::string_view rule_set) {
  std::vector<RulePtr> shared;
  shared.reserve(rules.size());
  for (Rule& rule : rules) {
    rule.rule_set = std::string(rule_set);
    rule.revision = 1;
    shared.push_back(std::make_shared<const Rule>(std::move(rule)));
  }
  return shared;
}

// All rules together, compiled; `others` are of other sets. Both by name.
absl::StatusOr<std::shared_ptr<const RuleSet>> CompileTogether(
    const std::vector<RulePtr>& others, const std::vector<RulePtr>& rules) {
  std::vector<RulePtr> all;
  all.reserve(others.size() + rules.size());
  auto other = others.begin();
  for (const RulePtr& rule : rules) {
    while (other != others.end() && (*other)->name < rule->name)
      all.push_back(*other++);
    if (other != others.end() && (*other)->name == rule->name) {
      return absl::InvalidArgumentError(absl::StrCat(
          "rule `", rule->name, "`: the rule set `", (*other)->rule_set,
          "` has a rule of this name; names are unique over all sets"));
    }
    all.push_back(rule);
  }
  all.insert(all.end(), other, others.end());
  return RuleSet::CreateShared(std::move(all));
}

struct Replacement {
  RuleSetChanges changes;
  std::shared_ptr<const RuleSet> compiled;
};

// What comes of making `rules` the whole of `rule_set`.
absl::StatusOr<Replacement> Prepare(const RuleSet& all,
                                    absl::string_view rule_set,
                                    std::vector<RulePtr> rules) {
  std::sort(rules.begin(), rules.end(), ByName);
  Replacement replacement;
  replacement.changes =
      NumberRevisions(RulesOf(all, rule_set, true), rule_set, rules);
  TOCSIN_ASSIGN_OR_RETURN(
      replacement.compiled,
      CompileTogether(RulesOf(all, rule_set, false), rules));
  return replacement;
}

// Those of `rules`, by name, that `names` names.
std::vector<RulePtr> Named(const RuleSet& all,
                           const std::vector<std::string>& names) {
  std::vector<RulePtr> rules;
  for (const std::string& name : names) {
    rules.push_back(
        *std::lower_bound(all.rules().begin(), all.rules().end(), name,
                          [](const RulePtr& rule, const std::string& wanted) {
                            return rule->name < wanted;
                          }));
  }
  return rules;
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

absl::StatusOr<std::unique_ptr<RuleBook>> RuleBook::Create(
    const Store& store, std::string rules_path) {
  TOCSIN_ASSIGN_OR_RETURN(StoredRules stored, store.GetSnapshot().LoadRules());
  TOCSIN_ASSIGN_OR_RETURN(std::vector<Rule> file_rules,
                          ReadFileSet(rules_path));
  std::vector<RulePtr> from_file =
      ShareAll(std::move(file_rules), kFileRuleSet);
  std::vector<RulePtr>& others = stored.rules;
  const auto first_of_file = std::stable_partition(
      others.begin(), others.end(),
      [](const RulePtr& rule) { return rule->rule_set != kFileRuleSet; });
  const std::vector<RulePtr> before(first_of_file, others.end());
  others.erase(first_of_file, others.end());
  std::sort(others.begin(), others.end(), ByName);
  std::sort(from_file.begin(), from_file.end(), ByName);

  std::unique_ptr<RuleBook> book(new RuleBook(std::move(rules_path)));
  MutexLock lock(book->change_mu_);
  book->file_changes_ = NumberRevisions(before, kFileRuleSet, from_file);
  TOCSIN_ASSIGN_OR_RETURN(std::shared_ptr<const RuleSet> compiled,
                          CompileTogether(others, from_file));
  book->generations_ = stored.generations;
  book->last_generations_ = std::move(stored.generations);
  book->leftovers_ = std::move(stored.leftovers);
  for (const auto& [set, generation] : book->leftovers_) {
    uint64_t& last = book->last_generations_[set];
    last = std::max(last, generation);
  }
  MutexLock lock_compiled(book->mu_);
  book->compiled_ = std::move(compiled);
  return book;
}

std::shared_ptr<const RuleSet> RuleBook::compiled() const {
  MutexLock lock(mu_);
  return compiled_;
}

absl::Status RuleBook::Attach(Sequencer& sequencer) {
  MutexLock lock(change_mu_);
  sequencer_ = &sequencer;
  for (auto& [set, generation] : std::exchange(leftovers_, {})) {
    // Nobody waits for it: if it fails, the next start tries again.
    sequencer_->Submit(DropRulesCommand{std::move(set), generation},
                       [](const CommandResult&) {});
  }
  const RuleSetChanges changes = std::exchange(file_changes_, {});
  if (!changes.any()) return absl::OkStatus();
  return Commit(kFileRuleSet, changes, compiled());
}

absl::StatusOr<RuleSetChanges> RuleBook::Reload() {
  MutexLock lock(change_mu_);
  absl::StatusOr<std::vector<Rule>> rules;
  RunInBackground([&] { rules = ReadFileSet(rules_path_); });
  TOCSIN_RETURN_IF_ERROR(rules.status());
  return Replace(kFileRuleSet, ShareAll(*std::move(rules), kFileRuleSet),
                 /*validate_only=*/false);
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
  const absl::Span<const RulePtr> rules = all->rules();
  auto next = std::upper_bound(rules.begin(), rules.end(), after,
                               [](absl::string_view name, const RulePtr& rule) {
                                 return name < rule->name;
                               });
  std::vector<Rule> page;
  for (; next != rules.end() && page.size() < limit; ++next)
    page.push_back(**next);
  return page;
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
  std::vector<RulePtr> rules = RulesOf(*all, kDefaultRuleSet, true);
  rules.push_back(std::make_shared<const Rule>(std::move(rule)));
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
  std::vector<RulePtr> rules = RulesOf(*compiled(), before.rule_set, true);
  for (RulePtr& other : rules) {
    if (other->name == before.name) other = std::make_shared<const Rule>(rule);
  }
  TOCSIN_RETURN_IF_ERROR(
      Replace(before.rule_set, std::move(rules), false).status());
  return Get(name);
}

absl::Status RuleBook::Delete(absl::string_view name, absl::string_view etag) {
  MutexLock lock(change_mu_);
  TOCSIN_ASSIGN_OR_RETURN(const Rule before, FindChangeable(name, etag));
  std::vector<RulePtr> rules = RulesOf(*compiled(), before.rule_set, true);
  rules.erase(std::find_if(
      rules.begin(), rules.end(),
      [&](const RulePtr& rule) { return rule->name == before.name; }));
  return Replace(before.rule_set, std::move(rules), false).status();
}

absl::StatusOr<RuleSetChanges> RuleBook::Apply(absl::string_view rule_set,
                                               std::vector<Rule> rules,
                                               bool validate_only) {
  return ApplyShared(rule_set, ShareAll(std::move(rules), rule_set),
                     validate_only);
}

absl::StatusOr<RuleSetChanges> RuleBook::ApplyShared(absl::string_view rule_set,
                                                     std::vector<RulePtr> rules,
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
                                                 std::vector<RulePtr> rules,
                                                 bool validate_only) {
  std::shared_ptr<const RuleSet> all = compiled();
  absl::StatusOr<Replacement> replacement;
  RunInBackground(
      [&] { replacement = Prepare(*all, rule_set, std::move(rules)); });
  TOCSIN_RETURN_IF_ERROR(replacement.status());
  if (replacement->changes.any() && !validate_only)
    TOCSIN_RETURN_IF_ERROR(Commit(rule_set, replacement->changes,
                                  std::move(replacement->compiled)));
  // Taking a large set apart takes a while too.
  RunInBackground([&] {
    all.reset();
    replacement->compiled.reset();
  });
  return std::move(replacement->changes);
}

absl::Status RuleBook::Commit(absl::string_view rule_set,
                              const RuleSetChanges& changes,
                              std::shared_ptr<const RuleSet> compiled) {
  if (sequencer_ == nullptr)
    return absl::FailedPreconditionError("the daemon is still starting");
  RuleSetCommand command;
  command.set = std::string(rule_set);
  command.compiled = compiled;
  uint64_t& generation = generations_[command.set];
  uint64_t next = generation;
  if (changes.created.size() + changes.updated.size() +
          changes.deleted.size() <=
      kMaxDirectChanges) {
    command.rules = Named(*compiled, changes.created);
    for (RulePtr& rule : Named(*compiled, changes.updated))
      command.rules.push_back(std::move(rule));
    command.deleted = changes.deleted;
  } else {
    next = ++last_generations_[command.set];
    TOCSIN_RETURN_IF_ERROR(
        Stage(rule_set, next, RulesOf(*compiled, rule_set, true)));
  }
  command.generation = next;
  std::promise<absl::Status> durable;
  sequencer_->Submit(std::move(command), [&](const CommandResult& result) {
    durable.set_value(result.status);
  });
  TOCSIN_RETURN_IF_ERROR(durable.get_future().get());
  generation = next;
  // The old set is not let go here but by Replace().
  MutexLock lock(mu_);
  compiled_.swap(compiled);
  return absl::OkStatus();
}

absl::Status RuleBook::Stage(absl::string_view rule_set, uint64_t generation,
                             const std::vector<RulePtr>& rules) {
  std::deque<std::future<absl::Status>> under_way;
  absl::Status status;
  const auto wait = [&] {
    status.Update(under_way.front().get());
    under_way.pop_front();
  };
  for (size_t begin = 0; begin < rules.size() && status.ok();
       begin += kStagedRules) {
    if (under_way.size() == kStagesUnderWay) wait();
    const auto piece = absl::MakeConstSpan(rules).subspan(begin, kStagedRules);
    auto durable = std::make_shared<std::promise<absl::Status>>();
    under_way.push_back(durable->get_future());
    sequencer_->Submit(
        StageRulesCommand{
            std::string(rule_set), generation, {piece.begin(), piece.end()}},
        [durable](const CommandResult& result) {
          durable->set_value(result.status);
        });
  }
  while (!under_way.empty()) wait();
  return status;
}

}  // namespace tocsin
