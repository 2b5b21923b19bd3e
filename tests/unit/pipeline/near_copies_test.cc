#include "pipeline/near_copies.h"

#include <bit>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NearRecord RecordOf(uint64_t simhash, uint64_t original, int64_t at = 1) {
  NearRecord record;
  record.set_simhash(simhash);
  record.set_original(original);
  record.set_received_at(at);
  return record;
}

TEST(NearCopies, AgreesWithComparingAllPairs) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  NearCopies copies;
  std::vector<NearRecord> all;
  int found = 0;
  for (uint64_t article = 1; article <= 3000; ++article) {
    // Every third is an earlier one with up to 5 bits turned.
    uint64_t simhash = random();
    if (article % 3 == 0) {
      simhash = all[random() % all.size()].simhash();
      for (uint64_t bits = random() % 6; bits > 0; --bits) {
        simhash ^= uint64_t{1} << (random() % 64);
      }
    }
    NearRecord record = RecordOf(simhash, 0);
    uint64_t expected = 0;
    for (auto it = all.rbegin(); it != all.rend() && expected == 0; ++it) {
      if (std::popcount(it->simhash() ^ simhash) <= kNearBits) {
        expected = it->original();
      }
    }
    ASSERT_EQ(copies.FindOriginal(record, article), expected);
    found += expected != 0 ? 1 : 0;
    record.set_original(expected != 0 ? expected : article);
    copies.Add(record);
    all.push_back(record);
  }
  EXPECT_GT(found, 300);
}

TEST(NearCopies, ForgetsAfterSevenDaysAndBeyondItsCapacity) {
  NearCopies copies(/*capacity=*/3);
  const int64_t week = absl::ToInt64Microseconds(kNearAge);
  copies.Add(RecordOf(7, 1, 1));
  EXPECT_EQ(copies.FindOriginal(RecordOf(7, 0, 1 + week), 9), 1u);
  EXPECT_EQ(copies.FindOriginal(RecordOf(7, 0, 2 + week), 9), 0u);
  EXPECT_EQ(copies.FindOriginal(RecordOf(7, 0, 1), 1), 0u) << "itself";
  for (uint64_t i = 2; i <= 4; ++i) copies.Add(RecordOf(i << 40, i, 1));
  EXPECT_EQ(copies.FindOriginal(RecordOf(7, 0, 1), 9), 0u);
}

Newsroom::Options RingForAnything() {
  Newsroom::Options options;
  options.rules = {RuleOf("any", "entity.listed = false"),
                   RuleOf("text", "article.language = \"en\"")};
  options.rules[0].once_per = absl::ZeroDuration();
  return options;
}

TEST(NearCopies, ACopyRingsOnlyForWhatItAdds) {
  Newsroom room(RingForAnything());
  room.Ingest(ArticleBuilder("1", "wire").Names("acme"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("text: article 1", "any: acme"));
  // The same folded text under another identity.
  room.Ingest(ArticleBuilder("2", "wire").Source("zz").Names("acme"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  const auto copy = room.snapshot().GetArticle("zz", "2", 0);
  EXPECT_EQ((*copy)->record.near_copy_of(), 1u);
  // It counts all the same.
  const auto acme = room.snapshot().GetEntity("acme");
  EXPECT_EQ((*acme)->counters.article_count(), 2);
  EXPECT_THAT((*acme)->record.sources(), ElementsAre("ew", "zz"));
  // Known again after a restart.
  room.Reopen();
  room.Ingest(ArticleBuilder("3", "wire").Source("yy").Names("acme"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  // Another text is no copy.
  room.Ingest(ArticleBuilder("4").Names("acme"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("text: article 4", "any: acme"));
}

TEST(NearCopies, LongTextsMayDifferInThreeBits) {
  Newsroom room(RingForAnything());
  const auto with = [](const char* id, uint64_t simhash, const char* more) {
    ArticleCommand command =
        ArticleBuilder(id).Names("acme").Names(more).Build();
    command.analysis.simhash = simhash;
    command.analysis.word_count = 400;
    return command;
  };
  room.Apply(with("1", 0x00ff00ff00ff00ff, "acme"));
  room.NewlyRung();
  room.Apply(with("2", 0x00ff00ff00ff00f8, "zeta"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("any: zeta"));
  room.Apply(with("3", 0x00ff00ff00ff00f0, "eta"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("any: eta"))
      << "a copy of the copy";
  room.Apply(with("4", 0x00ff00ff00ff0f0f, "eta"));
  EXPECT_THAT(room.NewlyRung(),
              ElementsAre("text: article 4", "any: acme", "any: eta"));
}

}  // namespace
}  // namespace tocsin
