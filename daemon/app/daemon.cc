#include "app/daemon.h"

#include <algorithm>
#include <fstream>
#include <future>
#include <limits>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "app/clock.h"
#include "app/maintenance.h"
#include "app/ticker.h"
#include "base/background.h"
#include "base/logging.h"
#include "base/status_macros.h"
#include "base/worker_pool.h"
#include "pipeline/alert_feed.h"
#include "pipeline/name_book.h"
#include "pipeline/rule_book.h"
#include "pipeline/sequencer.h"
#include "pipeline/subscription_book.h"
#include "service/convert_alert.h"
#include "service/rule_service.h"
#include "service/server.h"
#include "storage/store.h"

namespace tocsin {
namespace {

constexpr int kQueryThreads = 2;
constexpr int kAnswerThreads = 1;

// By way of another file, so that nobody reads half a number.
absl::Status WritePortFile(const std::string& file, int port) {
  if (file.empty()) return absl::OkStatus();
  const std::string written = absl::StrCat(file, ".new");
  std::ofstream out(written);
  out << port << "\n";
  out.close();
  if (!out || std::rename(written.c_str(), file.c_str()) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("--port-file: cannot write ", file));
  }
  return absl::OkStatus();
}

}  // namespace

// Taken down from the last to the first.
struct Daemon::Parts {
  Config config;
  std::string address;
  std::unique_ptr<Store> store;
  std::unique_ptr<AlertFeed> feed;
  std::unique_ptr<RuleBook> rule_book;
  std::unique_ptr<NameBook> name_book;
  std::unique_ptr<Sequencer> sequencer;
  std::unique_ptr<WorkerPool> answer_pool;
  std::unique_ptr<WorkerPool> analysis_pool;
  std::unique_ptr<WorkerPool> query_pool;
  std::unique_ptr<SubscriptionBook> subscriptions;
  std::unique_ptr<Ticker> ticker;           // Tells the sequencer the time.
  std::unique_ptr<Ticker> deadline_ticker;  // And the subscriptions.
  std::unique_ptr<Ticker> janitor;          // Gives space back.
  std::unique_ptr<RuleService> rule_service;
  std::unique_ptr<Server> server;
};

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Daemon::~Daemon() {
  if (parts_->server != nullptr) (void)Stop();
}

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Start(const Config& config) {
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  TOCSIN_ASSIGN_OR_RETURN(parts->store, Store::Open(StoreOptionsOf(config)));
  // Reading the names takes about as long as reading the archive for the
  // sequencer; neither needs the other.
  LexiconOptions lexicon_options;
  lexicon_options.data_dir = config.lexicon;
  auto name_book =
      std::async(std::launch::async, [&store = *parts->store, lexicon_options] {
        return NameBook::Create(store, lexicon_options);
      });
  TOCSIN_ASSIGN_OR_RETURN(
      parts->feed, AlertFeed::Create(AlertFeed::Options(), *parts->store,
                                     MakeAlertEncoder(parts->store->epoch())));
  TOCSIN_ASSIGN_OR_RETURN(parts->rule_book,
                          RuleBook::Create(*parts->store, config.rules));
  Sequencer::Options sequencer_options;
  sequencer_options.cache_bytes =
      config.entity_memory_bytes == 0
          ? std::numeric_limits<size_t>::max()
          : static_cast<size_t>(config.entity_memory_bytes);
  TOCSIN_ASSIGN_OR_RETURN(
      parts->sequencer,
      Sequencer::Create(sequencer_options, *parts->store, *parts->feed,
                        parts->rule_book->compiled()));
  TOCSIN_RETURN_IF_ERROR(parts->rule_book->Attach(*parts->sequencer));

  TOCSIN_ASSIGN_OR_RETURN(parts->name_book, name_book.get());
  SubscriptionBook::Options book_options;
  book_options.compile = &MakeAlertMatcher;
  TOCSIN_ASSIGN_OR_RETURN(
      parts->subscriptions,
      SubscriptionBook::Create(book_options, *parts->store, *parts->feed));
  const int cores = std::max(1u, std::thread::hardware_concurrency());
  parts->analysis_pool = std::make_unique<WorkerPool>(
      config.threads > 0 ? config.threads : cores, kAnalysisNiceness);
  parts->answer_pool = std::make_unique<WorkerPool>(kAnswerThreads);
  parts->query_pool = std::make_unique<WorkerPool>(kQueryThreads);

  ServiceContext context;
  context.store = parts->store.get();
  context.feed = parts->feed.get();
  context.sequencer = parts->sequencer.get();
  context.names = parts->name_book.get();
  context.analysis_pool = parts->analysis_pool.get();
  context.answer_pool = parts->answer_pool.get();
  context.query_pool = parts->query_pool.get();
  context.subscriptions = parts->subscriptions.get();
  context.now = &WallClock;
  context.steady_now = &SteadyClock;
  parts->rule_service =
      std::make_unique<RuleService>(context, *parts->rule_book);
  Server::Options server_options;
  server_options.more_services = {parts->rule_service.get()};
  server_options.address = config.listen;
  server_options.version = TOCSIN_VERSION;
  server_options.start_time = absl::Now();
  server_options.backup_folder = config.backups.empty()
                                     ? absl::StrCat(config.data, "/backups")
                                     : config.backups;
  TOCSIN_ASSIGN_OR_RETURN(parts->server,
                          Server::Start(context, server_options));
  parts->ticker = std::make_unique<Ticker>(
      absl::Seconds(1), [&sequencer = *parts->sequencer, keep = config.keep] {
        // A refused tick needs no answer: the next start brings its own.
        sequencer.Submit(TickCommand{WallClock(), keep},
                         [](const CommandResult&) {});
      });
  parts->deadline_ticker = std::make_unique<Ticker>(
      absl::Milliseconds(100), [&subscriptions = *parts->subscriptions] {
        subscriptions.Tick(SteadyClock(), WallClock());
      });
  parts->janitor =
      std::make_unique<Ticker>(absl::Seconds(10), [&store = *parts->store] {
        const absl::Status freed = store.Reclaim();
        if (freed.ok()) return;
        Log(LogLevel::kWarning, "space is not given back", {{"error", freed}});
      });
  parts->address =
      absl::StrCat(config.listen.substr(0, config.listen.rfind(':')), ":",
                   parts->server->port());
  TOCSIN_RETURN_IF_ERROR(
      WritePortFile(config.port_file, parts->server->port()));
  Log(LogLevel::kInfo, "listening",
      {{"address", parts->address},
       {"data", config.data},
       {"rules", parts->rule_book->compiled()->rules().size()},
       {"rule_files", config.rules}});
  return std::unique_ptr<Daemon>(new Daemon(std::move(parts)));
}

