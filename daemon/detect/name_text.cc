#include "detect/name_text.h"

#include <array>
#include <cstddef>

#include "base/prefetch.h"
#include "text/fold.h"

namespace tocsin {
namespace {

// Shorter words in small letters are not looked into for what they end in.
constexpr size_t kMinCompound = 8;

// What a word with a capital says is worked out of dictionaries and of its
// parts, which takes time, and the news repeats its words: each thread
// remembers what the latest thousands said. A pure function of the key, so
// nobody can tell who asked before.
struct WordMemory {
  uint64_t key = 0;
  uint32_t facts = 0;
  uint32_t guess = 0;
};
constexpr int kMemoryBits = 13;  // 128 KB a thread.
thread_local std::array<WordMemory, size_t{1} << kMemoryBits> memory;

WordMemory& Remembered(uint64_t key) {
  return memory[key >> (64 - kMemoryBits)];
}

}  // namespace

void NameText::Prefetch(uint32_t i) const {
  tocsin::Prefetch(&Remembered(words_.MemoryKey(At(i).folded)));
}

void NameText::PrefetchUnknown(uint32_t i) const {
  const Token& token = At(i);
  if (token.word != kNoWord) return;
  const uint64_t key = words_.MemoryKey(token.folded);
  if (Remembered(key).key != key) words_.Prefetch(token.folded);
}

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
  constexpr uint32_t kKnown = NameWords::kCommon | NameWords::kPerson;
  if (token.word != kNoWord) {
    const uint32_t facts = words_.Facts(token);
    if ((facts & kKnown) != 0) return facts;
  }
  const uint64_t key = words_.MemoryKey(token.folded);
  WordMemory& word = Remembered(key);
  if (word.key != key) {
    word = {key, words_.Facts(token), 0};
    if ((word.facts & kKnown) == 0) {
      word.guess = words_.GuessFacts(FoldText(Text(i), buffer_));
    }
  }
  if (word.guess == 0 || IsGenitiveOfPerson(Text(i))) return word.facts;
  // `Lenswijk` is no kind of district where common words have no capital.
  const bool capital_says_much =
      !words_.noun_capitals() && !token.Has(Token::kSentenceStart);
  return word.facts | (capital_says_much ? word.guess & NameWords::kLikelyCommon
                                         : word.guess);
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

bool NameText::FollowsDateline(uint32_t i) const {
  if (i < 2 || IsAttached(i) || IsAttached(i - 1) || IsWord(i - 1) ||
      Text(i - 2) != ")") {
    return false;
  }
  return IsHyphen(i - 1) || Text(i - 1) == "\xE2\x80\x93" ||
         Text(i - 1) == "\xE2\x80\x94";
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
