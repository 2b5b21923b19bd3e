#include "text/parse.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(Parse, HeadlineComesFirstAndEndsASentence) {
  Article article;
  article.headline = "Stora planer";
  article.body = "Ett bolag. Ett till.";
  article.language = "SV-fi";
  const Document document = Parse(article, TextRules());
  EXPECT_EQ(document.language, "sv-fi");
  ASSERT_EQ(document.sentences.size(), 3u);
  EXPECT_EQ(document.sentences[0].field, Field::kHeadline);
  EXPECT_EQ(document.sentences[1].field, Field::kBody);
  EXPECT_EQ(document.sentences[1].begin, 0u);
  EXPECT_EQ(document.Text(document.tokens[0]), "Stora");
  EXPECT_EQ(document.Text(document.tokens[2]), "Ett");
  EXPECT_EQ(document.tokens[2].sentence, 1u);
  EXPECT_EQ(document.Text(document.tokens.back()), ".");
}

TEST(Parse, AnEmptyArticleHasNoTokens) {
  const Article article;
  const Document document = Parse(article, TextRules());
  EXPECT_EQ(document.language, "und");
  EXPECT_TRUE(document.tokens.empty());
  EXPECT_TRUE(document.sentences.empty());
}

}  // namespace
}  // namespace tocsin