int Daemon::port() const { return parts_->server->port(); }

const std::string& Daemon::address() const { return parts_->address; }

absl::Status Daemon::ReloadRules() {
  TOCSIN_ASSIGN_OR_RETURN(const RuleSetChanges changes,
                          parts_->rule_book->Reload());
  Log(LogLevel::kInfo, "rules reloaded",
      {{"created", changes.created.size()},
       {"updated", changes.updated.size()},
       {"deleted", changes.deleted.size()},
       {"unchanged", changes.unchanged_count}});
  return absl::OkStatus();
}

absl::Status Daemon::Stop() {
  const absl::Time deadline =
      absl::Now() + absl::Seconds(parts_->config.drain_seconds);
  parts_->store->BeginStop();
  parts_->server->StopIngest(deadline);
  parts_->ticker.reset();
  parts_->janitor.reset();
  // So that watches get the last alerts before they end.
  parts_->sequencer->Drain();
  parts_->rule_service->Drain();
  const bool in_time = parts_->server->Stop(deadline);
  parts_->server.reset();
  parts_->deadline_ticker.reset();
  parts_->rule_service.reset();
  parts_->analysis_pool.reset();
  parts_->answer_pool.reset();
  parts_->query_pool.reset();
  parts_->subscriptions.reset();
  parts_->sequencer.reset();
  parts_->rule_book.reset();
  parts_->name_book.reset();
  parts_->feed.reset();
  parts_->store.reset();
  if (in_time) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat(
      "some calls were cut off after ", parts_->config.drain_seconds, " s"));
}

}  // namespace tocsin
