#include "detect/name_units.h"

#include "text/fold.h"

namespace tocsin {
namespace {

class Reader {
 public:
  Reader(NameText& text, uint32_t first, uint32_t end)
      : text_(text), end_(end) {
    unit_.first = first;
    unit_.last = first + 1;
    unit_.facts = text.Facts(first);
  }

  NameUnit Read() {
    while (!unit_.has_tail && Attached(unit_.last) &&
           (Initials() || NumeralPoint() || Slash() || Ampersand() ||
            Apostrophe() || Hyphen())) {
    }
    if (!unit_.has_tail) unit_.name_last = unit_.last;
    unit_.mark_last = unit_.name_last;
    if (!unit_.has_tail) Mark();
    return unit_;
  }

 private:
  bool Attached(uint32_t i) const { return i < end_ && text_.IsAttached(i); }
  size_t Bytes(uint32_t i) const { return text_.At(i).end - text_.At(i).begin; }

  // `U.S.`, `J.K.`: the last point belongs to it if there are two.
  bool Initials() {
    const uint32_t at = unit_.last;
    if (!text_.IsInitial(at - 1) || text_.Text(at) != ".") return false;
    if (Attached(at + 1) && text_.IsWord(at + 1) && text_.IsInitial(at + 1)) {
      unit_.last = at + 2;
      dotted_ = true;
      return true;
    }
    if (!dotted_) return false;
    unit_.last = at + 1;
    dotted_ = false;
    return true;
  }

  // `Felipe V. und`
  bool NumeralPoint() {
    const uint32_t at = unit_.last;
    if (!text_.words().ordinal_point() || text_.Text(at) != "." ||
        at != unit_.first + 1 || at + 1 >= end_ ||
        !text_.IsNumeral(unit_.first) ||
        text_.At(at + 1).Has(Token::kSentenceStart)) {
      return false;
    }
    unit_.last = at + 1;
    return true;
  }

  // `AC/DC`, `A/S`
  bool Slash() {
    const uint32_t at = unit_.last;
    if (text_.Text(at) != "/" || !Attached(at + 1) || !Short(at - 1) ||
        !Short(at + 1)) {
      return false;
    }
    const Token& first = text_.At(unit_.first);
    const absl::string_view all =
        text_.document()
            .Text(first.field)
            .substr(first.begin, text_.At(at + 1).end - first.begin);
    unit_.facts = text_.words().Facts(FoldedHash(all));
    unit_.last = at + 2;
    return true;
  }
  bool Short(uint32_t i) const {
    return Bytes(i) <= 3 && text_.IsWord(i) &&
           (text_.At(i).Has(Token::kAllUpper) || text_.IsInitial(i));
  }

  bool Ampersand() {
    const uint32_t at = unit_.last;
    if (text_.Text(at) != "&" || !Attached(at + 1) ||
        !text_.IsCapital(at + 1)) {
      return false;
    }
    unit_.last = at + 2;
    return true;
  }

  // `O'Brien`, `L'Oréal`.
  bool Apostrophe() {
    const uint32_t at = unit_.last;
    if (!text_.IsApostrophe(at) || !Attached(at + 1) ||
        !text_.IsCapital(at + 1) || Bytes(at - 1) > 2 || Bytes(at + 1) < 2) {
      return false;
    }
    unit_.facts = text_.Facts(at + 1) & NameWords::kPerson;
    unit_.last = at + 2;
    return true;
  }

  bool Hyphen() {
    const uint32_t at = unit_.last;
    if (!text_.IsHyphen(at) || !Attached(at + 1)) return false;
    const TokenKind kind = text_.At(at + 1).kind;
    if (kind != TokenKind::kWord && kind != TokenKind::kNumber) return false;
    if (JoinsOn(at + 1)) {
      unit_.facts |= text_.Facts(at + 1) & NameWords::kPerson;
      unit_.last = at + 2;
      return true;
    }
    // A tail; what hangs on it is part of it.
    unit_.has_tail = true;
    unit_.name_last = at;
    unit_.last = at + 2;
    while (Attached(unit_.last) && text_.IsHyphen(unit_.last) &&
           Attached(unit_.last + 1) && text_.IsWord(unit_.last + 1)) {
      unit_.last += 2;
    }
    return true;
  }

