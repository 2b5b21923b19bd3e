#include "filter/contradiction.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "cpu_time.h"
#include "filter/filter.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

using ::testing::HasSubstr;

TEST(ContradictionTest, RefusesWhatCanNeverMatchAndSaysWhy) {
  const struct {
    absl::string_view text;
    absl::string_view reason;
  } kCases[] = {
      {"entity.type = PERSON AND entity.type = PLACE",
       "no value of `entity.type` is left"},
      {"entity.listed AND NOT entity.listed", "excluded at once"},
      {"entity.listed = true AND entity.listed = false",
       "no value of `entity.listed`"},
      {"article.source = \"a\" AND article.source = \"b\"",
       "cannot be two things"},
      {"article.source = \"a\" AND article.source != \"a\"",
       "excluded at once"},
      {"amount.low > 5 AND amount.low < 3", "no value of `amount.low`"},
      {"amount.low >= 5 AND amount.low < 5", "no value of `amount.low`"},
      {"amount.low > 5 AND amount.high < 3", "never above"},
      {"article.urgency < 1", "no value of `article.urgency`"},
      {"article.urgency > 3 AND article.urgency < 4", "no value of"},
      {"amount.kind = PERCENT AND amount.unit = \"USD\"",
       "has the unit % or pp"},
      {"amount.unit = \"%\" AND amount.kind = MONEY", "ISO 4217"},
      {"new(entity) AND entity.article_count > 3",
       "no value of `entity.article_count`"},
      {"new(amount) AND amount.last_seen_at < 2026-01-01",
       "`amount.last_seen_at` is asked for and excluded"},
      {"NOT entity:* AND entity.type = PERSON", ""},
      {"entity.type != (PERSON OR PLACE) AND entity.type = PERSON AND "
       "entity.type = PLACE",
       "no value"},
      {"(article.source = \"a\" OR article.source = \"b\") AND article.source "
       "= \"c\"",
       "cannot be two things"},
      {"(entity.type = PERSON AND entity.type = PLACE) OR (amount.low > 2 AND "
       "amount.low < 1)",
       "no value of"},
      {"NOT (entity.listed OR NOT entity.listed)", "excluded at once"},
  };
  for (const auto& c : kCases) {
    const auto filter = Filter::Compile(c.text, FilterPlace::kRule);
    if (c.reason.empty()) {
      // Not found out; the search is sound, not complete.
      EXPECT_TRUE(filter.ok());
      continue;
    }
    ASSERT_FALSE(filter.ok()) << c.text;
    EXPECT_THAT(std::string(filter.status().message()),
                HasSubstr("can never match"));
    EXPECT_THAT(std::string(filter.status().message()),
                HasSubstr(std::string(c.reason)))
        << c.text;
    EXPECT_TRUE(FilterErrorPosition(filter.status()).has_value());
  }
}

TEST(ContradictionTest, LetsPassWhatCanMatch) {
  for (const absl::string_view text : {
           "entity.type = (PERSON OR PLACE)",
           "entity.type = PERSON OR entity.type = PLACE",
           "NOT entity.type = PERSON AND NOT entity.type = PLACE",
           "amount.low > 3 AND amount.high < 5",
           "amount.value > 5 AND amount.value < 3",
           "article.language = \"sv\" AND article.language = \"sv-FI\"",
           "article.text:a AND article.text:b",
           "amount.kind = MONEY AND amount.unit = \"usd\"",
           "new(entity) AND new(entity, 30d)",
           "new(entity, 30d) AND entity.article_count > 3",
           "new(amount) AND changed(amount)",
           "entity.article_count = 0 AND new(entity)",
           "NOT (entity.listed AND entity.type = PERSON)",
       })
    EXPECT_TRUE(Filter::Compile(text, FilterPlace::kRule).ok())
        << text << ": " << Filter::Compile(text, FilterPlace::kRule).status();
}

// Every way through many ORs fails, each only at its end.
TEST(ContradictionTest, TheSearchIsBounded) {
  std::string pairs, nested = "entity.listed";
  for (int i = 0; i < 40; ++i) {
    absl::StrAppend(&pairs, "(article.id=", i, " OR article.text:w", i, ")");
    absl::StrAppend(&pairs, "(amount.low>", i, " OR amount.low<", -i, ")");
  }
  for (int i = 0; i < 30; ++i)
    nested =
        absl::StrCat("(", nested, " OR amount.low=", i, ") amount.low!=", i);
  const std::string kTexts[] = {pairs + " amount.high<0 amount.low>0",
                                nested + " amount.vague NOT amount.vague"};
  for (const std::string& text : kTexts) {
    ASSERT_LE(text.size(), kMaxFilterBytes);
    // Once to fill tables.
    Filter::Compile(text, FilterPlace::kRule).status().IgnoreError();
    const double start = CpuMilliseconds();
    EXPECT_FALSE(Filter::Compile(text, FilterPlace::kRule).ok());
    EXPECT_LT(CpuMilliseconds() - start, 50) << text;
  }
}

}  // namespace
}  // namespace tocsin
