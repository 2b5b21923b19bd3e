// Every rule that ships is rung by an article, and by none that it is not for.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "filter/phrase.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"
#include "rules/rule_file.h"

namespace tocsin {
namespace {

std::vector<Rule> Shipped(absl::string_view file) {
  const auto rules =
      ReadRules(absl::StrCat(TOCSIN_SOURCE_DIR, "/deploy/rules/", file));
  EXPECT_TRUE(rules.ok()) << rules.status();
  return rules.ok() ? *rules : std::vector<Rule>();
}

// Articles in order, the last of which the rules are asked about.
class ShippedRulesTest : public testing::Test {
 protected:
  void Load(absl::string_view file) {
    Newsroom::Options options;
    options.rules = Shipped(file);
    room_ = std::make_unique<Newsroom>(std::move(options));
    rung_by_any_.clear();
  }

  // What rings for the article, by name of the rule.
  std::set<std::string> Ring(ArticleCommand article) {
    // The builder knows no words; phrases need them.
    article.analysis.words = FoldedWords(article.article.body);
    for (Entity& entity : article.analysis.entities)
      entity.listed = entity.display_name != "unlisted";
    room_->Apply(std::move(article));
    std::set<std::string> rung;
    for (const std::string& line : room_->NewlyRung())
      rung.insert(line.substr(0, line.find(':')));
    rung_by_any_.insert(rung.begin(), rung.end());
    return rung;
  }
  std::set<std::string> Ring(const ArticleBuilder& article) {
    return Ring(article.Build());
  }

  std::unique_ptr<Newsroom> room_;
  std::set<std::string> rung_by_any_;
};

using Names = std::set<std::string>;

TEST_F(ShippedRulesTest, DefaultRulesRingForWhatIsNewOnce) {
  Load("default.yaml");
  EXPECT_EQ(
      Ring(ArticleBuilder("1").Names("openai", "OpenAI").Sum("500000000000")),
      (Names{"new-name", "new-amount"}));
  EXPECT_EQ(Ring(ArticleBuilder("2").Names("teuken", "unlisted",
                                           EntityType::kProduct)),
            (Names{"new-name-unlisted"}));
  EXPECT_EQ(Ring(ArticleBuilder("3")
                     .Names("openai")
                     .Sum("500000000000")
                     .Names("paris", "", EntityType::kPlace)),
            Names{});
  EXPECT_EQ(Ring(ArticleBuilder("4").Names("openai").Sum(
                "?100000000000-900000000000")),
            Names{});
  EXPECT_EQ(Ring(ArticleBuilder("5").Names("openai").Percent("3.5").Count(
                "40000", "job", true)),
            Names{"new-amount"});
}

TEST_F(ShippedRulesTest, NewsroomRulesRingForWhatTheyAreFor) {
  Load("newsroom.yaml");
  // Names that the archive knows before.
  Ring(ArticleBuilder("known")
           .At(Hour(-24 * 400))
           .Names("acme", "", EntityType::kOrganization)
           .Names("anna-berg", "", EntityType::kPerson)
           .Sum("900000000")
           .LinkedTo({"acme"}));

  EXPECT_EQ(Ring(ArticleBuilder("1").Names("acme").Sum("2000000000")),
            (Names{"billion-deal", "figure-changed"}));
  EXPECT_EQ(Ring(ArticleBuilder("1b").Names("acme").Sum("2000000000")),
            Names{});
  EXPECT_EQ(Ring(ArticleBuilder("2").Sum("12000000000", "SEK")),
            Names{"billion-kronor"});
  EXPECT_EQ(Ring(ArticleBuilder("2b").Sum("12000000", "SEK")), Names{});
  EXPECT_EQ(Ring(ArticleBuilder("3")
                     .Text("The Federal Reserve raises")
                     .Percent("3.75")),
            Names{"interest-rate"});
  EXPECT_EQ(
      Ring(ArticleBuilder("3b").Text("The reserve raises").Percent("4.75")),
      Names{});
  EXPECT_EQ(Ring(ArticleBuilder("4")
                     .Text("job cuts at")
                     .Names("acme")
                     .Count("1200", "job", true)),
            Names{"layoffs"});
  EXPECT_EQ(Ring(ArticleBuilder("5").Names("nexora", "unlisted",
                                           EntityType::kOrganization)),
            Names{"unknown-company"});
  EXPECT_EQ(Ring(ArticleBuilder("6").Names("openai").Names(
                "stargate-uae", "", EntityType::kProduct)),
            (Names{"name-beside-openai", "new-product"}));

  // A second source within six hours confirms a name.
  EXPECT_EQ(Ring(ArticleBuilder("7").Source("tt").Names("carl-dahl", "",
                                                        EntityType::kPerson)),
            Names{});
  EXPECT_EQ(Ring(ArticleBuilder("8").Source("anp").Names("carl-dahl", "",
                                                         EntityType::kPerson)),
            Names{"confirmed-name"});
  // Seen by three sources before.
  Ring(ArticleBuilder("9").Source("dpa").Names("carl-dahl", "",
                                               EntityType::kPerson));
  EXPECT_EQ(Ring(ArticleBuilder("10").Source("ritzau").Names(
                "carl-dahl", "", EntityType::kPerson)),
            Names{"spreading"});

  for (int i = 0; i < 4; ++i)
    Ring(ArticleBuilder(absl::StrCat("anna", i))
             .At(Hour(-24 * 399))
             .Names("anna-berg", "", EntityType::kPerson));
  EXPECT_EQ(Ring(ArticleBuilder("11").At(Hour(1)).Names("anna-berg", "",
                                                        EntityType::kPerson)),
            Names{"back-in-the-news"});

  EXPECT_EQ(
      Ring(ArticleBuilder("12").Text("a new data center needs more power")),
      Names{"data-center"});
  EXPECT_EQ(Ring(ArticleBuilder("13").Text("a product recall of cars")),
            Names{"recall"});
  ArticleCommand flash = ArticleBuilder("14").Build();
  flash.article.urgency = 1;
  EXPECT_EQ(Ring(std::move(flash)), Names{"flash"});
  EXPECT_EQ(
      Ring(ArticleBuilder("15").Names("the-long-night", "", EntityType::kWork)),
      Names{"quiet-culture"});

  Names all;
  for (const Rule& rule : Shipped("newsroom.yaml")) all.insert(rule.name);
  EXPECT_EQ(rung_by_any_, all);
}

}  // namespace
}  // namespace tocsin
