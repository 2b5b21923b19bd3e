// How many articles a second the sequencer alone applies: no network, no
// analysis. Articles of 3 KB, 15 Zipf-distributed entities and 3 amounts each,
// analyzed by hand, through a window of articles under way.
//
//   sequencer_bench [ARTICLES [DIRECTORY]]
//
// Prints articles/s, keys and bytes written per article, and articles a batch.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/mutex.h"
#include "pipeline/alert_feed.h"
#include "pipeline/sequencer.h"
#include "rules/rule_set.h"
#include "storage/snapshot.h"
#include "storage/store.h"

namespace tocsin {
namespace {

constexpr int kEntities = 18'000;
constexpr int kEntitiesPerArticle = 15;
constexpr int kAmountsPerArticle = 3;
constexpr size_t kBodyBytes = 3000;
constexpr size_t kWindow = 2048;

// Draws 0 .. n - 1 by Zipf's law.
class Zipf {
 public:
  explicit Zipf(int n) : cumulative_(static_cast<size_t>(n)) {
    double sum = 0;
    for (int i = 0; i < n; ++i) cumulative_[i] = sum += 1.0 / (i + 1);
  }
  int Draw(std::mt19937_64& random) const {
    const double at =
        std::uniform_real_distribution<>(0, cumulative_.back())(random);
    return static_cast<int>(
        std::lower_bound(cumulative_.begin(), cumulative_.end(), at) -
        cumulative_.begin());
  }

