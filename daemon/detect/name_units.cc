#include "detect/name_units.h"

namespace tocsin {
namespace {

constexpr uint32_t kTailFacts =
    NameWords::kFunction | NameWords::kNever | NameWords::kOrgIntro |
    NameWords::kProductIntro | NameWords::kPlaceIntro | NameWords::kWorkIntro;

class Reader {
 public:
  Reader(const Document& document, const NameWords& words, uint32_t first,
         uint32_t end)
      : document_(document), words_(words), end_(end) {
    unit_.first = first;
    unit_.last = unit_.name_last = unit_.mark_last = first + 1;
    const Token& token = document.tokens[first];
    unit_.facts = words.Facts(token.folded);
    unit_.common = words.CommonnessOf(document.Text(token), unit_.facts);
  }

  NameUnit Read() {
    while (!unit_.has_tail &&
           (Initials() || Ampersand() || Apostrophe() || Hyphen())) {
    }
    if (!unit_.has_tail) unit_.name_last = unit_.last;
    unit_.mark_last = unit_.name_last;
    if (!unit_.has_tail) Mark();
    return unit_;
  }

 private:
  const Token& At(uint32_t i) const { return document_.tokens[i]; }
  bool Attached(uint32_t i) const {
    return i < end_ && !At(i).Has(Token::kSpaceBefore);
  }
  absl::string_view Text(uint32_t i) const { return document_.Text(At(i)); }
  bool IsLetter(uint32_t i) const {
    const absl::string_view text = Text(i);
    return At(i).Has(Token::kUpperFirst) &&
           text.size() == (static_cast<uint8_t>(text[0]) < 0x80 ? 1 : 2);
  }

  // `U.S.`, `J.K.`: the last point belongs to it if there are two.
  bool Initials() {
    const uint32_t at = unit_.last;
    if (!IsLetter(at - 1) || !Attached(at) || Text(at) != ".") return false;
    if (Attached(at + 1) && At(at + 1).kind == TokenKind::kWord &&
        IsLetter(at + 1)) {
      unit_.last = at + 2;
      dotted_ = true;
      return true;
    }
    if (dotted_) {
      unit_.last = at + 1;
      dotted_ = false;
    }
    return false;
  }

  bool Ampersand() {
    const uint32_t at = unit_.last;
    if (!Attached(at) || Text(at) != "&" || !Attached(at + 1) ||
        !LooksLikeName(At(at + 1))) {
      return false;
    }
    unit_.last = at + 2;
    return true;
  }

  // `O'Brien`, `L'Oréal`.
  bool Apostrophe() {
    const uint32_t at = unit_.last;
    if (!Attached(at) || !IsApostrophe(Text(at)) || !Attached(at + 1) ||
        !LooksLikeName(At(at + 1)) || At(at - 1).end - At(at - 1).begin > 2 ||
        At(at + 1).end - At(at + 1).begin < 2) {
      return false;
    }
    unit_.facts |= words_.Facts(At(at + 1).folded) & NameWords::kPerson;
    unit_.common = NameWords::Commonness::kUnknown;
    unit_.last = at + 2;
    return true;
  }

  bool Hyphen() {
    const uint32_t at = unit_.last;
    if (!Attached(at) || !IsHyphen(Text(at)) || !Attached(at + 1)) return false;
    const Token& part = At(at + 1);
    if (part.kind != TokenKind::kWord && part.kind != TokenKind::kNumber) {
      return false;
    }
    const uint32_t facts = words_.Facts(part.folded);
    if (JoinsOn(at + 1, facts)) {
      unit_.facts |= facts & NameWords::kPerson;
      unit_.last = at + 2;
      return true;
    }
    // A tail; what hangs on it is part of it.
    unit_.has_tail = true;
    unit_.tail_facts = facts;
    unit_.name_last = at;
    unit_.last = at + 2;
    while (Attached(unit_.last) && IsHyphen(Text(unit_.last)) &&
           Attached(unit_.last + 1) &&
           At(unit_.last + 1).kind == TokenKind::kWord) {
      unit_.tail_facts = words_.Facts(At(unit_.last + 1).folded);
      unit_.last += 2;
    }
    return true;
  }

  // Whether the part of a hyphened word belongs to the name before it.
  bool JoinsOn(uint32_t i, uint32_t facts) const {
    const Token& part = At(i);
    if (part.kind == TokenKind::kNumber) return true;
    if (part.Has(Token::kHasDigit)) return true;
    if (!LooksLikeName(part)) {  // `Rio-de-Janeiro`
      return (facts & (NameWords::kParticle | NameWords::kConnector)) != 0 &&
             Attached(i + 1) && IsHyphen(Text(i + 1)) && Attached(i + 2) &&
             LooksLikeName(At(i + 2));
    }
    if ((facts & kTailFacts) != 0) return false;
    if (!words_.noun_capitals() || (facts & NameWords::kPerson) != 0) {
      return true;
    }
    return words_.CommonnessOf(document_.Text(part), facts) ==
           NameWords::Commonness::kUnknown;
  }

  // `'s`, `:s`, `'en` and the like.
  void Mark() {
    const uint32_t at = unit_.last;
    if (!Attached(at) || !Attached(at + 1)) return;
    const Token& ending = At(at + 1);
    if (!IsApostrophe(Text(at)) && Text(at) != ":") return;
    if (ending.kind != TokenKind::kWord || ending.end - ending.begin > 3 ||
        (ending.Has(Token::kUpperFirst) && ending.end - ending.begin > 1)) {
      return;
    }
    if (Attached(at + 2) && At(at + 2).kind == TokenKind::kWord) return;
    unit_.mark_last = at + 2;
    unit_.last = at + 2;
  }

  const Document& document_;
  const NameWords& words_;
  const uint32_t end_;
  NameUnit unit_;
  bool dotted_ = false;
};

}  // namespace

bool IsApostrophe(absl::string_view text) {
  return text == "'" || text == "\xE2\x80\x99" || text == "\xE2\x80\x98" ||
         text == "\xCA\xBC";
}

bool IsHyphen(absl::string_view text) {
  return text == "-" || text == "\xE2\x80\x90" || text == "\xE2\x80\x91";
}

NameUnit ReadNameUnit(const Document& document, const NameWords& words,
                      uint32_t first, uint32_t end) {
  return Reader(document, words, first, end).Read();
}

}  // namespace tocsin
