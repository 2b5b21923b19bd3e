// A store, a feed and a sequencer in a new directory, and articles put together
// by hand for them.
#ifndef TOCSIN_TESTS_UNIT_PIPELINE_NEWSROOM_H_
#define TOCSIN_TESTS_UNIT_PIPELINE_NEWSROOM_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pipeline/alert_feed.h"
#include "pipeline/command.h"
#include "pipeline/sequencer.h"
#include "rules/rule_set.h"
#include "storage/snapshot.h"
#include "storage/store.h"

namespace tocsin {

// A directory that is gone with the object.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(absl::string_view name) const;

 private:
  std::string path_;
};

// 2026-11-01 noon plus so many hours.
absl::Time Hour(double hours);

// An article whose body is the mentions and texts added to it, in that order,
// and its analysis. The body is one sentence.
class ArticleBuilder {
 public:
  // The body begins with `lead`, by default the id: else articles that mention
  // the same would be copies of each other.
  explicit ArticleBuilder(std::string id, absl::string_view lead = "");

  ArticleBuilder& Source(std::string source);
  // Published and received then.
  ArticleBuilder& At(absl::Time time);
  ArticleBuilder& PublishedAt(absl::Time time);
  ArticleBuilder& ReceivedAt(absl::Time time);
  ArticleBuilder& UpdatedAt(absl::Time time);
  ArticleBuilder& EmbargoUntil(absl::Time time);
  ArticleBuilder& Language(std::string language);
  ArticleBuilder& Headline(std::string headline);
  ArticleBuilder& Silent();

  ArticleBuilder& Text(absl::string_view text);
  // Mentions an entity; the surface defaults to the key.
  ArticleBuilder& Names(std::string key, absl::string_view surface = "",
                        EntityType type = EntityType::kOrganization);
  // Mentions an amount, anchored to the entity mentioned last, and linked to
  // all that are mentioned in the article by then. `value` may be `low-high`,
  // and may begin with `~` (approximately) or `?` (vague).
  ArticleBuilder& Sum(absl::string_view value, std::string unit = "USD");
  ArticleBuilder& Percent(absl::string_view value);
  ArticleBuilder& Count(absl::string_view value, std::string unit,
                        bool unit_known);
  // Only linked to these, the first of which is the anchor.
  ArticleBuilder& LinkedTo(std::vector<std::string> keys);

  ArticleCommand Build() const;

 private:
  ArticleBuilder& AddAmount(AmountKind kind, absl::string_view value,
                            std::string unit, bool unit_known);
  int EntityIndex(const std::string& key) const;
  Span Append(absl::string_view text);

  ArticleCommand command_;
};

// A rule of that name and filter.
Rule RuleOf(std::string name, std::string filter);
std::shared_ptr<const RuleSet> RuleSetOf(std::vector<Rule> rules);

class Newsroom {
 public:
  struct Options {
    Sequencer::Options sequencer;
    AlertFeed::Options feed;
    std::vector<Rule> rules;
  };

  Newsroom() : Newsroom(Options()) {}
  explicit Newsroom(Options options);
  ~Newsroom();

  // Stops, closes the store, and opens it again.
  void Reopen();

  // Waits until the command is durable.
  CommandResult Apply(Command command);
  CommandResult Ingest(const ArticleBuilder& article) {
    return Apply(article.Build());
  }
  CommandResult Tick(absl::Time time) { return Apply(TickCommand{time}); }

  // `rule: subject` of each alert after `after`, such as `new: openai` and
  // `sum: 500000000000 USD @openai`.
  std::vector<std::string> Rung(uint64_t after = 0);
  // Those since the last call.
  std::vector<std::string> NewlyRung();
  std::vector<AlertRecord> Alerts(uint64_t after = 0);

  // Every row of the store but the epoch, as `family key = value`, escaped.
  std::vector<std::string> Dump();

  Store& store() { return *store_; }
  Snapshot snapshot() { return store_->GetSnapshot(); }
  AlertFeed& feed() { return *feed_; }
  Sequencer& sequencer() { return *sequencer_; }

 private:
  void Open();

  TempDirectory directory_;
  const Options options_;
  std::shared_ptr<const RuleSet> rules_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<AlertFeed> feed_;
  std::unique_ptr<Sequencer> sequencer_;
  uint64_t seen_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_UNIT_PIPELINE_NEWSROOM_H_
