#include "detect/name_types.h"

#include <algorithm>

#include "detect/name_units.h"

namespace tocsin {
namespace {

using Words = NameWords;

class Evidence {
 public:
  Evidence(const Document& document, const NameWords& words,
           NameCandidate& candidate)
      : document_(document), words_(words), c_(candidate) {
    const Sentence& sentence =
        document.sentences[document.tokens[candidate.first].sentence];
    begin_ = sentence.first_token;
    end_ = sentence.last_token;
  }

  void Add() {
    if (c_.listed < 0) AddInside();
    AddBefore();
    AddAfter();
    AddDefault();
  }

 private:
  const Token& At(uint32_t i) const { return document_.tokens[i]; }
  absl::string_view Text(uint32_t i) const { return document_.Text(At(i)); }
  uint32_t Facts(uint32_t i) const { return words_.Facts(At(i).folded); }
  int& P(EntityType type) { return Points(c_, type); }

  void AddInside() {
    uint32_t all = 0;
    uint32_t people = 0;
    uint32_t words = 0;
    uint32_t ordinary = 0;
    bool particle = false;
    for (uint32_t i = c_.first; i < c_.last; ++i) {
      if (At(i).kind != TokenKind::kWord) continue;
      const uint32_t facts = Facts(i);
      if (!LooksLikeName(At(i))) {
        particle |= (facts & Words::kParticle) != 0;
        continue;
      }
      ++words;
      all |= facts;
      if ((facts & Words::kPerson) != 0) {
        ++people;
      } else if ((facts & Words::kCommon) != 0) {
        ++ordinary;
      }
    }
    const Token& first = At(c_.first);
    const uint32_t first_facts = Facts(c_.first);
    if ((all & Words::kLegalForm) != 0 && words > 1) {
      P(EntityType::kOrganization) += 6;
    }
    if ((all & Words::kOrgHead) != 0)
      P(EntityType::kOrganization) += words > 1 ? 5 : 2;
    if ((all & Words::kPlaceHead) != 0 && words > 1) P(EntityType::kPlace) += 4;
    if ((all & Words::kEventHead) != 0 && words > 1) P(EntityType::kEvent) += 5;
    if ((all & Words::kNamePrefix) != 0 && words > 1)
      P(EntityType::kPlace) += 2;
    const bool all_upper = first.Has(Token::kAllUpper);
    if (words >= 2) {
      if (people > 0 && words <= 4) {
        P(EntityType::kPerson) += 2;
        if ((first_facts & Words::kGiven) != 0) {
          P(EntityType::kPerson) += 3;
        } else if ((first_facts & Words::kPerson) != 0) {
          P(EntityType::kPerson) += 1;
        }
        if (people == words) P(EntityType::kPerson) += 2;
        if (particle) P(EntityType::kPerson) += 1;
      }
      if (all_upper) P(EntityType::kOrganization) += 3;
      if (people < words && ordinary > 0) P(EntityType::kOrganization) += 2;
    } else {
      if ((first_facts & Words::kGiven) != 0) {
        P(EntityType::kPerson) += 4;
      } else if ((first_facts & Words::kPerson) != 0) {
        P(EntityType::kPerson) += 3;
      }
      if (all_upper) P(EntityType::kOrganization) += 3;
      if (first.Has(Token::kInnerUpper)) P(EntityType::kOrganization) += 2;
    }
    if (people < words) AddEndings();
    if (HasDigit()) P(EntityType::kProduct) += 5;
    if (words > 1 && IsQuoted() && people < words) P(EntityType::kWork) += 4;
  }

  // `-banken`, `-gatan`, `-sson`, also before an attached genitive.
  void AddEndings() {
    absl::string_view base = document_.Text(At(c_.first).field)
                                 .substr(c_.begin, c_.base_end - c_.begin);
    for (int i = 0; i < 2; ++i) {
      if (words_.HasOrgEnding(base)) P(EntityType::kOrganization) += 4;
      if (words_.HasPlaceEnding(base)) P(EntityType::kPlace) += 3;
      if (words_.HasPersonEnding(base)) P(EntityType::kPerson) += 3;
      const size_t ending = c_.marked ? 0 : words_.GenitiveEnding(base);
      if (ending == 0) return;
      base.remove_suffix(ending);
    }
  }

  bool HasDigit() const {
    for (uint32_t i = c_.first; i < c_.last; ++i) {
      if (At(i).Has(Token::kHasDigit)) return true;
    }
    return false;
  }

  static bool IsQuote(absl::string_view text) {
    return text == "\"" || text == "\xE2\x80\x9C" || text == "\xE2\x80\x9E" ||
           text == "\xE2\x80\x9D" || text == "\xC2\xBB" || text == "\xC2\xAB";
  }
  bool IsQuoted() const {
    return c_.first > begin_ && c_.last < end_ && IsQuote(Text(c_.first - 1)) &&
           IsQuote(Text(c_.last));
  }

