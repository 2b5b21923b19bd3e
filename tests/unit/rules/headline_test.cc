#include "rules/headline.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(HeadlineTest, ShowsFieldsOfArticleEntityAndAmount) {
  Analysis analysis;
  analysis.entities = {
      {"openai", "OpenAI", EntityType::kOrganization, true, 1}};
  Amount amount;
  amount.unit = "USD";
  amount.low = {"1500000000", 1.5e9};
  amount.high = {"2000000000.5", 2000000000.5};
  amount.anchor = 0;
  analysis.amounts = {amount};
  Mention mention;
  mention.amount = 0;
  mention.surface = "1.5 to 2bn dollars";
  analysis.mentions = {mention};
  ArticleFacts article;
  article.source = "ew";
  article.analysis = &analysis;
  Sighting sighting;
  sighting.mention = 0;

  const struct {
    absl::string_view text;
    absl::string_view shown;
  } kCases[] = {
      {"", ""},
      {"plain", "plain"},
      {"{entity.display_name}: {amount.value} {amount.unit} ({article.source})",
       "OpenAI: 1,500,000,000 to 2,000,000,000.5 USD (ew)"},
      {"{{{mention.surface}}}", "{1.5 to 2bn dollars}"},
      {"[{article.byline}]", "[]"},
  };
  Rule rule;
  for (const auto& c : kCases) {
    EXPECT_TRUE(CheckHeadlineTemplate(c.text).ok()) << c.text;
    rule.headline_template = std::string(c.text);
    EXPECT_EQ(RenderHeadline(rule, article, &sighting), c.shown);
  }
  rule.headline_template = "{entity.display_name}|{article.source}";
  EXPECT_EQ(RenderHeadline(rule, article, nullptr), "|ew");
}

TEST(HeadlineTest, RefusesWhatItCannotShow) {
  using ::testing::HasSubstr;
  EXPECT_THAT(
      std::string(CheckHeadlineTemplate("{entity.displayname}").message()),
      HasSubstr("did you mean `entity.display_name`?"));
  EXPECT_THAT(std::string(CheckHeadlineTemplate("a {b").message()),
              HasSubstr("column 3: this brace has no other"));
  EXPECT_FALSE(CheckHeadlineTemplate("a } b").ok());
}

}  // namespace
}  // namespace tocsin
