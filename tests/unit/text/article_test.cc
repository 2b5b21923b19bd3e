#include "text/article.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace tocsin {
namespace {

using testing::StartsWith;

Article Good() {
  Article article;
  article.source = "ew";
  article.id = "åtta / 8";
  article.body = "Text.";
  return article;
}

TEST(ValidateArticle, TakesWhatIsWithinTheLimits) {
  Article article = Good();
  article.language = "sv-SE";
  article.urgency = 9;
  article.id = std::string(kMaxIdBytes, 'x');
  article.body = std::string(kMaxBodyBytes, 'x');
  EXPECT_EQ(ValidateArticle(article), absl::OkStatus());
  article.body.clear();
  article.headline = "Only a headline";
  EXPECT_EQ(ValidateArticle(article), absl::OkStatus());
}

TEST(ValidateArticle, NamesTheFieldAtFault) {
  const struct {
    const char* field;
    std::function<void(Article&)> spoil;
  } kCases[] = {
      {"article.source: is missing", [](Article& a) { a.source.clear(); }},
      {"article.id: is missing", [](Article& a) { a.id.clear(); }},
      {"article.id: control character at byte 1",
       [](Article& a) { a.id = "a\nb"; }},
      {"article.id: control character at byte 0",
       [](Article& a) { a.id = "\xC2\x85"; }},
      {"article.id: 257 bytes", [](Article& a) { a.id.assign(257, 'x'); }},
      {"article.source: 129 bytes",
       [](Article& a) { a.source.assign(129, 'x'); }},
      {"article.uri: not UTF-8 at byte 3",
       [](Article& a) { a.uri = "abc\xFF"; }},
      {"article.headline: not UTF-8", [](Article& a) { a.headline = "\xC3"; }},
      {"article.body: not UTF-8 at byte 2",
       [](Article& a) { a.body = "ab\xED\xA0\x80"; }},
      {"article.body: 2097153 bytes",
       [](Article& a) { a.body.assign(kMaxBodyBytes + 1, 'x'); }},
      {"article.body: headline and body are empty",
       [](Article& a) { a.body = " \n"; }},
      {"article.language: ", [](Article& a) { a.language = "svenska!"; }},
      {"article.urgency: ", [](Article& a) { a.urgency = 10; }},
      {"article.urgency: ", [](Article& a) { a.urgency = -1; }},
  };
  for (const auto& c : kCases) {
    Article article = Good();
    c.spoil(article);
    const absl::Status status = ValidateArticle(article);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.field;
    EXPECT_THAT(std::string(status.message()), StartsWith(c.field));
  }
}

}  // namespace
}  // namespace tocsin
