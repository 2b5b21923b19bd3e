#include "cli/marked_text.h"

#include <vector>

#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

v1::Mention At(v1::Span::Field field, uint32_t begin, uint32_t end) {
  v1::Mention mention;
  mention.mutable_span()->set_field(field);
  mention.mutable_span()->set_begin(begin);
  mention.mutable_span()->set_end(end);
  return mention;
}

TEST(MarkedTextTest, MarksSpans) {
  const Terminal plain(false, 0);
  EXPECT_EQ(MarkedText("OpenAI och SoftBank",
                       {At(v1::Span::BODY, 11, 19), At(v1::Span::BODY, 0, 6)},
                       v1::Span::BODY, plain),
            "[OpenAI] och [SoftBank]");
  const Terminal colour(true, 80);
  EXPECT_EQ(
      MarkedText("a b", {At(v1::Span::BODY, 2, 3)}, v1::Span::BODY, colour),
      "a \x1b[1;33mb\x1b[0m");
}

TEST(MarkedTextTest, LeavesOutSpansThatDoNotFit) {
  const Terminal plain(false, 0);
  EXPECT_EQ(MarkedText("New York Times",
                       {At(v1::Span::BODY, 0, 8), At(v1::Span::BODY, 0, 14),
                        At(v1::Span::BODY, 4, 20), At(v1::Span::BODY, 9, 9),
                        At(v1::Span::HEADLINE, 0, 3)},
                       v1::Span::BODY, plain),
            "[New York Times]");
}

TEST(MarkedArticleTest, ShowsHeadlineAndBody) {
  v1::Article article;
  article.set_headline("Head\x1b[2J");
  article.set_body("Line one.\n\nLine two.\n");
  EXPECT_EQ(MarkedArticle(article, {At(v1::Span::HEADLINE, 0, 4)},
                          Terminal(false, 0)),
            "[Head][2J\n\nLine one.\n\nLine two.\n");
}

}  // namespace
}  // namespace tocsin::cli
