#include "newsroom.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

// Stops the test: nothing works without it.
template <typename T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) {
    ADD_FAILURE() << value.status();
    std::abort();
  }
  return *std::move(value);
}

Decimal DecimalOf(absl::string_view text) {
  return Decimal{std::string(text), std::stod(std::string(text))};
}

// Any text, the same for the same words.
uint64_t HashOf(absl::string_view text) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  return hash;
}

}  // namespace

TempDirectory::TempDirectory() {
  // In memory where that is possible: RocksDB syncs a lot when it opens.
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const std::filesystem::path parent =
      std::filesystem::is_directory(memory, error)
          ? memory
          : std::filesystem::temp_directory_path();
  std::string path = (parent / "tocsin-test-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) std::abort();
  path_ = path;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDirectory::operator/(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

absl::Time Hour(double hours) {
  return absl::FromUnixSeconds(1793534400) + absl::Hours(hours);
}

ArticleBuilder::ArticleBuilder(std::string id, absl::string_view lead) {
  Append(lead.empty() ? absl::string_view(id) : lead);
  command_.article.id = std::move(id);
  command_.article.source = "ew";
  command_.analysis.language = "en";
  At(Hour(0));
}

ArticleBuilder& ArticleBuilder::Source(std::string source) {
  command_.article.source = std::move(source);
  return *this;
}
ArticleBuilder& ArticleBuilder::At(absl::Time time) {
  return PublishedAt(time).ReceivedAt(time);
}
ArticleBuilder& ArticleBuilder::PublishedAt(absl::Time time) {
  command_.article.published_at = time;
  return *this;
}
ArticleBuilder& ArticleBuilder::ReceivedAt(absl::Time time) {
  command_.received_at = time;
  return *this;
}
ArticleBuilder& ArticleBuilder::UpdatedAt(absl::Time time) {
  command_.article.updated_at = time;
  return *this;
}
ArticleBuilder& ArticleBuilder::EmbargoUntil(absl::Time time) {
  command_.article.embargo_until = time;
  return *this;
}
ArticleBuilder& ArticleBuilder::Language(std::string language) {
  command_.analysis.language = std::move(language);
  return *this;
}
ArticleBuilder& ArticleBuilder::Headline(std::string headline) {
  command_.article.headline = std::move(headline);
  return *this;
}
ArticleBuilder& ArticleBuilder::Silent() {
  command_.suppress_alerts = true;
  return *this;
}

Span ArticleBuilder::Append(absl::string_view text) {
  std::string& body = command_.article.body;
  if (!body.empty()) body += ' ';
  Span span{Field::kBody, static_cast<uint32_t>(body.size()), 0};
  body.append(text.data(), text.size());
  span.end = static_cast<uint32_t>(body.size());
  command_.analysis.words.push_back(HashOf(text));
  ++command_.analysis.word_count;
  return span;
}

ArticleBuilder& ArticleBuilder::Text(absl::string_view text) {
  Append(text);
  return *this;
}

int ArticleBuilder::EntityIndex(const std::string& key) const {
  const std::vector<Entity>& entities = command_.analysis.entities;
  for (size_t i = 0; i < entities.size(); ++i) {
    if (entities[i].key == key) return static_cast<int>(i);
  }
  return -1;
}

ArticleBuilder& ArticleBuilder::Names(std::string key,
                                      absl::string_view surface,
                                      EntityType type) {
  int index = EntityIndex(key);
  if (index < 0) {
    index = static_cast<int>(command_.analysis.entities.size());
    Entity entity;
    entity.key = key;
    entity.display_name = surface.empty() ? key : std::string(surface);
    entity.type = type;
    command_.analysis.entities.push_back(std::move(entity));
  }
  ++command_.analysis.entities[index].mention_count;
  Mention mention;
  mention.surface = surface.empty() ? key : std::string(surface);
  mention.span = Append(mention.surface);
  mention.entity = index;
  command_.analysis.mentions.push_back(std::move(mention));
  return *this;
}

ArticleBuilder& ArticleBuilder::AddAmount(AmountKind kind,
                                          absl::string_view value,
                                          std::string unit, bool unit_known) {
  Amount amount;
  amount.kind = kind;
  amount.unit = std::move(unit);
  amount.unit_known = unit_known;
  Mention mention;
  mention.surface = absl::StrCat(value, " ", amount.unit);
  mention.span = Append(mention.surface);
  mention.amount = static_cast<int>(command_.analysis.amounts.size());
  if (value[0] == '~') {
    amount.approximate = true;
    value.remove_prefix(1);
  } else if (value[0] == '?') {
    amount.vague = true;
    value.remove_prefix(1);
  }
  const size_t dash = value.find('-', 1);
  amount.low = DecimalOf(value.substr(0, dash));
  amount.high = dash == absl::string_view::npos
                    ? amount.low
                    : DecimalOf(value.substr(dash + 1));
  for (const Mention& earlier : command_.analysis.mentions) {
    if (earlier.entity >= 0) amount.anchor = earlier.entity;
  }
  for (size_t i = 0; i < command_.analysis.entities.size(); ++i) {
    amount.linked.push_back(static_cast<int>(i));
  }
  command_.analysis.mentions.push_back(std::move(mention));
  command_.analysis.amounts.push_back(std::move(amount));
  return *this;
}

ArticleBuilder& ArticleBuilder::Sum(absl::string_view value, std::string unit) {
  return AddAmount(AmountKind::kMoney, value, std::move(unit), true);
}
ArticleBuilder& ArticleBuilder::Percent(absl::string_view value) {
  return AddAmount(AmountKind::kPercent, value, "%", true);
}
ArticleBuilder& ArticleBuilder::Count(absl::string_view value, std::string unit,
                                      bool unit_known) {
  return AddAmount(AmountKind::kCount, value, std::move(unit), unit_known);
}

ArticleBuilder& ArticleBuilder::LinkedTo(std::vector<std::string> keys) {
  Amount& amount = command_.analysis.amounts.back();
  amount.anchor = keys.empty() ? -1 : EntityIndex(keys[0]);
  amount.linked.clear();
  for (const std::string& key : keys) {
    amount.linked.push_back(EntityIndex(key));
  }
  std::sort(amount.linked.begin(), amount.linked.end());
  return *this;
}

ArticleCommand ArticleBuilder::Build() const {
  ArticleCommand command = command_;
  for (Mention& mention : command.analysis.mentions) {
    mention.sentence_end = static_cast<uint32_t>(command.article.body.size());
  }
  return command;
}

Rule RuleOf(std::string name, std::string filter) {
  Rule rule;
  rule.name = std::move(name);
  rule.filter = std::move(filter);
  rule.rule_set = "default";
  return rule;
}

std::shared_ptr<const RuleSet> RuleSetOf(std::vector<Rule> rules) {
  return Must(RuleSet::Create(std::move(rules)));
}

Newsroom::Newsroom(Options options)
    : options_(std::move(options)), rules_(RuleSetOf(options_.rules)) {
  Open();
}

Newsroom::~Newsroom() = default;

void Newsroom::Open() {
  StoreOptions store;
  store.directory = directory_ / "data";
  store.new_epoch = "test";
  store.reserve_bytes = 0;
  store_ = Must(Store::Open(store));
  feed_ = Must(AlertFeed::Create(
      options_.feed, *store_,
      [](const AlertRecord& alert) { return alert.SerializeAsString(); }));
  sequencer_ =
      Must(Sequencer::Create(options_.sequencer, *store_, *feed_, rules_));
}

void Newsroom::Reopen() {
  sequencer_.reset();
  feed_.reset();
  store_.reset();
  Open();
}

CommandResult Newsroom::Apply(Command command) {
  if (const auto* set = std::get_if<RuleSetCommand>(&command)) {
    rules_ = set->compiled;
  }
  std::promise<CommandResult> done;
  sequencer_->Submit(std::move(command), [&](CommandResult result) {
    done.set_value(std::move(result));
  });
  return done.get_future().get();
}

std::vector<AlertRecord> Newsroom::Alerts(uint64_t after) {
  return Must(snapshot().ReadAlerts(after, 1'000'000));
}

std::vector<std::string> Newsroom::Rung(uint64_t after) {
  std::vector<std::string> rung;
  for (const AlertRecord& alert : Alerts(after)) {
    std::string subject;
    if (alert.mention().has_entity()) {
      subject = alert.mention().entity().key();
    } else if (alert.mention().has_amount()) {
      const AmountRecord& amount = alert.mention().amount();
      subject =
          absl::StrCat(amount.low(), amount.high() == amount.low() ? "" : "-",
                       amount.high() == amount.low() ? "" : amount.high(), " ",
                       amount.unit(), " @", amount.anchor_key());
    } else {
      subject = absl::StrCat("article ", alert.article_id());
    }
    rung.push_back(absl::StrCat(alert.rule(), ": ", subject));
  }
  return rung;
}

std::vector<std::string> Newsroom::NewlyRung() {
  std::vector<std::string> rung = Rung(seen_);
  seen_ += rung.size();
  return rung;
}

std::vector<std::string> Newsroom::Dump() {
  std::vector<std::string> rows;
  for (size_t i = 0; i < kFamilyNames.size(); ++i) {
    EXPECT_TRUE(store_
                    ->Scan(static_cast<Family>(i), "", "", /*reverse=*/false,
                           [&](absl::string_view key, absl::string_view value) {
                             rows.push_back(absl::StrCat(
                                 kFamilyNames[i], " ", absl::CHexEscape(key),
                                 " = ", absl::CHexEscape(value)));
                             return true;
                           })
                    .ok());
  }
  return rows;
}

}  // namespace tocsin
