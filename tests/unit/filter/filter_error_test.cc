// What the checker refuses, and how it says so.
#include <string>

#include "absl/strings/str_cat.h"
#include "filter/filter.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

using ::testing::HasSubstr;
using enum FilterPlace;

struct Case {
  FilterPlace place;
  absl::string_view text;
  int column;
  absl::string_view message;
};

TEST(FilterErrorTest, SaysWhereAndWhatWasExpected) {
  const Case kCases[] = {
      {kRule, "entity.tpye = PERSON", 1,
       "unknown field `entity.tpye`; did you mean `entity.type`?"},
      {kRule, "new(entity) AND source = \"x\"", 17,
       "did you mean `article.source`"},
      {kRule, "sklfjsdf = 1", 1, "known are article.source"},
      {kRule, "entity.type = PERSN", 15, "did you mean `PERSON`"},
      {kRule, "entity.type = 3", 15, "expected PERSON, ORGANIZATION, PLACE"},
      {kRule, "entity.type > PERSON", 13, "expected `=` or `!=`"},
      {kRule, "amount.low > \"1bn\"", 14, "expected a number"},
      {kRule, "amount.low > many", 14, "expected a number"},
      {kRule, "amount.low > 1e999", 14, "expected a number"},
      {kRule, "article.urgency = 12", 19, "a number from 1 to 9"},
      {kRule, "article.urgency = 2.5", 19, "a whole number"},
      {kRule, "article.source < \"x\"", 16, "expected `=`, `!=` or `:`"},
      {kRule, "article.source = \"\"", 18, "not empty"},
      {kRule, "article.text = \"x\"", 14, "whole words"},
      {kRule, "article.text:\"--\"", 14, "no word in it"},
      {kRule, "article.entities = \"x\"", 18,
       "article.entities:\"entities/openai\""},
      {kRule, "article.language = \"s v\"", 20, "BCP 47"},
      {kRule, "article.event_time > soon", 22, "expected a time"},
      {kRule, "entity.listed = yes", 17, "true or false"},
      {kRule, "entity.type", 1,
       "needs a comparison, such as `entity.type = PERSON`"},
      {kRule, "entity = \"x\"", 1, "write `entity:*`"},
      {kRule, "\"openai\"", 1, "write a field before it"},
      {kRule, "new", 1, "write `new(...)`"},
      {kRule, "nwe(entity)", 1, "unknown function `nwe`; did you mean `new`?"},
      {kRule, "new()", 1, "expected new(entity)"},
      {kRule, "new(article)", 5, "expected entity or amount"},
      {kRule, "new(entity, soon)", 13, "a span of time"},
      {kRule, "new(entity) = true", 13, "holds or not"},
      {kRule, "changed(entity)", 9, "expected amount"},
      {kRule, "sources(entity, 24h)", 1, "is a number; compare it"},
      {kRule, "sources(entity, 24h) >= many", 25, "a whole number"},
      {kRule, "near(\"x\", \"y\", 0)", 16, "from 1 to 1000"},
      {kRule, "near(\"x\", \"X\", 5)", 11, "the same words twice"},
      {kRule, "article.source = new(entity)", 18,
       "a function cannot be a value"},
      {kRule, "article.source = (a = b)", 19, "cannot be a value"},
      {kRule, "rule = \"x\"", 1, "cannot be used in a rule"},
      {kAlert, "new(entity) AND article.text:\"x\"", 17,
       "an alert does not carry it"},
      {kAlert, "near(\"x\", \"y\", 5)", 1, "works only in rules"},
      {kAlert, "sources(entity, 24h) > 1", 1, "works only in rules"},
      {kAlert, "urgency <= 0", 12, "a number from 1 to 9"},
      {kArticle, "entity.type = PERSON", 1,
       "cannot be used in a filter of articles"},
      {kArticle, "new(entity)", 1, "works only in rules and filters of alerts"},
      {kEntity, "article.source = x", 1,
       "cannot be used in a filter of entities"},
      {kMention, "headline:x", 1, "cannot be used in a filter of mentions"},
  };
  for (const Case& c : kCases) {
    const auto filter = Filter::Compile(c.text, c.place);
    ASSERT_FALSE(filter.ok()) << c.text;
    EXPECT_THAT(std::string(filter.status().message()),
                HasSubstr(std::string(c.message)))
        << c.text;
    const auto position = FilterErrorPosition(filter.status());
    ASSERT_TRUE(position.has_value()) << c.text;
    EXPECT_EQ(position->column, c.column) << filter.status().message();
  }
}

TEST(FilterErrorTest, LimitsAreExact) {
  const auto conditions = [](int count) {
    std::string text = "article.id = (";
    for (int i = 0; i < count; ++i)
      absl::StrAppend(&text, i > 0 ? " OR " : "", i);
    text += ")";
    return text;
  };
  EXPECT_TRUE(Filter::Compile(conditions(kMaxFilterTerms), kRule).ok());
  EXPECT_THAT(
      std::string(Filter::Compile(conditions(kMaxFilterTerms + 1), kRule)
                      .status()
                      .message()),
      HasSubstr("more than 256 conditions"));

  const auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '(') + "entity.listed" +
           std::string(static_cast<size_t>(depth), ')');
  };
  EXPECT_TRUE(Filter::Compile(nested(kMaxFilterDepth), kRule).ok());
  EXPECT_THAT(std::string(Filter::Compile(nested(kMaxFilterDepth + 1), kRule)
                              .status()
                              .message()),
              HasSubstr("nested deeper than 32"));

  const auto sized = [](size_t bytes) {
    const std::string text = "entity.listed";
    return text + std::string(bytes - text.size(), ' ');
  };
  EXPECT_TRUE(Filter::Compile(sized(kMaxFilterBytes), kRule).ok());
  EXPECT_THAT(std::string(Filter::Compile(sized(kMaxFilterBytes + 1), kRule)
                              .status()
                              .message()),
              HasSubstr("at most 4096 bytes"));
}

}  // namespace
}  // namespace tocsin
