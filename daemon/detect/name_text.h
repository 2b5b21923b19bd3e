// A document as name detection sees it: what its words say is worked out once
// for each token, when it is first asked for.
//
// Views the document and the tables; for one thread.
#ifndef TOCSIN_DETECT_NAME_TEXT_H_
#define TOCSIN_DETECT_NAME_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "detect/name_words.h"
#include "text/document.h"

namespace tocsin {

class NameText {
 public:
  NameText(const Document& document, const NameWords& words)
      : document_(document),
        words_(words),
        facts_(document.tokens.size(), kUnasked) {}

  const Document& document() const { return document_; }
  const NameWords& words() const { return words_; }

  const Token& At(uint32_t i) const { return document_.tokens[i]; }
  absl::string_view Text(uint32_t i) const {
    return document_.Text(document_.tokens[i]);
  }
  uint32_t size() const {
    return static_cast<uint32_t>(document_.tokens.size());
  }

  // NameWords::Fact bits of a token.
  uint32_t Facts(uint32_t i) {
    if (facts_[i] == kUnasked) facts_[i] = WorkOut(i);
    return facts_[i];
  }
  bool Is(uint32_t i, uint32_t any_of) { return (Facts(i) & any_of) != 0; }

  // Sends for what Facts() will look at, in two steps, for the second depends
  // on what the first one brings.
  void Prefetch(uint32_t i) const;
  void PrefetchUnknown(uint32_t i) const;

  // A word that can begin or end a name: with a capital somewhere.
  bool IsCapital(uint32_t i) const {
    const Token& token = At(i);
    return token.kind == TokenKind::kWord &&
           (token.flags & (Token::kUpperFirst | Token::kInnerUpper)) != 0;
  }
  bool IsWord(uint32_t i) const { return At(i).kind == TokenKind::kWord; }
  // Stands right after the token before it.
  bool IsAttached(uint32_t i) const { return !At(i).Has(Token::kSpaceBefore); }
  // Where a capital says nothing.
  bool BeginsLine(uint32_t i) const {
    return (At(i).flags & (Token::kSentenceStart | Token::kNewlineBefore)) !=
               0 ||
           FollowsDateline(i);
  }
  // `STOCKHOLM (TT) – Bankerna`
  bool FollowsDateline(uint32_t i) const;
  bool IsHyphen(uint32_t i) const;
  bool IsApostrophe(uint32_t i) const;
  bool IsQuote(uint32_t i) const;
  // One capital letter.
  bool IsInitial(uint32_t i) const;
  // `III`
  bool IsNumeral(uint32_t i) const;
  // Capitals and a small s: `MPs`.
  bool IsPluralAcronym(uint32_t i) const;

 private:
  static constexpr uint32_t kUnasked = 1u << 31;

  uint32_t WorkOut(uint32_t i);
  bool IsGenitiveOfPerson(absl::string_view word) const;

  const Document& document_;
  const NameWords& words_;
  std::vector<uint32_t> facts_;
  std::string buffer_;  // For folded text.
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_TEXT_H_