 private:
  std::vector<double> cumulative_;
};

class Writer {
 public:
  ArticleCommand Make(int index) {
    ArticleCommand command;
    command.article.source = absl::StrCat("source-", random_() % 40);
    command.article.id = absl::StrCat("article-", index);
    command.article.headline = "A headline of the usual length for an article";
    command.received_at = absl::FromUnixSeconds(1'800'000'000 + index);
    Analysis& analysis = command.analysis;
    analysis.language = "en";
    std::vector<int> names;
    while (names.size() < kEntitiesPerArticle) {
      const int name = zipf_.Draw(random_);
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
    for (const int name : names) {
      Entity entity;
      entity.key = absl::StrCat("company-number-", name);
      entity.display_name = absl::StrCat("Company Number ", name);
      entity.type = EntityType::kOrganization;
      AddMention(command, entity.display_name).entity =
          static_cast<int>(analysis.entities.size());
      AddWords(command, 100);
      analysis.entities.push_back(std::move(entity));
    }
    for (int i = 0; i < kAmountsPerArticle; ++i) {
      Amount amount;
      amount.kind = AmountKind::kMoney;
      amount.unit = i == 0 ? "USD" : "EUR";
      amount.low.text = absl::StrCat(1 + random_() % 999, "00000");
      amount.low.value = std::atof(amount.low.text.c_str());
      amount.high = amount.low;
      amount.anchor = i;
      for (int link = 0; link < 7; ++link) amount.linked.push_back(link);
      AddMention(command, amount.low.text).amount = i;
      analysis.amounts.push_back(std::move(amount));
      AddWords(command, 60);
    }
    AddWords(command,
             kBodyBytes - std::min(kBodyBytes, command.article.body.size()));
    analysis.simhash = random_();
    analysis.word_count = 400;
    for (Mention& mention : analysis.mentions) {
      mention.sentence_end = std::min<uint32_t>(
          mention.span.end + 60,
          static_cast<uint32_t>(command.article.body.size()));
    }
    return command;
  }

 private:
  Mention& AddMention(ArticleCommand& command, const std::string& surface) {
    std::string& body = command.article.body;
    Mention mention;
    mention.surface = surface;
    mention.span.begin = static_cast<uint32_t>(body.size());
    mention.sentence_begin = mention.span.begin;
    body += surface;
    mention.span.end = static_cast<uint32_t>(body.size());
    body += ' ';
    command.analysis.mentions.push_back(std::move(mention));
    return command.analysis.mentions.back();
  }
  void AddWords(ArticleCommand& command, size_t bytes) {
    std::string& body = command.article.body;
    const size_t end = body.size() + bytes;
    while (body.size() < end) {
      const uint64_t word = random_() % 5000;
      for (uint64_t rest = word + 40; rest > 0; rest /= 20) {
        body += static_cast<char>('a' + rest % 20);
      }
      body += ' ';
      command.analysis.words.push_back(word + 1);
    }
  }

  const Zipf zipf_{kEntities};
  std::mt19937_64 random_{1};
};

// How many commands may be under way.
class Window {
 public:
  void Enter() {
    MutexLock lock(mu_);
    while (taken_ >= kWindow) freed_.Wait(mu_);
    ++taken_;
  }
  void Leave() {
    MutexLock lock(mu_);
    --taken_;
    freed_.NotifyOne();
  }

 private:
  Mutex mu_;
  CondVar freed_;
  size_t taken_ ABSL_GUARDED_BY(mu_) = 0;
};

// Of all threads of this process.
double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
             1e6;
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "sequencer_bench: %s\n", status.ToString().c_str());
  return 1;
}

int Run(int articles, const std::string& directory) {
  std::filesystem::create_directories(directory);
  StoreOptions store_options;
  store_options.directory = directory + "/store";
  std::filesystem::remove_all(store_options.directory);
  auto store = Store::Open(store_options);
  if (!store.ok()) return Fail(store.status());
  auto feed = AlertFeed::Create({}, **store, [](const AlertRecord& alert) {
    return alert.SerializeAsString();
  });
  if (!feed.ok()) return Fail(feed.status());
  Rule new_entity;
  new_entity.name = "new-entity";
  new_entity.filter = "new(entity)";
  Rule new_amount;
  new_amount.name = "new-amount";
  new_amount.filter = "new(amount)";
  auto rules = RuleSet::Create({new_entity, new_amount});
  if (!rules.ok()) return Fail(rules.status());
  auto sequencer = Sequencer::Create({}, **store, **feed, *rules);
  if (!sequencer.ok()) return Fail(sequencer.status());

  Writer writer;
  std::vector<ArticleCommand> commands;
  commands.reserve(articles);
  for (int i = 0; i < articles; ++i) commands.push_back(writer.Make(i));

  Window window;
  absl::Status failure;
  const double cpu_before = CpuSeconds();
  const absl::Time start = absl::Now();
  absl::Time lap = start;
  for (int i = 0; i < articles; ++i) {
    window.Enter();
    (*sequencer)->Submit(std::move(commands[i]), [&](CommandResult result) {
      if (!result.status.ok()) failure = result.status;
      window.Leave();
    });
    if ((i + 1) % std::max(1, articles / 5) == 0) {
      const absl::Time now = absl::Now();
      std::printf("  %8d articles  %8.0f /s\n", i + 1,
                  std::max(1, articles / 5) / absl::ToDoubleSeconds(now - lap));
      lap = now;
    }
  }
  (*sequencer)->Drain();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const double cpu = CpuSeconds() - cpu_before;
  if (!failure.ok()) return Fail(failure);

  const Sequencer::Stats stats = (*sequencer)->stats();
  std::printf("sequencer  %8.0f articles/s\n", articles / seconds);
  std::printf(
      "  %.0f us of processor time an article, RocksDB's own work"
      " included\n",
      cpu * 1e6 / articles);
  std::printf(
      "  %.1f keys and %.0f bytes an article, %.0f articles a batch\n",
      static_cast<double>(stats.keys_written) / articles,
      static_cast<double>(stats.bytes_written) / articles,
      static_cast<double>(stats.commands) / static_cast<double>(stats.batches));
  std::printf("  %llu alerts, %.0f bytes an article on disk\n",
              static_cast<unsigned long long>((*feed)->last_sequence()),
              static_cast<double>((*store)->DiskBytes()) / articles);
  const absl::Time before_open = absl::Now();
  sequencer->reset();
  feed->reset();
  store->reset();
  store = Store::Open(store_options);
  if (!store.ok()) return Fail(store.status());
  feed = AlertFeed::Create({}, **store,
                           [](const AlertRecord&) { return std::string(); });
  sequencer = Sequencer::Create({}, **store, **feed, *rules);
  if (!sequencer.ok()) return Fail(sequencer.status());
  std::printf("  closed and opened again in %.2f s\n",
              absl::ToDoubleSeconds(absl::Now() - before_open));
  return 0;
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  const int articles = argc > 1 ? std::atoi(argv[1]) : 20'000;
  const std::string directory =
      argc > 2 ? argv[2]
               : (std::filesystem::temp_directory_path() / "sequencer_bench")
                     .string();
  const int code = tocsin::Run(articles, directory);
  std::error_code ignored;
  std::filesystem::remove_all(directory + "/store", ignored);
  return code;
}
