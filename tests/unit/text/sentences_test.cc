#include "text/sentences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/fold.h"
#include "text/tokenizer.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

SentenceRules German() {
  SentenceRules rules;
  for (const char* word : {"Mrd", "Dr", "ca"}) {
    rules.abbreviations.insert(ExactHash(word));
  }
  for (const char* word : {"die", "der", "das", "er"}) {
    rules.function_words.insert(FoldedHash(word));
  }
  rules.ordinal_period = true;
  return rules;
}

Document Split(absl::string_view text, const SentenceRules& rules) {
  Document document;
  document.body = text;
  Tokenize(text, Field::kBody, document.tokens);
  SplitSentences(0, static_cast<uint32_t>(document.tokens.size()), rules,
                 document);
  return document;
}

std::vector<std::string> Sentences(absl::string_view text,
                                   const SentenceRules& rules = German()) {
  std::vector<std::string> out;
  for (const Sentence& sentence : Split(text, rules).sentences) {
    out.emplace_back(
        text.substr(sentence.begin, sentence.end - sentence.begin));
  }
  return out;
}

TEST(Sentences, EndWhereWhatFollowsAgrees) {
  const struct {
    absl::string_view text;
    std::vector<std::string> sentences;
  } kCases[] = {
      {"", {}},
      {"Ein Satz", {"Ein Satz"}},
      {"Eins. Zwei! Drei? Vier… Fünf",
       {"Eins.", "Zwei!", "Drei?", "Vier…", "Fünf"}},
      {"Er sagt: „Ja.“ Dann ging er.", {"Er sagt: „Ja.“", "Dann ging er."}},
      {"„Wirklich?“ fragte er.", {"„Wirklich?“ fragte er."}},
      {"Na ja... also gut. Gut", {"Na ja... also gut.", "Gut"}},
      {"Es kostet 3,5 Mrd. Euro im Jahr.",
       {"Es kostet 3,5 Mrd. Euro im Jahr."}},
      {"Es sind 3 Mrd. Die Summe steigt.",
       {"Es sind 3 Mrd.", "Die Summe steigt."}},
      {"Am 22. Januar kam Dr. Weiß.", {"Am 22. Januar kam Dr. Weiß."}},
      {"Bis 2030. Ende", {"Bis 2030.", "Ende"}},
      {"Er wurde 3. Der Sieger jubelte.",
       {"Er wurde 3.", "Der Sieger jubelte."}},
      {"J. K. Rowling und z. B. George W. Bush.",
       {"J. K. Rowling und z. B. George W. Bush."}},
      {"Bei Booking.com buchen", {"Bei Booking.com buchen"}},
      {"Ende. 500 Leute kamen.", {"Ende.", "500 Leute kamen."}},
      {"ca. 500 Leute", {"ca. 500 Leute"}},
      {"(Ein Satz.) Noch einer.", {"(Ein Satz.)", "Noch einer."}},
      {"Ende.\nAnfang", {"Ende.", "Anfang"}},
      {"Ende. – Anfang", {"Ende.", "– Anfang"}},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Sentences(c.text), ElementsAreArray(c.sentences)) << c.text;
  }
}

TEST(Sentences, EnglishHasNoOrdinalPeriod) {
  EXPECT_THAT(Sentences("He was number 3. Peter won.", SentenceRules()),
              ElementsAre("He was number 3.", "Peter won."));
}

TEST(Sentences, ALineIsAParagraphUnlessTextIsWrapped) {
  EXPECT_THAT(Sentences("Überschrift\nEin Text\n\nNoch einer"),
              ElementsAre("Überschrift", "Ein Text", "Noch einer"));
  // Wrapped at a fixed width, after a heading.
  EXPECT_THAT(
      Sentences(
          "Überschrift\n"
          "Dies ist ein langer Text, den jemand so umgebrochen hat\n"
          "dass jede Zeile etwa gleich lang ist, wie es in alten E-Mails\n"
          "oder in Texten von Agenturen üblich war. Und der zweite Satz\n"
          "geht ebenso über mehrere Zeilen, bis er dann schließlich doch\n"
          "endet.\n\nNoch ein Absatz"),
      testing::SizeIs(4));
}

TEST(Sentences, AFullLineGoesOnInSmallLetters) {
  EXPECT_THAT(
      Sentences(
          "A harbour that sleeps\n\n"
          "Sir, I have lived beside the docks for thirty years and slept\n"
          "well since then.\n"
          "- A list of things that one might have said at some length:\n"
          "- one\n"),
      ElementsAre("A harbour that sleeps",
                  "Sir, I have lived beside the docks for thirty years and "
                  "slept\nwell since then.",
                  "- A list of things that one might have said at some length:",
                  "- one"));
}

TEST(Sentences, CoverAllTokensAndMarkTheFirstWord) {
  const Document document = Split("– Ja, klar. „Nein, nie.“ Gut", German());
  uint32_t next = 0;
  for (const Sentence& sentence : document.sentences) {
    EXPECT_EQ(sentence.first_token, next);
    next = sentence.last_token;
    int starts = 0;
    for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
      starts += document.tokens[i].Has(Token::kSentenceStart);
    }
    EXPECT_EQ(starts, 1);
  }
  EXPECT_EQ(next, document.tokens.size());
  EXPECT_TRUE(document.tokens[1].Has(Token::kSentenceStart));  // `Ja`
}

TEST(Sentences, AreNotEndless) {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "wort ";
  const Document document = Split(text, German());
  for (const Sentence& sentence : document.sentences) {
    EXPECT_LE(sentence.last_token - sentence.first_token, kMaxSentenceTokens);
  }
}

}  // namespace
}  // namespace tocsin