  void AddBefore() {
    uint32_t i = c_.first;
    if (i == begin_) return;
    // `VD:n Sam`, `Mr. Smith`: look over a mark or point.
    --i;
    if (Text(i) == "." && i > begin_ && (Facts(i - 1) & Words::kTitle) != 0)
      --i;
    if (i > begin_ + 1 && At(i).kind == TokenKind::kWord &&
        !At(i).Has(Token::kSpaceBefore) &&
        (Text(i - 1) == ":" || IsApostrophe(Text(i - 1)))) {
      i -= 2;
    }
    if (IsQuote(Text(i)) && i > begin_ &&
        (Facts(i - 1) & Words::kWorkIntro) != 0) {
      P(EntityType::kWork) += 6;
    }
    if (At(i).kind != TokenKind::kWord) return;
    const uint32_t facts = Facts(i);
    if ((facts & Words::kTitle) != 0) {
      P(EntityType::kPerson) += 6;
      c_.belief += 3;
    }
    if ((facts & Words::kFunction) != 0) {
      P(EntityType::kPerson) += 4;
      c_.belief += 2;
    }
    if ((facts & Words::kOrgIntro) != 0) {
      P(EntityType::kOrganization) += 5;
      c_.belief += 2;
    }
    if ((facts & Words::kPlaceIntro) != 0) {
      P(EntityType::kPlace) += 5;
      c_.belief += 2;
    }
    if ((facts & Words::kProductIntro) != 0) {
      P(EntityType::kProduct) += 5;
      c_.belief += 2;
    }
    if ((facts & Words::kWorkIntro) != 0) {
      P(EntityType::kWork) += 5;
      c_.belief += 2;
    }
    if ((facts & Words::kOrgContext) != 0) P(EntityType::kOrganization) += 3;
    if ((facts & Words::kPersonContext) != 0) P(EntityType::kPerson) += 3;
    if ((facts & Words::kReport) != 0) P(EntityType::kPerson) += 2;
    if ((facts & Words::kPlacePrep) != 0) {
      P(EntityType::kPlace) += 3;
      c_.belief += 1;
    }
    // Before a noun, not before a name: `der neue Chef`.
    if (c_.words == 1 && c_.listed < 0 && !LooksLikeName(At(i)) &&
        (facts & Words::kStop) == 0 && words_.HasAdjectiveEnding(Text(i)) &&
        !At(c_.first).Has(Token::kAllUpper)) {
      c_.belief -= 1;
    }
    if ((facts & Words::kDeterminer) != 0) {
      if (c_.words == 1 && c_.listed < 0) {
        c_.belief -= At(c_.first).Has(Token::kAllUpper) ||
                             At(c_.first).Has(Token::kInnerUpper)
                         ? 0
                         : 2;
      }
      P(EntityType::kPerson) -= 1;
      if (c_.listed < 0) P(EntityType::kOrganization) += 1;
    }
  }

  void AddAfter() {
    uint32_t i = c_.last;
    if (i >= end_) return;
    const uint32_t facts = Facts(i);
    if ((facts & Words::kReport) != 0) P(EntityType::kPerson) += 2;
    if ((facts & Words::kOrgContext) != 0) P(EntityType::kOrganization) += 3;
    if ((facts & Words::kPersonContext) != 0) P(EntityType::kPerson) += 2;
    // `X, chief executive of Y`, `X (43)`
    if (i + 1 < end_ && (Text(i) == "," || Text(i) == "(")) {
      const uint32_t next = Facts(i + 1);
      if ((next & Words::kFunction) != 0) P(EntityType::kPerson) += 3;
      if (At(i + 1).kind == TokenKind::kNumber &&
          At(i + 1).end - At(i + 1).begin == 2) {
        P(EntityType::kPerson) += 3;
      }
      if (i + 2 < end_ && (next & Words::kDeterminer) != 0 &&
          (Facts(i + 2) & Words::kFunction) != 0) {
        P(EntityType::kPerson) += 3;
      }
    }
  }

  // When nothing says more.
  void AddDefault() {
    if (c_.listed >= 0) return;
    P(c_.words <= 2 ? EntityType::kPerson : EntityType::kOrganization) += 1;
  }

  const Document& document_;
  const NameWords& words_;
  NameCandidate& c_;
  uint32_t begin_;
  uint32_t end_;
};

}  // namespace

void AddEvidence(const Document& document, const NameWords& words,
                 NameCandidate& candidate) {
  Evidence(document, words, candidate).Add();
}

void AddListEvidence(const Document& document, const NameWords& words,
                     std::vector<NameCandidate>& candidates) {
  const auto joined = [&](const NameCandidate& a, const NameCandidate& b) {
    if (a.last >= b.first || b.first - a.last > 2) return false;
    for (uint32_t i = a.last; i < b.first; ++i) {
      const absl::string_view text = document.Text(document.tokens[i]);
      const uint32_t facts = words.Facts(document.tokens[i].folded);
      if (text != "," && (facts & NameWords::kConjunction) == 0) return false;
    }
    return document.tokens[a.first].sentence ==
           document.tokens[b.first].sentence;
  };
  for (size_t i = 1; i < candidates.size(); ++i) {
    NameCandidate& a = candidates[i - 1];
    NameCandidate& b = candidates[i];
    if (!joined(a, b)) continue;
    if (a.listed >= 0 && b.listed < 0) {
      Points(b, BestType(a)) += 2;
    } else if (b.listed >= 0 && a.listed < 0) {
      Points(a, BestType(b)) += 2;
    }
  }
}

}  // namespace tocsin
