// What is new and what is not: the meaning of design.md section 5, told as
// articles in order and the alerts that they ring.
#include "pipeline/novelty.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Newsroom::Options Rules(std::vector<Rule> rules) {
  Newsroom::Options options;
  options.rules = std::move(rules);
  return options;
}

const char kNewEntity[] = "new(entity)";
const char kNewAmount[] = "new(amount)";

TEST(Novelty, AnEntityRingsOnceWhateverItsForm) {
  Newsroom room(Rules({RuleOf("new", kNewEntity)}));
  room.Ingest(ArticleBuilder("1").Names("openai", "OpenAI"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("new: openai"));
  room.Ingest(ArticleBuilder("2").Language("nl").Names("openai", "OpenAI-top"));
  room.Ingest(ArticleBuilder("3").Language("de").Names("openai").Names("xai"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("new: xai"));
}

TEST(Novelty, TheSameSumInAnotherArticleIsARepeatIfTheyShareAnEntity) {
  Newsroom room(Rules({RuleOf("sum", kNewAmount)}));
  room.Ingest(ArticleBuilder("nl")
                  .Names("stargate")
                  .Names("openai")
                  .Sum("500000000000"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("sum: 500000000000 USD @openai"));
  room.Ingest(ArticleBuilder("en").Names("openai").Sum("500000000000"));
  room.Ingest(ArticleBuilder("de")
                  .Names("softbank")
                  .Names("stargate")
                  .Sum("500000000000"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
}

TEST(Novelty, ACommonSumIsNewsForACompanyThatWasNeverNearIt) {
  Newsroom room(Rules({RuleOf("sum", kNewAmount)}));
  room.Ingest(ArticleBuilder("1").Names("acme").Sum("100000000"));
  room.Ingest(ArticleBuilder("2").Names("initech").Sum("100000000"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("sum: 100000000 USD @acme",
                                            "sum: 100000000 USD @initech"));
}

TEST(Novelty, OneSumToldThriceInAnArticleIsOneSighting) {
  Newsroom room(Rules({RuleOf("sum", kNewAmount)}));
  room.Ingest(ArticleBuilder("1")
                  .Names("openai")
                  .Sum("500000000000")
                  .Names("softbank")
                  .Sum("500000000000")
                  .Sum("~501000000000"));
  EXPECT_THAT(room.Rung(), ElementsAre("sum: 500000000000 USD @openai"));
}

struct PairCase {
  const char* name;
  ArticleBuilder first;
  ArticleBuilder second;
  bool second_is_new;
};

ArticleBuilder Acme(const char* id) { return ArticleBuilder(id).Names("acme"); }

TEST(Novelty, AmountsComparedToAnEarlierOne) {
  const PairCase cases[] = {
      {"within 2 %, exact both", Acme("1").Sum("100"), Acme("2").Sum("101"),
       true},
      {"within 2 %, the new one approximate", Acme("1").Sum("100"),
       Acme("2").Sum("~101"), false},
      {"within 2 %, the old one approximate", Acme("1").Sum("~100"),
       Acme("2").Sum("101"), false},
      {"beyond 2 %, approximate", Acme("1").Sum("~100"), Acme("2").Sum("~103"),
       true},
      {"another unit", Acme("1").Sum("100", "SEK"), Acme("2").Sum("100", "DKK"),
       true},
      {"a range and its end", Acme("1").Sum("2-3"), Acme("2").Sum("2"), true},
      {"the same range", Acme("1").Sum("2-3"), Acme("2").Sum("2-3"), false},
      {"another kind", Acme("1").Percent("5"), Acme("2").Count("5", "%", true),
       true},
      {"a count of another known thing", Acme("1").Count("40000", "job", true),
       Acme("2").Count("40000", "car", true), true},
      {"a count of an unknown thing under 1,000",
       Acme("1").Count("999", "fnorp", false),
       Acme("2").Count("999", "zork", false), true},
      {"a count of an unknown thing from 1,000 up",
       Acme("1").Count("1000", "fnorp", false),
       Acme("2").Count("1000", "zork", false), false},
      {"decimals", Acme("1").Percent("2.5"), Acme("2").Percent("2.5"), false},
      {"a negative one", Acme("1").Percent("-2.5"), Acme("2").Percent("2.5"),
       true},
      {"linked to nothing, twice", ArticleBuilder("1").Sum("7"),
       ArticleBuilder("2").Sum("7"), false},
      {"linked to nothing, then to something", ArticleBuilder("1").Sum("7"),
       Acme("2").Sum("7"), true},
      {"only the sentence's entity links them",
       Acme("1").Names("initech").Sum("7").LinkedTo({"acme"}),
       ArticleBuilder("2").Names("initech").Sum("7"), true},
  };
  for (const PairCase& test : cases) {
    SCOPED_TRACE(test.name);
    Newsroom room(Rules({RuleOf("sum", kNewAmount)}));
    EXPECT_EQ(room.Ingest(test.first).alert_count, 1);
    EXPECT_EQ(room.Ingest(test.second).alert_count, test.second_is_new ? 1 : 0);
    // And as well when it has to be read from the store again.
    Newsroom other(Rules({RuleOf("sum", kNewAmount)}));
    other.Ingest(test.first);
    other.Reopen();
    EXPECT_EQ(other.Ingest(test.second).alert_count,
              test.second_is_new ? 1 : 0);
  }
}

TEST(Novelty, AVagueSumIsNewOnlyForARuleThatNamesIt) {
  Newsroom room(Rules({RuleOf("sum", kNewAmount),
                       RuleOf("vague", "new(amount) AND amount.vague")}));
  room.Ingest(Acme("1").Sum("?100000000000-900000000000"));
  EXPECT_THAT(room.NewlyRung(),
              ElementsAre("vague: 100000000000-900000000000 USD @acme"));
  room.Ingest(Acme("2").Sum("?100000000000-900000000000"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
}

TEST(Novelty, AnAmountChangedIfTheAnchorHadAnotherOneLast) {
  Newsroom room(Rules({RuleOf("changed", "changed(amount)")}));
  room.Ingest(Acme("1").Sum("100"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());  // Nothing before it.
  room.Ingest(Acme("2").Sum("100"));
  room.Ingest(Acme("3").Sum("100", "EUR"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  room.Ingest(Acme("4").Sum("120"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("changed: 120 USD @acme"));
  const AlertRecord alert = room.Alerts().back();
  EXPECT_EQ(alert.evidence().previous().low(), "100");
  EXPECT_EQ(alert.evidence().previous().unit(), "USD");
  EXPECT_EQ(alert.evidence().anchor_article_count(), 3);
}

TEST(Novelty, WhatIsSeenAgainAfterTheWindowResurfaces) {
  Newsroom room(Rules({RuleOf("back", "new(entity, 30d)")}));
  room.Ingest(ArticleBuilder("1").At(Hour(0)).Names("acme"));
  room.Ingest(ArticleBuilder("2").At(Hour(24 * 29)).Names("acme"));
  room.Ingest(ArticleBuilder("3").At(Hour(24 * 58)).Names("acme"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("back: acme"));
  room.Ingest(ArticleBuilder("4").At(Hour(24 * 89)).Names("acme"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("back: acme"));
  const AlertRecord alert = room.Alerts().back();
  EXPECT_EQ(alert.novelty(), 2);  // RESURFACED
  EXPECT_EQ(alert.evidence().article_count(), 3);
  EXPECT_EQ(alert.evidence().last_seen_at(), absl::ToUnixMicros(Hour(24 * 58)));
}

TEST(Novelty, ALateArticleResurfacesNothing) {
  Newsroom room(Rules({RuleOf("back", "new(entity, 30d)")}));
  room.Ingest(ArticleBuilder("1").At(Hour(24 * 100)).Names("acme"));
  room.NewlyRung();
  room.Ingest(ArticleBuilder("2")
                  .PublishedAt(Hour(0))
                  .ReceivedAt(Hour(24 * 101))
                  .Names("acme"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  // And does not make the entity look older than it is.
  room.Ingest(ArticleBuilder("3").At(Hour(24 * 102)).Names("acme"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
}

TEST(Novelty, APublicationInTheFutureCountsAsReceived) {
  Newsroom room(Rules({RuleOf("new", kNewEntity)}));
  room.Ingest(ArticleBuilder("1")
                  .PublishedAt(Hour(1000))
                  .ReceivedAt(Hour(1))
                  .Names("acme"));
  EXPECT_EQ(room.Alerts()[0].event_time(), absl::ToUnixMicros(Hour(1)));
}

TEST(Novelty, ARevisionAddsOnlyWhatEarlierOnesDidNotMention) {
  Newsroom room(Rules({RuleOf("any", "entity.listed = false"),
                       RuleOf("sum", "amount.high > 0")}));
  room.Ingest(Acme("a").Sum("5"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("any: acme", "sum: 5 USD @acme"));
  const CommandResult second =
      room.Ingest(Acme("a").Names("initech").Sum("5").Sum("6"));
  EXPECT_EQ(second.outcome, Outcome::kRevised);
  EXPECT_EQ(second.revision, 2);
  EXPECT_THAT(room.NewlyRung(),
              ElementsAre("any: initech", "sum: 6 USD @initech"));
  // The third has seen the first two, even those the second had left out.
  room.Ingest(ArticleBuilder("a").Names("initech").Names("zeta"));
  room.Ingest(Acme("a").Names("zeta").Text("again"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("any: zeta"));

  const auto acme = room.snapshot().GetEntity("acme");
  ASSERT_TRUE(acme.ok());
  EXPECT_EQ((*acme)->counters.article_count(), 1) << "revisions count once";
}

TEST(Novelty, SuppressedAlertsMakeKnownAndLeaveNoMarks) {
  Newsroom room(Rules(
      {RuleOf("new", kNewEntity), RuleOf("any", "entity.listed = false")}));
  EXPECT_EQ(room.Ingest(Acme("1").Silent()).alert_count, 0);
  room.Ingest(Acme("2"));
  EXPECT_THAT(room.Rung(), ElementsAre("any: acme"));
}

}  // namespace
}  // namespace tocsin
