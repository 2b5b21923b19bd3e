#include "detect/name_text.h"

#include "text/fold.h"

namespace tocsin {
namespace {

// Shorter words in small letters are not looked into for what they end in.
constexpr size_t kMinCompound = 8;

}  // namespace

uint32_t NameText::WorkOut(uint32_t i) {
  const Token& token = At(i);
  if (token.kind != TokenKind::kWord) return 0;
  if (!IsCapital(i)) {
    const uint32_t cues = words_.Cues(token);
    if (cues != 0 || token.end - token.begin < kMinCompound ||
        !words_.MayEndInIntro(Text(i))) {
      return cues;
    }
    return words_.TailIntro(FoldText(Text(i), buffer_));
  }
  const uint32_t facts = words_.Facts(token);
  if ((facts & (NameWords::kCommon | NameWords::kPerson)) != 0) return facts;
  const absl::string_view word = Text(i);
  const uint32_t guess = words_.GuessFacts(FoldText(word, buffer_));
  if (guess != 0 && IsGenitiveOfPerson(word)) return facts;
  // `Lenswijk` is no kind of district where common words have no capital.
  const bool capital_says_much =
      !words_.noun_capitals() && !token.Has(Token::kSentenceStart);
  return facts | (capital_says_much ? guess & NameWords::kLikelyCommon : guess);
}

// `Hedbergs` is not made of words if `Hedberg` is a surname.
bool NameText::IsGenitiveOfPerson(absl::string_view word) const {
  const size_t ending = words_.genitive_endings().Find(word);
  if (ending == 0) return false;
  const uint32_t stem =
      words_.Facts(FoldedHash(word.substr(0, word.size() - ending)));
  return (stem & (NameWords::kCommon | NameWords::kPerson)) ==
         NameWords::kPerson;
}

bool NameText::IsHyphen(uint32_t i) const {
  const absl::string_view text = Text(i);
  return text == "-" || text == "\xE2\x80\x90" || text == "\xE2\x80\x91";
}

bool NameText::IsApostrophe(uint32_t i) const {
  const absl::string_view text = Text(i);
  return text == "'" || text == "\xE2\x80\x99" || text == "\xE2\x80\x98" ||
         text == "\xCA\xBC";
}

bool NameText::IsQuote(uint32_t i) const {
  const absl::string_view text = Text(i);
  return text == "\"" || text == "\xE2\x80\x9C" || text == "\xE2\x80\x9E" ||
         text == "\xE2\x80\x9D" || text == "\xC2\xBB" || text == "\xC2\xAB";
}

bool NameText::IsInitial(uint32_t i) const {
  if (!At(i).Has(Token::kUpperFirst)) return false;
  const absl::string_view text = Text(i);
  return text.size() == (static_cast<uint8_t>(text[0]) < 0x80 ? 1 : 2);
}

bool NameText::IsNumeral(uint32_t i) const {
  return Text(i).find_first_not_of("IVX") == absl::string_view::npos;
}

bool NameText::IsPluralAcronym(uint32_t i) const {
  const absl::string_view text = Text(i);
  if (text.size() < 3 || text.back() != 's') return false;
  for (char c : text.substr(0, text.size() - 1)) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

}  // namespace tocsin
