// sources() and mentions(): against a twin that remembers every article.
#include "pipeline/scans.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kMostCounted = 12;

Rule EveryTime(std::string name, std::string filter) {
  Rule rule = RuleOf(std::move(name), std::move(filter));
  rule.once_per = absl::ZeroDuration();
  return rule;
}

// Rules whose names are the counts: `s-6h-2` rings where 2 sources had it.
std::vector<Rule> CountingRules() {
  std::vector<Rule> rules;
  for (const char* window : {"6h", "48h"}) {
    for (int count = 0; count <= kMostCounted; ++count) {
      rules.push_back(
          EveryTime(absl::StrCat("m-", window, "-", count),
                    absl::StrCat("mentions(entity, ", window, ") = ", count)));
      rules.push_back(
          EveryTime(absl::StrCat("s-", window, "-", count),
                    absl::StrCat("sources(entity, ", window, ") = ", count)));
    }
  }
  return rules;
}

// Every article that mentions an entity, in order of commits.
class Twin {
 public:
  void Add(const std::string& key, absl::Time time, const std::string& source) {
    articles_[key].push_back({time, source});
  }

  std::pair<int64_t, int64_t> Count(const std::string& key, absl::Time end,
                                    absl::Duration window) {
    int64_t mentions = 0;
    std::set<std::string> sources;
    for (const auto& [time, source] : articles_[key]) {
      if (time <= end - window || time > end) continue;
      ++mentions;
      sources.insert(source);
    }
    return {mentions, sources.size()};
  }

 private:
  std::map<std::string, std::vector<std::pair<absl::Time, std::string>>>
      articles_;
};

