#include "text/fold.h"

#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "random_text.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

TEST(Fold, MakesKeys) {
  const struct {
    absl::string_view text;
    absl::string_view key;
  } kCases[] = {
      {"OpenAI", "openai"},
      {"Sam Altman", "sam-altman"},
      {"  Sam   Altman! ", "sam-altman"},
      {"Malmö", "malmo"},
      {"Ærø", "aero"},
      {"Straße", "strasse"},
      {"STRASSE", "strasse"},
      {"Łódź", "lodz"},
      {"Đoković", "dokovic"},
      {"İstanbul", "istanbul"},
      {"L’Oréal", "l-oreal"},
      {"AT&T", "at-t"},
      {"Hawai\u02BBi Ba\u02BCa \u0149x \u0140l", "hawai-i-ba-a-nx-l-l"},
      {"DeepSeek-R1", "deepseek-r1"},
      {"ＴＯＫＹＯ ２０", "tokyo-20"},
      {"ﬁnans", "finans"},
      {"re\u0301sume\u0301", "resume"},  // Decomposed.
      {"so\u00ADfa", "sofa"},            // A soft hyphen.
      {"Москва", "москва"},
      {"Αθήνα", "αθηνα"},
      {"東京", "東京"},
      {"- ! -", ""},
      {"", ""},
  };
  for (const auto& c : kCases) EXPECT_EQ(Fold(c.text), c.key) << c.text;
}

TEST(Fold, KeysHaveALimitAndEndAtACodePoint) {
  EXPECT_EQ(Fold(std::string(1000, 'a')).size(), 200u);
  std::string text;
  for (int i = 0; i < 100; ++i) text += "東";
  const std::string key = Fold(text);
  EXPECT_EQ(key.size(), 198u);
  EXPECT_TRUE(IsValidUtf8(key));
}

// The hash of a text is the hash of its folded form, whichever way it took.
TEST(Fold, HashIsThatOfTheFoldedText) {
  std::mt19937 random(2);
  const std::vector<absl::string_view> pieces = {
      "a",         "B",      "zZ",   "Å",    "ö",       "ß", "€",
      "7",         "-",      "’",    "é",    "e\u0301", "Я", "東",
      "The Quick", "\u00AD", "@[`{", "\xFF", "\xC3",    "ﬁ"};
  for (int round = 0; round < 20000; ++round) {
    const std::string text =
        RandomText(pieces, static_cast<size_t>(round % 12), random);
    const std::string folded = FoldText(text);
    ASSERT_EQ(FoldedHash(text), FoldedHash(folded)) << text;
    ASSERT_EQ(FoldedHash(text), ExactHash(folded)) << text;
    ASSERT_EQ(FoldText(folded), folded) << text;
    ASSERT_NE(FoldedHash(text), 0u);
  }
}

TEST(Fold, HashesOfDifferentWordsDiffer) {
  EXPECT_NE(FoldedHash("a"), FoldedHash("b"));
  EXPECT_NE(FoldedHash("abc"), FoldedHash(absl::string_view("abc\0", 4)));
  EXPECT_NE(FoldedHash("12345678"), FoldedHash("123456781"));
  EXPECT_NE(ExactHash("us"), ExactHash("US"));
  EXPECT_EQ(FoldedHash("us"), FoldedHash("US"));
}

// Hashes are stored (words, fingerprints): changing them is a change of the
// disk format.
TEST(Fold, HashIsStable) {
  EXPECT_EQ(FoldedHash("OpenAI"), uint64_t{3821105189918237814u});
  EXPECT_EQ(FoldedHash("Miljardärerna"), uint64_t{14387677617881607655u});
}

// For every letter of a script with case: ICU's compatibility decomposition
// without its marks, case-folded, unless a transliteration is told in fold.h.
TEST(Fold, AgreesWithIcuOnLetters) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2& nfkd = *icu::Normalizer2::getNFKDInstance(error);
  ASSERT_TRUE(U_SUCCESS(error));
  int compared = 0;
  for (UChar32 c = 0; c < 0x110000; ++c) {
    if (!u_isalpha(c) || !u_hasBinaryProperty(c, UCHAR_CASED)) continue;
    const icu::UnicodeString decomposed =
        nfkd.normalize(icu::UnicodeString(c), error);
    icu::UnicodeString stripped;
    for (int32_t i = 0; i < decomposed.length();
         i = decomposed.moveIndex32(i, 1)) {
      const UChar32 part = decomposed.char32At(i);
      if (u_getIntPropertyValue(part, UCHAR_CANONICAL_COMBINING_CLASS) == 0) {
        stripped.append(part);
      }
    }
    std::string expected;
    stripped.foldCase().toUTF8String(expected);
    std::string self;
    AppendUtf8(static_cast<char32_t>(c), self);
    const std::string folded = FoldText(self);
    // Transliterated letters of the Latin script are in the table above.
    const bool ascii = folded.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyz'") == std::string::npos;
    if (folded != expected && ascii &&
        uscript_getScript(c, &error) == USCRIPT_LATIN) {
      continue;
    }
    ++compared;
    EXPECT_EQ(FoldText(folded), FoldText(expected))
        << self << " U+" << std::hex << c;
  }
  EXPECT_GT(compared, 2500);
}

}  // namespace
}  // namespace tocsin