  // Whether the part of a hyphened word belongs to the name before it.
  bool JoinsOn(uint32_t i) {
    if (text_.At(i).kind == TokenKind::kNumber) return true;
    if (text_.At(i).Has(Token::kHasDigit)) return true;
    const uint32_t facts = text_.Facts(i);
    if (IsJoinedHead(facts)) {
      unit_.facts |= facts & NameWords::kHead;
      if (unit_.last > unit_.first + 1) unit_.facts &= ~kOrdinary;
      return true;
    }
    if (!text_.IsCapital(i)) {  // `Rio-de-Janeiro`
      return (facts & (NameWords::kParticle | NameWords::kConnector)) != 0 &&
             Attached(i + 1) && text_.IsHyphen(i + 1) && Attached(i + 2) &&
             text_.IsCapital(i + 2);
    }
    if ((facts & (NameWords::kIntro | NameWords::kNever)) != 0) return false;
    if (!text_.words().noun_capitals()) return true;
    return (facts & NameWords::kPerson) != 0 || (facts & kOrdinary) == 0;
  }

  // `Konrad-Adenauer-Stiftung`, `Gaza-Streifen`: the head makes another name of
  // what stands before it. `Siemens-Konzern`, `US-Senat` are Siemens and the
  // US.
  bool IsJoinedHead(uint32_t facts) const {
    if ((facts & NameWords::kHead) == 0) return false;
    return unit_.last > unit_.first + 1 ||
           ((facts & NameWords::kIntro) == 0 &&
            !text_.At(unit_.first).Has(Token::kAllUpper));
  }

  // `'s`, `:s`, `'en` and the like.
  void Mark() {
    const uint32_t at = unit_.last;
    if (!Attached(at)) return;
    if (BareApostrophe(at)) {
      unit_.mark_last = unit_.last = at + 1;
      return;
    }
    if (!Attached(at + 1)) return;
    if (!text_.IsApostrophe(at) && text_.Text(at) != ":") return;
    if (!text_.IsWord(at + 1) || Bytes(at + 1) > 3 ||
        (text_.IsCapital(at + 1) && Bytes(at + 1) > 1)) {
      return;
    }
    if (Attached(at + 2) && text_.IsWord(at + 2)) return;
    unit_.mark_last = at + 2;
    unit_.last = at + 2;
  }

  // `Philips’ winst`, but not the end of a quotation.
  bool BareApostrophe(uint32_t at) {
    const char last = text_.Text(at - 1).back();
    return text_.IsApostrophe(at) && (last == 's' || last == 'x') &&
           at + 1 < end_ && !text_.IsAttached(at + 1) && text_.IsWord(at + 1) &&
           !text_.IsCapital(at + 1) && !text_.Is(at + 1, NameWords::kStop) &&
           (unit_.first == 0 || !text_.IsApostrophe(unit_.first - 1));
  }

  static constexpr uint32_t kOrdinary =
      NameWords::kCommon | NameWords::kLikelyCommon;

  NameText& text_;
  const uint32_t end_;
  NameUnit unit_;
  bool dotted_ = false;
};

}  // namespace

NameUnit ReadNameUnit(NameText& text, uint32_t first, uint32_t end) {
  return Reader(text, first, end).Read();
}

bool IsCapitalParticle(const NameText& text, const NameUnit& unit) {
  return unit.Is(NameWords::kParticle) && unit.Is(NameWords::kStop) &&
         !unit.Is(NameWords::kDeterminer) && text.IsCapital(unit.first) &&
         !text.BeginsLine(unit.first) && text.IsWord(unit.first - 1);
}

}  // namespace tocsin
