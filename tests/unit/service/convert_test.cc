#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "pipeline/resume_token.h"
#include "service/admin_service.h"
#include "service/convert_alert.h"
#include "service/convert_article.h"
#include "service/convert_mention.h"
#include "service/convert_time.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

TEST(ConvertTime, BoundsAreThoseOfTimestamp) {
  google::protobuf::Timestamp proto;
  for (const int64_t seconds : {-62135596800, 0L, 253402300799}) {
    proto.set_seconds(seconds);
    const auto time = TimeFromProto("at", proto);
    ASSERT_TRUE(time.ok()) << seconds;
    google::protobuf::Timestamp back;
    SetTime(*time, &back);
    EXPECT_EQ(back.seconds(), seconds);
  }
  for (const int64_t seconds : {-62135596801, 253402300800}) {
    proto.set_seconds(seconds);
    EXPECT_FALSE(TimeFromProto("at", proto).ok()) << seconds;
  }
  proto.set_seconds(-1);
  proto.set_nanos(500'000'000);  // Half a second before the epoch.
  EXPECT_EQ(*TimeFromProto("at", proto), absl::FromUnixMillis(-500));
  google::protobuf::Timestamp back;
  SetTimeMicros(-500'000, &back);
  EXPECT_EQ(back.seconds(), -1);
  EXPECT_EQ(back.nanos(), 500'000'000);
}

TEST(ConvertMention, FromAnAnalysis) {
  Analysis analysis;
  analysis.entities.push_back(
      {"acme", "Acme", EntityType::kOrganization, true});
  Amount amount;
  amount.kind = AmountKind::kMoney;
  amount.unit = "USD";
  amount.low = {"2000000", 2e6};
  amount.high = {"3000000", 3e6};
  amount.bound = AmountBound::kAtMost;
  amount.anchor = 0;
  analysis.amounts.push_back(amount);
  Mention mention;
  mention.span = {Field::kHeadline, 3, 8};
  mention.surface = "2-3 m";
  mention.amount = 0;
  const v1::Mention proto = MentionToProto(analysis, mention);
  EXPECT_EQ(proto.span().field(), v1::Span::HEADLINE);
  EXPECT_EQ(proto.span().begin(), 3u);
  EXPECT_EQ(proto.surface(), "2-3 m");
  EXPECT_EQ(proto.amount().kind(), v1::Amount::MONEY);
  EXPECT_EQ(proto.amount().low(), 2e6);
  EXPECT_EQ(proto.amount().high(), 3e6);
  EXPECT_EQ(proto.amount().bound(), v1::Amount::AT_MOST);
  EXPECT_EQ(proto.anchor(), "entities/acme");
  EXPECT_FALSE(proto.has_entity());
}

AlertRecord MakeRecord() {
  AlertRecord record;
  record.set_sequence(17);
  record.set_rule("big-money");
  record.set_article_source("e w");
  record.set_article_id("1/2");
  record.set_novelty(1);
  record.set_urgency(2);
  record.set_language("sv");
  record.set_event_time(1'700'000'000'000'000);
  record.set_create_time(1'700'000'001'000'000);
  (*record.mutable_labels())["desk"] = "economy";
  AmountRecord& amount = *record.mutable_mention()->mutable_amount();
  amount.set_kind(1);
  amount.set_unit("USD");
  amount.set_low("500000000000");
  amount.set_high("500000000000");
  record.mutable_anchor()->set_key("openai");
  record.mutable_anchor()->set_display_name("OpenAI");
  record.mutable_evidence()->set_article_count(3);
  record.mutable_evidence()->set_anchor_article_count(9);
  record.mutable_evidence()->mutable_previous()->set_low("7");
  return record;
}

TEST(ConvertAlert, ToTheApi) {
  const v1::Alert alert = AlertToProto(MakeRecord(), "epoch");
  EXPECT_EQ(alert.sequence(), 17u);
  EXPECT_EQ(alert.resume_token(), EncodeResumeToken("epoch", 17));
  EXPECT_EQ(alert.rule(), "rules/big-money");
  EXPECT_EQ(alert.article(), "sources/e%20w/articles/1%2F2");
  EXPECT_EQ(alert.mention().amount().low(), 500e9);
  EXPECT_EQ(alert.mention().anchor(), "entities/openai");
  EXPECT_EQ(alert.anchor().display_name(), "OpenAI");
  EXPECT_EQ(alert.novelty().kind(), v1::Novelty::FIRST_EVER);
  EXPECT_EQ(alert.novelty().article_count(), 3);
  EXPECT_EQ(alert.novelty().anchor_article_count(), 9);
  EXPECT_EQ(alert.novelty().previous().low(), 7);
  EXPECT_FALSE(alert.novelty().has_first_seen_at());
  EXPECT_FALSE(alert.has_quiet_until());
  EXPECT_EQ(alert.labels().at("desk"), "economy");
}

// Encodings one after the other are a response.
TEST(ConvertAlert, EncodingsAddUpToAResponse) {
  const auto encode = MakeAlertEncoder("epoch");
  std::string bytes;
  for (uint64_t sequence = 1; sequence <= 3; ++sequence) {
    AlertRecord record = MakeRecord();
    record.set_sequence(sequence);
    record.set_headline(std::string(sequence * 100, 'x'));
    bytes += encode(record);
  }
  v1::WatchAlertsResponse response;
  ASSERT_TRUE(response.ParseFromString(bytes));
  ASSERT_EQ(response.alerts_size(), 3);
  EXPECT_EQ(response.alerts(2).sequence(), 3u);
  EXPECT_EQ(response.alerts(2).headline().size(), 300u);
}

TEST(AlertSubject, ShowsFiltersWhatTheAlertCarries) {
  const AlertRecord record = MakeRecord();
  struct Case {
    const char* filter;
    bool matches;
  };
  const Case cases[] = {
      {"language = \"sv\"", true},
      {"source = \"e w\"", true},
      {"urgency <= 2", true},
      {"urgency > 2", false},
      {"amount.unit = \"USD\" AND amount.high >= 500bn", true},
      {"amount.high > 500bn", false},
      {"entity.display_name = \"OpenAI\"", true},
      {"labels.desk = \"economy\"", true},
      {"labels.desk = \"sport\"", false},
  };
  for (const Case& c : cases) {
    const auto filter = Filter::Compile(c.filter, FilterPlace::kAlert);
    ASSERT_TRUE(filter.ok()) << c.filter << ": " << filter.status();
    EXPECT_EQ((*filter)->Matches(AlertSubject(record).subject()), c.matches)
        << c.filter;
  }
}

TEST(ArchiveWarnings, OnlyWhileYoung) {
  constexpr int64_t kDay = 24LL * 3600 * 1'000'000;
  CommitRecord commit;
  EXPECT_EQ(ArchiveWarnings(commit).size(), 1u);
  commit.set_article_count(1000);
  commit.set_first_event_time(100 * kDay);
  commit.set_last_event_time(107 * kDay);
  EXPECT_TRUE(ArchiveWarnings(commit).empty());
  commit.set_last_event_time(106 * kDay);
  EXPECT_EQ(ArchiveWarnings(commit).size(), 1u);
  commit.set_last_event_time(107 * kDay);
  commit.set_article_count(999);
  EXPECT_EQ(ArchiveWarnings(commit).size(), 1u);
}

}  // namespace
}  // namespace tocsin
