#include "pipeline/ringer.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Newsroom::Options With(Rule rule) {
  Newsroom::Options options;
  options.rules = {std::move(rule)};
  return options;
}

ArticleBuilder Acme(const char* id, double hour) {
  return ArticleBuilder(id).At(Hour(hour)).Names("acme");
}

TEST(Ringer, OncePerKeepsARuleSilentAboutASubject) {
  struct Case {
    std::optional<absl::Duration> once_per;
    std::vector<bool> rings;  // At hours 0, 1, 3, 100.
  };
  for (const Case& test :
       {Case{std::nullopt, {true, false, false, false}},
        Case{absl::Hours(2), {true, false, true, true}},
        Case{absl::ZeroDuration(), {true, true, true, true}},
        Case{absl::InfiniteDuration(), {true, false, false, false}}}) {
    Rule rule = RuleOf("any", "entity.listed = false");
    rule.once_per = test.once_per;
    Newsroom room(With(rule));
    const double hours[] = {0, 1, 3, 100};
    for (int i = 0; i < 4; ++i) {
      const CommandResult result =
          room.Ingest(Acme(std::to_string(i).c_str(), hours[i]));
      EXPECT_EQ(result.alert_count, test.rings[i] ? 1 : 0) << i;
      room.Reopen();
    }
  }
}

TEST(Ringer, AMarkIsOfOneSubject) {
  Newsroom room(With(RuleOf("sum", "amount.high >= 5")));
  room.Ingest(Acme("1", 0).Sum("5"));
  room.Ingest(Acme("2", 1).Sum("5"));                       // The same.
  room.Ingest(Acme("3", 2).Sum("6"));                       // Another value.
  room.Ingest(ArticleBuilder("4").Names("zeta").Sum("5"));  // Another anchor.
  EXPECT_THAT(room.Rung(), ElementsAre("sum: 5 USD @acme", "sum: 6 USD @acme",
                                       "sum: 5 USD @zeta"));
}

TEST(Ringer, ARuleAboutTheArticleRingsOnceAnArticle) {
  Newsroom room(With(RuleOf("text", "article.source = \"ew\"")));
  room.Ingest(Acme("1", 0));
  room.Ingest(Acme("1", 1).Text("again"));
  room.Ingest(Acme("2", 2));
  EXPECT_THAT(room.Rung(), ElementsAre("text: article 1", "text: article 2"));
}

TEST(Ringer, AMutedRuleLeavesNoMark) {
  Rule rule = RuleOf("any", "entity.listed = false");
  rule.mute_until = Hour(2);
  Newsroom room(With(rule));
  room.Ingest(Acme("1", 1));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  room.Ingest(Acme("2", 2));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("any: acme"));
}

TEST(Ringer, QuietHoursMarkTheAlertAndHoldNothingBack) {
  Rule rule = RuleOf("any", "entity.listed = false");
  rule.quiet_hours = QuietHours{"UTC", 12 * 60, 14 * 60};
  Newsroom room(With(rule));
  room.Ingest(Acme("1", 1));  // 13:00
  EXPECT_EQ(room.Alerts()[0].quiet_until(), absl::ToUnixMicros(Hour(2)));
}

class MinSources : public ::testing::Test {
 protected:
  static Rule TwoSources() {
    Rule rule = RuleOf("two", "new(entity)");
    rule.min_sources = 2;
    rule.min_sources_within = absl::Hours(6);
    return rule;
  }
  Newsroom room_{With(TwoSources())};
};

TEST_F(MinSources, TheSecondSourceRingsThoughTheNameIsKnownByThen) {
  room_.Ingest(Acme("1", 0).Source("a"));
  room_.Ingest(Acme("2", 1).Source("a"));
  EXPECT_THAT(room_.NewlyRung(), IsEmpty());
  room_.Reopen();
  room_.Ingest(Acme("3", 2).Source("b"));
  EXPECT_THAT(room_.NewlyRung(), ElementsAre("two: acme"));
  EXPECT_THAT(room_.Alerts()[0].confirmed_by(),
              ElementsAre("sources/a/articles/2", "sources/b/articles/3"));
  room_.Ingest(Acme("4", 3).Source("c"));
  EXPECT_THAT(room_.NewlyRung(), IsEmpty());
}

TEST_F(MinSources, ACopyOfTheFirstIsNoSecondSource) {
  room_.Ingest(ArticleBuilder("1", "wire").Source("a").Names("acme"));
  room_.Ingest(ArticleBuilder("2", "wire").Source("b").Names("acme"));
  EXPECT_THAT(room_.Rung(), IsEmpty());
}

TEST_F(MinSources, TooLateIsNoConfirmation) {
  room_.Ingest(Acme("1", 0).Source("a"));
  room_.Ingest(Acme("2", 7).Source("b"));
  EXPECT_THAT(room_.NewlyRung(), IsEmpty());
  room_.Ingest(Acme("3", 8).Source("c"));
  EXPECT_THAT(room_.NewlyRung(), ElementsAre("two: acme"));
}

TEST(MinSourcesOfAFilter, TheSecondSourceMustMatchAllButWhatWasNew) {
  Rule rule = RuleOf("two", "new(entity) AND article.language = \"en\"");
  rule.min_sources = 2;
  rule.min_sources_within = absl::Hours(6);
  Newsroom room(With(rule));
  room.Ingest(Acme("1", 0).Source("a"));
  room.Ingest(Acme("2", 1).Source("b").Language("de"));
  EXPECT_THAT(room.NewlyRung(), IsEmpty());
  room.Ingest(Acme("3", 2).Source("c"));
  EXPECT_THAT(room.NewlyRung(), ElementsAre("two: acme"));
}

TEST_F(MinSources, WhatWaitedTooLongIsSweptByATick) {
  const auto waiting = [&] {
    int count = 0;
    EXPECT_TRUE(room_.store()
                    .Scan(Family::kPending, "", "", /*reverse=*/false,
                          [&](absl::string_view, absl::string_view) {
                            ++count;
                            return true;
                          })
                    .ok());
    return count;
  };
  room_.Ingest(Acme("1", 0).Source("a"));
  room_.Ingest(ArticleBuilder("2").At(Hour(5)).Source("a").Names("zeta"));
  room_.Tick(Hour(29));  // 6 hours, and a day for what comes in late.
  EXPECT_EQ(waiting(), 2);
  room_.Reopen();
  room_.Tick(Hour(30));
  EXPECT_EQ(waiting(), 1);
  room_.Tick(Hour(35));
  EXPECT_EQ(waiting(), 0);
}

}  // namespace
}  // namespace tocsin
