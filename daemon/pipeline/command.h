// Commands: the only input of the sequencer. Plain values, so that a log of
// them, applied by any daemon, gives the same archive and the same positions.
//
// A command brings its own time; the sequencer has no clock.
#ifndef TOCSIN_PIPELINE_COMMAND_H_
#define TOCSIN_PIPELINE_COMMAND_H_

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "detect/mention.h"
#include "pipeline/retention.h"
#include "rules/rule.h"
#include "rules/rule_set.h"
#include "storage/records.h"
#include "text/article.h"

namespace tocsin {

// An article, valid (ValidateArticle), with its analysis.
struct ArticleCommand {
  Article article;
  Analysis analysis;
  absl::Time received_at;
  // What it mentions becomes known, but rings nothing.
  bool suppress_alerts = false;
};

// Rules of a set under a generation that is not in force yet. So a large set is
// stored in pieces, which hold up no article, before one small RuleSetCommand
// switches to it.
struct StageRulesCommand {
  std::string set;
  uint64_t generation = 0;
  std::vector<RulePtr> rules;
};

// Deletes the rows of a generation that is not in force.
struct DropRulesCommand {
  std::string set;
  uint64_t generation = 0;
};

// Changes one set of rules. From the next article on `compiled` decides.
struct RuleSetCommand {
  std::string set;
  // In force from now on; the rows of the one before are deleted.
  uint64_t generation = 0;
  // Rows of that generation: new ones, and names of those that go.
  std::vector<RulePtr> rules;
  std::vector<std::string> deleted;
  // The rules of all sets together, as they are after this command.
  std::shared_ptr<const RuleSet> compiled;
};

// Replaces the user's own names in the store.
struct NamesCommand {
  std::vector<NameRecord> names;
};

// Makes one entity of two: counts add, the earlier first time holds, and the
// key of `from` leads to `into` from now on. NOT_FOUND if the archive has not
// sighted one of them; INVALID_ARGUMENT if they are one already.
struct MergeCommand {
  std::string into_key;
  std::string from_key;
};

// Time has passed: articles whose embargo ended at or before `time` enter.
// What is older, or more, than the limits say is deleted, a little at a time.
struct TickCommand {
  absl::Time time;
  RetentionLimits keep = {};
};

using Command =
    std::variant<ArticleCommand, StageRulesCommand, DropRulesCommand,
                 RuleSetCommand, NamesCommand, MergeCommand, TickCommand>;

enum class Outcome : uint8_t {
  kNone,       // Not an article.
  kStored,     // A new article.
  kRevised,    // A new revision of a known one.
  kDuplicate,  // A revision has this very content; nothing was changed.
};

struct CommandResult {
  absl::Status status;
  Outcome outcome = Outcome::kNone;
  int revision = 0;     // Of a duplicate: the one that has the content.
  int alert_count = 0;  // Rung by this article; by all of them, for a Tick.
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_COMMAND_H_
