#include "cli/alert_text.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Alert AmountAlert() {
  v1::Alert alert;
  alert.set_sequence(17);
  alert.set_rule("rules/new-amount");
  alert.set_article("sources/ew/articles/001");
  alert.set_revision(1);
  alert.set_language("nl");
  alert.set_headline("Mega AI-project");
  alert.set_urgency(4);
  v1::Amount& amount = *alert.mutable_mention()->mutable_amount();
  amount.set_kind(v1::Amount::MONEY);
  amount.set_unit("USD");
  amount.set_low(500e9);
  amount.set_high(500e9);
  alert.mutable_anchor()->set_display_name("OpenAI");
  alert.mutable_passage()->set_text("AI op te zetten: 500 miljard dollar\nnu.");
  alert.mutable_passage()->set_begin(17);
  alert.mutable_passage()->set_end(35);
  alert.mutable_novelty()->set_kind(v1::Novelty::FIRST_EVER);
  alert.mutable_novelty()->set_anchor_article_count(12);
  return alert;
}

TEST(AlertTextTest, TellsAllOfIt) {
  EXPECT_EQ(AlertText(AmountAlert(), Terminal(false, 0)),
            "USD 500,000,000,000 for OpenAI\n"
            "    AI op te zetten: [500 miljard dollar] nu.\n"
            "    new-amount, urgency 4; never seen before; OpenAI was in 12 "
            "articles\n"
            "    ew/001 (nl)  Mega AI-project\n");
}

TEST(AlertTextTest, GroupsByArticle) {
  v1::Alert name = AmountAlert();
  name.clear_anchor();
  name.mutable_mention()->mutable_entity()->set_display_name("DeepSeek");
  name.mutable_mention()->mutable_entity()->set_type(v1::Entity::ORGANIZATION);
  const std::string text =
      ArticleAlertsText({AmountAlert(), name}, Terminal(false, 0));
  EXPECT_EQ(text.find("ew/001"), text.rfind("ew/001"));
  EXPECT_THAT(text, HasSubstr("  DeepSeek, organization\n"));
  EXPECT_THAT(text, HasSubstr("  USD 500,000,000,000 for OpenAI\n"));
}

// So that searching the output for a sum finds the alerts that rang for it.
TEST(AlertTextTest, WritesOnlyWhatRangInFull) {
  v1::Alert alert = AmountAlert();
  *alert.mutable_novelty()->mutable_previous() = alert.mention().amount();
  alert.mutable_mention()->mutable_amount()->set_low(1);
  alert.mutable_mention()->mutable_amount()->set_high(1);
  alert.mutable_novelty()->set_kind(v1::Novelty::CHANGED);
  const std::string text = AlertText(alert, Terminal(false, 0));
  EXPECT_THAT(text, HasSubstr("was USD 500 bn"));
  EXPECT_THAT(text, Not(HasSubstr("500,000,000,000")));
}

TEST(NoveltyTextTest, SaysWhatWasKnown) {
  v1::Alert alert;
  v1::Novelty& novelty = *alert.mutable_novelty();
  novelty.set_kind(v1::Novelty::RESURFACED);
  novelty.set_article_count(1);
  novelty.set_source_count(2);
  EXPECT_THAT(NoveltyText(alert), HasSubstr("in 1 article by 2 sources"));
  novelty.set_kind(v1::Novelty::KNOWN);
  EXPECT_THAT(NoveltyText(alert), HasSubstr("known since"));
}

TEST(PassageTextTest, TakesAMentionOutsideTheText) {
  v1::Passage passage;
  passage.set_text("short");
  passage.set_begin(3);
  passage.set_end(99);
  EXPECT_EQ(PassageText(passage, Terminal(false, 0)), "sho[rt]");
  passage.set_begin(50);
  EXPECT_EQ(PassageText(passage, Terminal(false, 0)), "short");
}

}  // namespace
}  // namespace tocsin::cli