TEST(Scans, AgreeWithATwinLiveAndFromThePast) {
  const char* const given = std::getenv("TOCSIN_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                         : std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  const auto below = [&](uint64_t n) { return random() % n; };

  Newsroom::Options options;
  options.rules = CountingRules();
  Newsroom room(options);
  Twin twin;
  std::map<std::string, std::set<std::string>> mentioned;  // By article.
  struct Asked {
    uint64_t commit;
    std::string key;
    absl::Time time;
    std::map<std::string, std::pair<int64_t, int64_t>> counts;  // By window.
  };
  std::vector<Asked> all;
  uint64_t commit = 0;
  uint64_t alerts = 0;
  for (int round = 0; round < 30; ++round) {
    // In one batch, more often than not: rows that are not in the store yet.
    std::vector<Sequencer::Submission> batch;
    std::multiset<std::string> expected;
    for (uint64_t i = 0; i < 1 + below(12); ++i) {
      const std::string id = absl::StrCat("a", below(150));
      const std::string source = absl::StrCat("s", below(5));
      const absl::Time time = Hour(static_cast<double>(below(72)));
      ++commit;
      ArticleBuilder article(absl::StrCat(id), absl::StrCat("text ", commit));
      article.Source(source).PublishedAt(time).ReceivedAt(Hour(80));
      std::set<std::string>& known = mentioned[absl::StrCat(source, "/", id)];
      std::set<std::string> keys;
      for (int j = 0; j < 3; ++j) keys.insert(absl::StrCat("e", below(8)));
      for (const std::string& key : keys) {
        article.Names(key);
        if (below(3) == 0) article.Sum(absl::StrCat(1 + below(100)));
        if (known.contains(key)) continue;
        Asked asked{commit, key, time, {}};
        for (const auto& [name, window] : {std::pair("6h", absl::Hours(6)),
                                           std::pair("48h", absl::Hours(48))}) {
          const auto counts = twin.Count(key, time, window);
          asked.counts[name] = counts;
          if (counts.first <= kMostCounted)
            expected.insert(absl::StrCat("m-", name, "-", counts.first));
          if (counts.second <= kMostCounted)
            expected.insert(absl::StrCat("s-", name, "-", counts.second));
        }
        all.push_back(std::move(asked));
      }
      for (const std::string& key : keys) {
        if (known.insert(key).second) twin.Add(key, time, source);
      }
      batch.push_back({article.Build(), [](const CommandResult& result) {
                         EXPECT_TRUE(result.status.ok()) << result.status;
                       }});
    }
    room.sequencer().SubmitAll(std::move(batch));
    room.Tick(Hour(80));
    std::multiset<std::string> rung;
    for (const AlertRecord& alert : room.Alerts(alerts)) {
      rung.insert(alert.rule());
      alerts = alert.sequence();
    }
    ASSERT_EQ(rung, expected) << "seed " << seed << ", round " << round;
    if (below(4) == 0) room.Reopen();
  }

  // The same from the past, forwards and at random.
  const Snapshot snapshot = room.snapshot();
  PastScans past(snapshot);
  const auto check = [&](const Asked& asked) {
    past.SetCommit(asked.commit);
    for (const auto& [name, window] :
         {std::pair("6h", absl::Hours(6)), std::pair("48h", absl::Hours(48))}) {
      const auto& [mentions, sources] = asked.counts.at(name);
      EXPECT_EQ(past.scans().mentions(asked.key, asked.time, window), mentions)
          << "seed " << seed << ", commit " << asked.commit;
      EXPECT_EQ(past.scans().sources(asked.key, asked.time, window), sources)
          << "seed " << seed << ", commit " << asked.commit;
    }
  };
  for (const Asked& asked : all) check(asked);
  for (int i = 0; i < 100; ++i) check(all[below(all.size())]);
  EXPECT_TRUE(past.status().ok()) << past.status();
  EXPECT_GT(all.size(), 50u);
}

TEST(Scans, LookAtNoMoreThanTheLatestEntries) {
  RecentSightings recent;
  EntitySighting row;
  constexpr int64_t kMany = 5'000;
  for (int64_t i = 1; i <= kMany; ++i) {
    row.set_event_time(i);
    row.set_source(static_cast<uint32_t>(i % 7));
    recent.Add(static_cast<uint64_t>(i), row);
  }
  const absl::Time end = absl::FromUnixMicros(kMany);
  EXPECT_EQ(recent.CountMentions(end, absl::Hours(1)), kMaxScanEntries);
  EXPECT_EQ(recent.CountSources(end, absl::Hours(1)), 7);
  // The window ends with the article and does not hold its own beginning.
  EXPECT_EQ(recent.CountMentions(end, absl::Microseconds(10)), 10);
  EXPECT_EQ(
      recent.CountMentions(end - absl::Microseconds(5), absl::Microseconds(10)),
      10);
}

TEST(Scans, AMergedEntityHasTheMentionsOfBoth) {
  Newsroom::Options options;
  options.rules = {EveryTime("two", "mentions(entity, 24h) >= 2")};
  Newsroom room(options);
  room.Ingest(ArticleBuilder("1").At(Hour(0)).Names("acme"));
  room.Ingest(ArticleBuilder("2").At(Hour(1)).Names("acme-inc"));
  // Both in one article: it counts once.
  room.Ingest(ArticleBuilder("3").At(Hour(2)).Names("acme").Names("acme-inc"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  ASSERT_TRUE(room.Apply(MergeCommand{"acme", "acme-inc"}).status.ok());
  room.Ingest(ArticleBuilder("4").At(Hour(25.5)).Names("acme-inc"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());  // 2 and 3 are out of the window...
  room.Ingest(ArticleBuilder("5").At(Hour(24.5)).Names("acme-inc"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("two: acme"));
}

TEST(Scans, AnArticleDoesNotCountItself) {
  Newsroom::Options options;
  options.rules = {EveryTime("second", "mentions(entity, 1d) = 1")};
  Newsroom room(options);
  room.Ingest(ArticleBuilder("1").Names("acme").Names("zeta"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  room.Ingest(ArticleBuilder("2").Names("acme"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("second: acme"));
}

}  // namespace
}  // namespace tocsin
