#include "text/language.h"

#include <gtest/gtest.h>

#include "text/tokenizer.h"

namespace tocsin {
namespace {

TEST(LanguageTag, HasAForm) {
  for (const char* tag :
       {"sv", "de-AT", "zh-Hans-CN", "nb", "gsw", "und", "en-US-x-private"}) {
    EXPECT_TRUE(IsLanguageTag(tag)) << tag;
  }
  for (const char* tag : {"", "s", "sv_SE", "sv-", "-sv", "1a", "sv SE",
                          "abcdefghi", "s3", "de-toolongsubtag", "dé"}) {
    EXPECT_FALSE(IsLanguageTag(tag)) << tag;
  }
}

TEST(LanguageTag, IsNormalized) {
  EXPECT_EQ(NormalizeLanguageTag(""), "und");
  EXPECT_EQ(NormalizeLanguageTag("SV"), "sv");
  EXPECT_EQ(NormalizeLanguageTag("de-AT"), "de-AT");
  EXPECT_EQ(NormalizeLanguageTag("no-NO"), "nb-NO");
  EXPECT_EQ(PrimarySubtag("de-AT"), "de");
  EXPECT_EQ(PrimarySubtag("de"), "de");
}

std::string Identify(const LanguageIdentifier& identifier,
                     absl::string_view text) {
  Document document;
  document.body = text;
  Tokenize(text, Field::kBody, document.tokens);
  return identifier.Identify(document);
}

TEST(LanguageIdentifier, FrequentWordsDecide) {
  LanguageIdentifier identifier;
  identifier.AddWords("xx", {"foo", "bar", "på"});
  identifier.AddWords("yy", {"foo", "baz", "pa"});
  EXPECT_EQ(Identify(identifier, "foo bar foo bar på på bar foo bar"), "xx");
  EXPECT_EQ(Identify(identifier, "foo baz foo baz pa pa baz foo baz"), "yy");
}

TEST(LanguageIdentifier, KnowsLanguagesWithoutALexicon) {
  const LanguageIdentifier identifier;
  EXPECT_EQ(Identify(identifier,
                     "El presidente del gobierno anunció ayer que las nuevas "
                     "medidas económicas entrarán en vigor el próximo año."),
            "es");
  EXPECT_EQ(Identify(identifier,
                     "Президент объявил вчера о новых мерах, "
                     "которые вступят в силу в следующем году."),
            "ru");
}

TEST(LanguageIdentifier, SaysWhenItCannotTell) {
  const LanguageIdentifier identifier;
  EXPECT_EQ(Identify(identifier, ""), "und");
  EXPECT_EQ(Identify(identifier, "123 456 +++ 789"), "und");
}

}  // namespace
}  // namespace tocsin
