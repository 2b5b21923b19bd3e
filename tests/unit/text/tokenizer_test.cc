#include "text/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/uchar.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "random_text.h"
#include "text/fold.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

std::vector<Token> TokensOf(absl::string_view text) {
  std::vector<Token> tokens;
  Tokenize(text, Field::kBody, tokens);
  return tokens;
}

// `H100/w -/p chips/w`: text and kind, `_` where a space stands before.
std::string Shown(absl::string_view text) {
  std::string out;
  for (const Token& token : TokensOf(text)) {
    if (!out.empty()) out += token.Has(Token::kSpaceBefore) ? " _" : " ";
    const absl::string_view part =
        text.substr(token.begin, token.end - token.begin);
    const char kind = "wnpsa"[static_cast<int>(token.kind)];
    absl::StrAppend(&out, part, "/", std::string(1, kind));
  }
  return out;
}

TEST(Tokenizer, CutsText) {
  const struct {
    absl::string_view text;
    absl::string_view tokens;
  } kCases[] = {
      {"", ""},
      {" \n ", ""},
      {"Hej du!", "Hej/w _du/w !/p"},
      {"H100-Chips", "H100/w -/p Chips/w"},
      {"OpenAI’s", "OpenAI/w ’/p s/w"},
      {"1.234,5 kr", "1.234,5/n _kr/w"},
      {"1'000 and 1’000", "1'000/n _and/w _1’000/n"},
      {"500 000", "500/n _000/n"},
      {"$1.5bn 100m 5G", "$/s 1.5/n bn/w _100m/w _5G/w"},
      {"5,- 3. 7.", "5/n ,/p -/p _3/n ./p _7/n ./p"},
      {"5 % €5", "5/n _%/p _€/s 5/n"},
      {"1.2.2025, 10:24", "1.2.2025/n ,/p _10/n :/p 24/n"},
      {"so\u00ADfa \u00AD", "so\u00ADfa/w"},
      {"https://openai.com/blog?x=1, och",
       "https://openai.com/blog?x=1/a ,/p _och/w"},
      {"(www.nrk.no)", "(/p www.nrk.no/a )/p"},
      {"Mail an max.muster+x@web.de.",
       "Mail/w _an/w _max.muster+x@web.de/a ./p"},
      {"@OpenAI", "@/p OpenAI/w"},
      {"a@b and @ c", "a/w @/p b/w _and/w _@/p _c/w"},
      {"a://", "a:///a"},
      {"Booking.com", "Booking/w ./p com/w"},
      {"a\xFF"
       "b",
       "a/w \xFF/s b/w"},
      {"5\xC2\xA0"
       "000",
       "5/n _000/n"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Shown(c.text), c.tokens) << c.text;
}

TEST(Tokenizer, TellsTheShapeOfWords) {
  const struct {
    absl::string_view word;
    int flags;
  } kCases[] = {
      {"hej", Token::kHasLetter},
      {"Hej", Token::kHasLetter | Token::kUpperFirst},
      {"NATO", Token::kHasLetter | Token::kUpperFirst | Token::kAllUpper},
      {"A", Token::kHasLetter | Token::kUpperFirst},
      {"xAI", Token::kHasLetter | Token::kInnerUpper},
      {"OpenAI", Token::kHasLetter | Token::kUpperFirst | Token::kInnerUpper},
      {"H100", Token::kHasLetter | Token::kUpperFirst | Token::kHasDigit},
      {"5G", Token::kHasLetter | Token::kUpperFirst | Token::kHasDigit},
      {"1,5", Token::kHasDigit},
      {"Ö", Token::kHasLetter | Token::kUpperFirst},
      {"Путин", Token::kHasLetter | Token::kUpperFirst | Token::kNonLatin},
      {"東京", Token::kHasLetter | Token::kNonLatin},
  };
  for (const auto& c : kCases) {
    const std::vector<Token> tokens = TokensOf(c.word);
    ASSERT_EQ(tokens.size(), 1u) << c.word;
    EXPECT_EQ(tokens[0].flags & ~Token::kSpaceBefore & ~Token::kNewlineBefore,
              c.flags)
        << c.word;
  }
}

TEST(Tokenizer, TellsWhereLinesBegin) {
  const std::vector<Token> tokens = TokensOf("a b\nc \n d");
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_TRUE(tokens[0].Has(Token::kNewlineBefore));
  EXPECT_FALSE(tokens[1].Has(Token::kNewlineBefore));
  EXPECT_TRUE(tokens[2].Has(Token::kNewlineBefore));
  EXPECT_TRUE(tokens[3].Has(Token::kNewlineBefore));
}

TEST(Tokenizer, PhrasesHashLikeText) {
  EXPECT_EQ(PhraseHashes("New York"), PhraseHashes("NEW\n york"));
  EXPECT_EQ(PhraseHashes("Hassan’s"), PhraseHashes("hassan's"));
  EXPECT_NE(PhraseHashes("New York"), PhraseHashes("New-York"));
  EXPECT_TRUE(PhraseHashes(" ").empty());
}

// The slow twin: what document.h says, a code point at a time, from ICU.
// Knows no addresses.
struct Piece {
  UChar32 c;
  uint32_t begin;
  uint32_t end;
};

bool IsWordPart(UChar32 c) {
  return u_isalpha(c) || u_isdigit(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

std::vector<Piece> Pieces(absl::string_view text) {
  std::vector<Piece> pieces;
  for (size_t pos = 0; pos < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    pieces.push_back({static_cast<UChar32>(c.value), static_cast<uint32_t>(pos),
                      static_cast<uint32_t>(pos + c.size)});
    pos += c.size;
  }
  return pieces;
}

std::vector<std::string> SlowTokens(absl::string_view text) {
  const std::vector<Piece> pieces = Pieces(text);
  std::vector<std::string> out;
  const auto add = [&](size_t first, size_t last, char kind) {
    out.push_back(
        absl::StrCat(text.substr(pieces[first].begin,
                                 pieces[last - 1].end - pieces[first].begin),
                     "/", std::string(1, kind)));
  };
  const auto at = [&](size_t i) {
    return i < pieces.size() ? pieces[i].c : UChar32{0};
  };
  for (size_t i = 0; i < pieces.size();) {
    if (u_isUWhiteSpace(at(i)) || (U_GET_GC_MASK(at(i)) & U_GC_M_MASK) != 0) {
      ++i;
      continue;
    }
    if (!IsWordPart(at(i))) {
      const bool symbol =
          (U_GET_GC_MASK(at(i)) & (U_GC_S_MASK | U_GC_NO_MASK)) != 0;
      add(i, i + 1, symbol ? 's' : 'p');
      ++i;
      continue;
    }
    size_t end = i;
    bool letters = false;
    while (end < pieces.size() && IsWordPart(at(end))) {
      letters |= static_cast<bool>(u_isalpha(at(end)));
      ++end;
    }
    while (!letters && end + 1 < pieces.size() &&
           (at(end) == '.' || at(end) == ',' || at(end) == '\'' ||
            at(end) == 0x2019) &&
           at(end + 1) >= '0' && at(end + 1) <= '9') {
      ++end;
      while (at(end) >= '0' && at(end) <= '9') ++end;
    }
    add(i, end, letters ? 'w' : 'n');
    i = end;
  }
  return out;
}

TEST(Tokenizer, AgreesWithItsSlowTwinOnRandomText) {
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const std::vector<absl::string_view> pieces = {
      "a",    "B", "ord", "Å",  "ß", "1",  "22",    "333", ".",
      ",",    "'", "’",   " ",  " ", "\n", "-",     "–",   "€",
      "$",    "%", "(",   "\"", "²", "Я",  "東",    "é",   "e\u0301",
      "🙂", "½", "+",   "\t", "„", "#",  "\u00A0"};
  for (int round = 0; round < 20000; ++round) {
    const std::string text =
        RandomText(pieces, static_cast<size_t>(round % 30), random);
    std::vector<std::string> fast;
    uint32_t last_end = 0;
    for (const Token& token : TokensOf(text)) {
      ASSERT_GE(token.begin, last_end);
      last_end = token.end;
      const std::string part =
          text.substr(token.begin, token.end - token.begin);
      ASSERT_EQ(token.folded, FoldedHash(part));
      fast.push_back(absl::StrCat(
          part, "/", std::string(1, "wnpsa"[static_cast<int>(token.kind)])));
    }
    ASSERT_EQ(fast, SlowTokens(text)) << text;
  }
}

TEST(Tokenizer, CutsEndlessRuns) {
  for (const char* piece : {"a", "7", "é", "7,", "a7", "東"}) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += piece;
    uint32_t covered = 0;
    for (const Token& token : TokensOf(text)) {
      EXPECT_EQ(token.begin, covered) << piece;
      EXPECT_LE(token.end - token.begin, kMaxWordBytes + 3) << piece;
      EXPECT_EQ(token.folded,
                FoldedHash(text.substr(token.begin, token.end - token.begin)));
      covered = token.end;
    }
    EXPECT_EQ(covered, text.size());
  }
}

TEST(Tokenizer, TakesAnyBytes) {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    const std::string bytes = RandomBytes(64, random);
    uint32_t last_end = 0;
    for (const Token& token : TokensOf(bytes)) {
      ASSERT_GE(token.begin, last_end);
      ASSERT_GT(token.end, token.begin);
      ASSERT_LE(token.end, bytes.size());
      last_end = token.end;
    }
  }
}

}  // namespace
}  // namespace tocsin
