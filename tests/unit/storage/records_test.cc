// Values to records and back.
#include "gtest/gtest.h"
#include "storage/analysis_record.h"
#include "storage/rule_record.h"

namespace tocsin {
namespace {

TEST(RuleRecord, ComesBackAsItWas) {
  Rule rule;
  rule.name = "big-money";
  rule.display_name = "Big money";
  rule.description = "d";
  rule.filter = "new(amount)";
  rule.urgency = 2;
  rule.labels = {{"desk", "tech"}, {"a", ""}};
  rule.min_sources = 2;
  rule.min_sources_within = absl::Hours(6);
  rule.mute_until = absl::FromUnixSeconds(1'800'000'000);
  rule.quiet_hours = QuietHours{"Europe/Stockholm", 1320, 360};
  rule.headline_template = "{entity}";
  rule.disabled = true;
  rule.rule_set = "mine";
  rule.revision = 7;
  for (const std::optional<absl::Duration>& once_per :
       {std::optional<absl::Duration>(),
        std::optional(absl::InfiniteDuration()),
        std::optional(absl::ZeroDuration()), std::optional(absl::Hours(3))}) {
    rule.once_per = once_per;
    EXPECT_EQ(FromRecord(ToRecord(rule)), rule);
  }
}

Analysis Example() {
  Analysis analysis;
  analysis.language = "nl";
  analysis.entities = {
      {"openai", "OpenAI", EntityType::kOrganization, true, 2}};
  Amount amount;
  amount.kind = AmountKind::kMoney;
  amount.unit = "USD";
  amount.low = {"5.5", 5.5};
  amount.high = {"6", 6};
  amount.approximate = true;
  amount.bound = AmountBound::kAtMost;
  amount.anchor = 0;
  amount.linked = {0};
  analysis.amounts = {amount};
  analysis.mentions = {
      {{Field::kHeadline, 0, 6}, "OpenAI", 0, -1, 0, 6},
      {{Field::kBody, 4, 8}, "$6 m", -1, 0, 2, 10},
  };
  analysis.words = {1, 2, 0, UINT64_MAX};
  analysis.simhash = 77;
  analysis.word_count = 3;
  return analysis;
}

const char kHeadline[] = "OpenAI";
const char kBody[] = "ab, $6 m ....";

TEST(AnalysisRecord, ComesBackAsItWas) {
  const Analysis analysis = Example();
  const auto back = FromRecord(ToRecord(analysis), kHeadline, kBody);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->language, analysis.language);
  ASSERT_EQ(back->entities.size(), 1u);
  EXPECT_EQ(back->entities[0].key, "openai");
  EXPECT_EQ(back->entities[0].mention_count, 2);
  ASSERT_EQ(back->amounts.size(), 1u);
  EXPECT_EQ(back->amounts[0].low.value, 5.5);
  EXPECT_EQ(back->amounts[0].linked, analysis.amounts[0].linked);
  EXPECT_EQ(back->amounts[0].bound, AmountBound::kAtMost);
  ASSERT_EQ(back->mentions.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(back->mentions[i].span, analysis.mentions[i].span);
    EXPECT_EQ(back->mentions[i].surface, analysis.mentions[i].surface);
    EXPECT_EQ(back->mentions[i].entity, analysis.mentions[i].entity);
    EXPECT_EQ(back->mentions[i].amount, analysis.mentions[i].amount);
    EXPECT_EQ(back->mentions[i].sentence_begin,
              analysis.mentions[i].sentence_begin);
    EXPECT_EQ(back->mentions[i].sentence_end,
              analysis.mentions[i].sentence_end);
  }
  EXPECT_EQ(back->words, analysis.words);
  EXPECT_EQ(back->simhash, analysis.simhash);
}

TEST(AnalysisRecord, ADamagedOneIsRefused) {
  const AnalysisRecord good = ToRecord(Example());
  for (int i = 0; i < good.mentions_size(); ++i) {
    AnalysisRecord bad = good;
    bad.set_mentions(i, 4'000'000'000u);
    EXPECT_EQ(FromRecord(bad, kHeadline, kBody).status().code(),
              absl::StatusCode::kDataLoss)
        << i;
  }
  AnalysisRecord bad = good;
  bad.mutable_amounts(0)->set_anchor(9);
  EXPECT_FALSE(FromRecord(bad, kHeadline, kBody).ok());
  bad = good;
  bad.mutable_amounts(0)->set_linked(0, 4'000'000'000u);
  EXPECT_FALSE(FromRecord(bad, kHeadline, kBody).ok());
  EXPECT_FALSE(FromRecord(good, "", "").ok());
}

}  // namespace
}  // namespace tocsin
