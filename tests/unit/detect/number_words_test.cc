// Number words against a twin that writes them: every number below a million
// of a sample, in languages that put them together in different ways.
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "detect/amount_detector.h"
#include "gtest/gtest.h"
#include "lexicon/text_rules.h"
#include "text/parse.h"

namespace tocsin {
namespace {

struct Speller {
  std::string language;
  std::string unit;  // A currency, and its code.
  std::string code;
  std::function<std::string(int)> spell;  // 1 to 999,999.
};

std::string German(int n) {
  static const std::vector<std::string> kSmall = {
      "",         "ein",      "zwei",     "drei",     "vier",
      "fünf",     "sechs",    "sieben",   "acht",     "neun",
      "zehn",     "elf",      "zwölf",    "dreizehn", "vierzehn",
      "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"};
  static const std::vector<std::string> kTens = {
      "",        "",        "zwanzig", "dreißig", "vierzig",
      "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"};
  if (n >= 1000) return German(n / 1000) + "tausend" + German(n % 1000);
  if (n >= 100) return kSmall[n / 100] + "hundert" + German(n % 100);
  if (n < 20) return kSmall[n];
  if (n % 10 == 0) return kTens[n / 10];
  return kSmall[n % 10] + "und" + kTens[n / 10];
}

std::string Dutch(int n) {
  static const std::vector<std::string> kSmall = {
      "",         "een",     "twee",      "drie",     "vier",
      "vijf",     "zes",     "zeven",     "acht",     "negen",
      "tien",     "elf",     "twaalf",    "dertien",  "veertien",
      "vijftien", "zestien", "zeventien", "achttien", "negentien"};
  static const std::vector<std::string> kTens = {
      "",        "",       "twintig",  "dertig",  "veertig",
      "vijftig", "zestig", "zeventig", "tachtig", "negentig"};
  if (n >= 1000) {
    return (n / 1000 == 1 ? "" : Dutch(n / 1000)) + "duizend" + Dutch(n % 1000);
  }
  if (n >= 100) {
    return (n / 100 == 1 ? "" : kSmall[n / 100]) + "honderd" + Dutch(n % 100);
  }
  if (n < 20) return kSmall[n];
  if (n % 10 == 0) return kTens[n / 10];
  const bool diaeresis = n % 10 == 2 || n % 10 == 3;
  return kSmall[n % 10] + (diaeresis ? "ën" : "en") + kTens[n / 10];
}

std::string Swedish(int n) {
  static const std::vector<std::string> kSmall = {
      "",        "ett",    "två",    "tre",     "fyra",  "fem",   "sex",
      "sju",     "åtta",   "nio",    "tio",     "elva",  "tolv",  "tretton",
      "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"};
  static const std::vector<std::string> kTens = {
      "",       "",       "tjugo",   "trettio", "fyrtio",
      "femtio", "sextio", "sjuttio", "åttio",   "nittio"};
  if (n >= 1000) return Swedish(n / 1000) + "tusen" + Swedish(n % 1000);
  if (n >= 100) return kSmall[n / 100] + "hundra" + Swedish(n % 100);
  if (n < 20) return kSmall[n];
  return kTens[n / 10] + kSmall[n % 10];
}

std::string Danish(int n) {
  static const std::vector<std::string> kSmall = {
      "",        "en",     "to",      "tre",    "fire",   "fem",   "seks",
      "syv",     "otte",   "ni",      "ti",     "elleve", "tolv",  "tretten",
      "fjorten", "femten", "seksten", "sytten", "atten",  "nitten"};
  static const std::vector<std::string> kTens = {
      "",          "",     "tyve",       "tredive", "fyrre",
      "halvtreds", "tres", "halvfjerds", "firs",    "halvfems"};
  if (n >= 1000) {
    return Danish(n / 1000) + " tusind" +
           (n % 1000 == 0 ? ""
                          : (n % 1000 < 100 ? " og " : " ") + Danish(n % 1000));
  }
  if (n >= 100) {
    return (n / 100 == 1 ? "" : kSmall[n / 100] + " ") + "hundrede" +
           (n % 100 == 0 ? "" : " og " + Danish(n % 100));
  }
  if (n < 20) return kSmall[n];
  if (n % 10 == 0) return kTens[n / 10];
  return kSmall[n % 10] + "og" + kTens[n / 10];
}

std::string English(int n) {
  static const std::vector<std::string> kSmall = {
      "",        "one",     "two",       "three",    "four",
      "five",    "six",     "seven",     "eight",    "nine",
      "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
      "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
  static const std::vector<std::string> kTens = {
      "",      "",      "twenty",  "thirty", "forty",
      "fifty", "sixty", "seventy", "eighty", "ninety"};
  if (n >= 1000) {
    return English(n / 1000) + " thousand" +
           (n % 1000 == 0 ? "" : " " + English(n % 1000));
  }
  if (n >= 100) {
    return kSmall[n / 100] + " hundred" +
           (n % 100 == 0 ? "" : " and " + English(n % 100));
  }
  if (n < 20) return kSmall[n];
  if (n % 10 == 0) return kTens[n / 10];
  return kTens[n / 10] + "-" + kSmall[n % 10];
}

TEST(NumberWords, AreReadAsTheyAreWritten) {
  auto lexicon = Lexicon::Load({TOCSIN_SOURCE_DIR "/daemon/data", true});
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  auto rules = CompileTextRules(**lexicon);
  ASSERT_TRUE(rules.ok()) << rules.status();
  auto vocabulary = std::make_shared<Vocabulary>();
  auto detector = AmountDetector::Create(**lexicon, *vocabulary);
  rules->vocabulary = vocabulary;
  ASSERT_TRUE(detector.ok()) << detector.status();
  const std::vector<Speller> spellers = {
      {"de", "Euro", "EUR", German},     {"nl", "euro", "EUR", Dutch},
      {"sv", "kronor", "SEK", Swedish},  {"da", "kroner", "DKK", Danish},
      {"en", "dollars", "USD", English},
  };
  std::mt19937 random(11);
  std::vector<int> numbers;
  for (int n = 2; n <= 1000; ++n) numbers.push_back(n);
  for (int i = 0; i < 1000; ++i) {
    numbers.push_back(static_cast<int>(1000 + random() % 999000));
  }
  for (const Speller& speller : spellers) {
    for (const int n : numbers) {
      Article article;
      article.language = speller.language;
      article.body = absl::StrCat(speller.spell(n), " ", speller.unit);
      const Document document = Parse(article, *rules);
      const std::vector<AmountMention> found = (*detector)->Detect(document);
      ASSERT_EQ(found.size(), 1u) << article.body;
      EXPECT_EQ(found[0].amount.low.text, absl::StrCat(n)) << article.body;
      EXPECT_EQ(found[0].amount.unit, speller.code) << article.body;
      EXPECT_EQ(found[0].span.begin, 0u) << article.body;
    }
  }
}

}  // namespace
}  // namespace tocsin
