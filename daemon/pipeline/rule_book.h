// The rule book: every rule set by name, as the store keeps them, and the one
// compiled set of all their rules that the sequencer rings.
//
// Thread-safe. A change is compiled and checked on a thread of low priority,
// and durable when the call returns; changes go one after another, and an error
// changes nothing. A small change is one command of the sequencer. A large one
// is staged in pieces under a new generation of the set, and one small command
// switches to it: so no article waits for it, and a crash in between leaves the
// old rules at work. Reads never wait for a change. A rule name is unique over
// all sets.
#ifndef TOCSIN_PIPELINE_RULE_BOOK_H_
#define TOCSIN_PIPELINE_RULE_BOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "pipeline/sequencer.h"
#include "rules/rule.h"
#include "rules/rule_set.h"
#include "storage/store.h"

namespace tocsin {

// The set of the rules from --rules; read-only over the API.
inline constexpr absl::string_view kFileRuleSet = "file";
// The set that CreateRule adds to.
inline constexpr absl::string_view kDefaultRuleSet = "default";

// Changes with every change of the rule, and only then. Stable over restarts.
std::string RuleEtag(const Rule& rule);

// What a set became, compared with what it was. Names of rules, sorted.
struct RuleSetChanges {
  std::vector<std::string> created;
  std::vector<std::string> updated;
  std::vector<std::string> deleted;
  size_t unchanged_count = 0;

  bool any() const {
    return !created.empty() || !updated.empty() || !deleted.empty();
  }
};

class RuleBook {
 public:
  // Reads the stored sets, and from `rules_path` (a file or directory, see
  // rules/rule_file.h; empty: no rules) the set `file`. An error of a file
  // names it and the line.
  static absl::StatusOr<std::unique_ptr<RuleBook>> Create(
      const Store& store, std::string rules_path);

  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;

  // The rules of all sets together.
  std::shared_ptr<const RuleSet> compiled() const;

  // Gives the book its sequencer, which was made with compiled(), and stores
  // the set `file` if it changed since the last run. Not owned; must outlive
  // every later call. Before it, every change is FAILED_PRECONDITION.
  absl::Status Attach(Sequencer& sequencer);

  // Reads the files again. On an error the old set stays at work.
  absl::StatusOr<RuleSetChanges> Reload();

  // NOT_FOUND; names are without `rules/`.
  absl::StatusOr<Rule> Get(absl::string_view name) const;
  // At most `limit` rules with a name after `after`, by name.
  std::vector<Rule> List(absl::string_view after, size_t limit) const;

  // Into the set `default`. ALREADY_EXISTS if any set has the name.
  absl::StatusOr<Rule> Add(Rule rule);
  // Applies `change` to the rule as it is and keeps what comes of it; name, set
  // and revision stay. NOT_FOUND, FAILED_PRECONDITION for a rule of the set
  // `file`, ABORTED if `etag` is not empty and not the rule's.
  absl::StatusOr<Rule> Update(absl::string_view name, absl::string_view etag,
                              absl::FunctionRef<absl::Status(Rule&)> change);
  absl::Status Delete(absl::string_view name, absl::string_view etag);

  // Replaces a whole set; with `validate_only`, only says what would change.
  // INVALID_ARGUMENT for the set `file`.
  absl::StatusOr<RuleSetChanges> Apply(absl::string_view rule_set,
                                       std::vector<Rule> rules,
                                       bool validate_only);
  // The same for rules that say already which set they are of: those are not
  // copied.
  absl::StatusOr<RuleSetChanges> ApplyShared(absl::string_view rule_set,
                                             std::vector<RulePtr> rules,
                                             bool validate_only);

 private:
  explicit RuleBook(std::string rules_path)
      : rules_path_(std::move(rules_path)) {}

  // The current rule, if it may be changed over the API.
  absl::StatusOr<Rule> FindChangeable(absl::string_view name,
                                      absl::string_view etag) const;
  // Makes `rules` the whole of `rule_set`, unless nothing changes.
  absl::StatusOr<RuleSetChanges> Replace(absl::string_view rule_set,
                                         std::vector<RulePtr> rules,
                                         bool validate_only)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mu_);
  // Stores what `changes` says of the set and makes `compiled` the rules in
  // force.
  absl::Status Commit(absl::string_view rule_set, const RuleSetChanges& changes,
                      std::shared_ptr<const RuleSet> compiled)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mu_);
  // The whole set, under the next generation.
  absl::Status Stage(absl::string_view rule_set, uint64_t generation,
                     const std::vector<RulePtr>& rules)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mu_);

  const std::string rules_path_;

  // Held over a whole change; taken before mu_.
  Mutex change_mu_;
  Sequencer* sequencer_ ABSL_GUARDED_BY(change_mu_) = nullptr;
  // Of each set: the generation in force, and the highest ever.
  std::map<std::string, uint64_t> generations_ ABSL_GUARDED_BY(change_mu_);
  std::map<std::string, uint64_t> last_generations_ ABSL_GUARDED_BY(change_mu_);
  // What Attach() is to store and to drop.
  RuleSetChanges file_changes_ ABSL_GUARDED_BY(change_mu_);
  std::vector<std::pair<std::string, uint64_t>> leftovers_
      ABSL_GUARDED_BY(change_mu_);

  mutable Mutex mu_;
  std::shared_ptr<const RuleSet> compiled_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_RULE_BOOK_H_
