#include "detect/name_run.h"

#include <cstddef>

#include "detect/name_shapes.h"

namespace tocsin {
namespace {

using Words = NameWords;

// For a name that its form shows to be one.
constexpr int kNamed = 5;

// A run, by the places of its units in it.
class NameRun {
 public:
  NameRun(NameText& text, absl::Span<const NameUnit> run, SentenceStyle style)
      : text_(text), run_(run), style_(style) {}

  uint32_t Cut(std::vector<NameCandidate>& candidates,
               std::vector<uint32_t>& passed_over);

 private:
  bool OpensName(size_t u) const;
  bool OpensWithParticle(size_t u) const;
  bool OpensWithAdjective(size_t u) const;
  bool BeginsBeforeHead(size_t u) const;
  bool IsLead(size_t u) const;
  bool IsCompanyNoun(size_t u) const;
  bool IntroducesNext(size_t u) const;
  bool IsIntroduced(size_t u) const;
  bool ActsAsCompany(size_t first, size_t u);
  bool NeverByItself(const NameUnit& unit) const;
  bool HeadsOrganisation(size_t u) const;
  size_t SegmentEnd(size_t u);
  bool IsSurname(size_t first, size_t u) const;
  bool FollowsFunction(uint32_t token) const;
  bool EndsInGenitive(const NameUnit& unit) const;
  bool ContinuesCompany(const NameUnit& unit, size_t next) const;
  bool TakesInRest(size_t u, size_t next) const;
  bool IsOrdinaryNoun(const NameUnit& unit) const;
  bool IsNumeral(const NameUnit& unit) const;

  NameText& text_;
  const absl::Span<const NameUnit> run_;
  const SentenceStyle style_;
};

bool NameRun::IsOrdinaryNoun(const NameUnit& unit) const {
  return unit.IsOrdinary() &&
         !unit.Is(Words::kHead | Words::kLegalForm | Words::kNamePrefix) &&
         !text_.At(unit.first).Has(Token::kAllUpper);
}

// `Paul VI`, where `vi` is a function word, too.
bool NameRun::IsNumeral(const NameUnit& unit) const {
  return text_.IsNumeral(unit.first) &&
         (!unit.Is(Words::kStop) || text_.At(unit.first).Has(Token::kAllUpper));
}

// Whether what begins with unit u ends in the head of an organisation, right
// behind it: `French Digital Council`.
bool NameRun::HeadsOrganisation(size_t u) const {
  for (size_t i = u + 1; i < run_.size(); ++i) {
    if (run_[i].first > run_[i - 1].last ||
        run_[i].Is(Words::kTitle | Words::kFunction | Words::kStop)) {
      return false;
    }
    if (run_[i].Is(Words::kOrgHead)) return true;
  }
  return false;
}

// `The Mozilla Foundation`, `Det Kongelige Kapel` within a sentence.
bool NameRun::OpensName(size_t u) const {
  const NameUnit& unit = run_[u];
  if ((u > 0 && !run_[u - 1].Is(Words::kStop)) || u + 1 >= run_.size() ||
      style_ != SentenceStyle::kProse || !unit.Is(Words::kDeterminer) ||
      unit.last > unit.first + 1) {
    return false;
  }
  if (text_.BeginsLine(unit.first)
          ? !text_.words().determiner_inside() || u + 2 >= run_.size() ||
                !run_[u + 1].Is(Words::kCommon) || run_[u + 1].match
          : !text_.IsWord(unit.first - 1)) {
    return false;
  }
  const NameUnit& next = run_[u + 1];
  const bool listed =
      next.match && next.match.kind.curated &&
      next.first + next.match.token_count >= run_.back().name_last;
  return next.first == unit.last && !listed &&
         !next.Is(Words::kNever | Words::kStop | Words::kTitle);
}

// `volgens Van der Sloot`: where no given name stands before it, the particle
// has a capital.
bool NameRun::OpensWithParticle(size_t u) const {
  const NameUnit& unit = run_[u];
  return u == 0 && run_.size() > 1 && style_ == SentenceStyle::kProse &&
         IsCapitalParticle(text_, unit) &&
         !run_[1].Is(Words::kStop | Words::kNever | Words::kTitle);
}

// `der Nordirischen Versammlung`: elsewhere adjectives have no capital.
bool NameRun::OpensWithAdjective(size_t u) const {
  const NameUnit& unit = run_[u];
  if (!text_.words().noun_capitals() || style_ != SentenceStyle::kProse ||
      u + 1 >= run_.size() || unit.last > unit.first + 1 ||
      run_[u + 1].first > unit.last || text_.BeginsLine(unit.first) ||
      !text_.IsWord(unit.first - 1)) {
    return false;
  }
  const NameUnit& next = run_[u + 1];
  // `des Deutschen Instituts für Wirtschaftsforschung`
  const bool national = unit.Is(Words::kDemonym) && next.Is(Words::kOrgHead);
  if (!national &&
      text_.words().name_adjectives().Find(text_.Text(unit.first)) == 0) {
    return false;
  }
  return !next.match && !next.Is(Words::kStop | Words::kNever | Words::kTitle |
                                 Words::kFunction | Words::kDemonym);
}

// `Østre Landsret` at the beginning of a sentence, where common words before a
// head have no capital otherwise.
bool NameRun::BeginsBeforeHead(size_t u) const {
  if (text_.words().noun_capitals() || style_ != SentenceStyle::kProse ||
      u + 1 >= run_.size() || run_[u + 1].first > run_[u].last ||
      !text_.IsCapital(run_[u + 1].first)) {
    return false;
  }
  // `Kungliga Operan`: the second has a capital only within a name.
  constexpr uint32_t kOther = Words::kPerson | Words::kNever | Words::kStop |
                              Words::kTitle | Words::kIntro | Words::kDemonym |
                              Words::kNamePrefix;
  return run_[u + 1].Is(Words::kOrgHead | Words::kPlaceHead) ||
         (run_[u + 1].Is(Words::kCommon) && !run_[u + 1].Is(kOther) &&
          !run_[u + 1].match && !run_[u + 1].has_tail &&
          !text_.At(run_[u + 1].first).Has(Token::kAllUpper));
}

// Whether the unit introduces what follows and is not part of the name.
bool NameRun::IsLead(size_t u) const {
  const NameUnit& unit = run_[u];
  const bool last = u + 1 == run_.size();
  const bool given = unit.Is(Words::kGiven) && !last;
  if (OpensName(u) || OpensWithParticle(u) || OpensWithAdjective(u)) {
    return false;
  }
  if (unit.Is(Words::kNever | Words::kTitle)) return true;
  // `Per Hansen`, though `per` is a function word.
  // `säger Per af Ekenstam`
  const bool noble = given && !text_.BeginsLine(unit.first) &&
                     style_ == SentenceStyle::kProse &&
                     run_[u + 1].first == unit.last + 1 &&
                     text_.Is(unit.last, Words::kParticle);
  if (unit.Is(Words::kStop) && !noble &&
      (!given || run_[u + 1].first > unit.last || run_[u + 1].IsOrdinary() ||
       (run_[u + 1].match && !run_[u + 1].Is(Words::kPerson)))) {
    return true;
  }
  if (!last && IsCompanyNoun(u)) return false;
  if (style_ == SentenceStyle::kShouting) return true;
  // `South Korean`; `North` by itself.
  if (unit.Is(Words::kNamePrefix) && unit.Is(Words::kCommon) &&
      (last || run_[u + 1].Is(Words::kDemonym))) {
    return true;
  }
  // `French Digital Council` is one name, `French Renault Group` is not.
  if (unit.Is(Words::kDemonym) &&
      (!given || run_[u + 1].Is(Words::kTitle | Words::kIntro))) {
    return !HeadsOrganisation(u) ||
           !run_[u + 1].Is(Words::kCommon | Words::kHead | Words::kDemonym);
  }
  if (IntroducesNext(u)) return true;
  if (unit.Is(Words::kIntro) &&
      !unit.Is(Words::kOrgHead | Words::kNamePrefix) &&
      (!given || run_[u + 1].IsOrdinary())) {
    // `Republic of China`
    return last || run_[u + 1].first == unit.last || !unit.Is(Words::kHead);
  }
  const bool initial = u == 0 && text_.BeginsLine(unit.first);
  const Token& token = text_.At(unit.first);
  const bool acronym = token.Has(Token::kAllUpper) &&
                       token.end - token.begin > 1 &&
                       token.end - token.begin <= 3;
  if (initial && unit.Is(Words::kCommon) && !given && !acronym) {
    return last ||
           (!BeginsBeforeHead(u) &&
            !unit.Is(Words::kOrgHead | Words::kPlaceHead | Words::kNamePrefix));
  }
  if (initial && last && unit.Is(Words::kLikelyCommon)) return true;
  // `Statsrådet Lotta Edholm`
  if (initial && unit.Is(Words::kLikelyCommon) && !given &&
      u + 2 < run_.size() && run_[u + 1].Is(Words::kGiven) &&
      run_[u + 1].first == unit.last && run_[u + 2].first == unit.last + 1) {
    return true;
  }
  if (style_ == SentenceStyle::kTitle && unit.Is(Words::kCommon) && !given) {
    return true;
  }
  return text_.words().noun_capitals() && !given && IsOrdinaryNoun(unit) &&
         !IsIntroduced(u);
}

// `Bergwald GmbH`, `Marsh & Sons`
bool NameRun::IsCompanyNoun(size_t u) const {
  const NameUnit& next = run_[u + 1];
  if (run_[u].Is(Words::kStop | Words::kNever | Words::kLegalForm))
    return false;
  return (next.first > run_[u].last && text_.Text(run_[u].last) == "&") ||
         (next.first == run_[u].last && next.Is(Words::kLegalForm) &&
          !next.Is(Words::kOrgHead) && !run_[u].Is(Words::kIntro));
}

// `Vakbond FNV`, `Konzern Novo Nordisk`: not `Universität Heidelberg`.
bool NameRun::IntroducesNext(size_t u) const {
  const NameUnit& unit = run_[u];
  if (!unit.Is(Words::kOrgIntro) || !unit.IsOrdinary() ||
      u + 1 >= run_.size() || run_[u + 1].first > unit.last) {
    return false;
  }
  const NameUnit& next = run_[u + 1];
  if (next.match) {
    return next.match.kind.type == EntityType::kOrganization;
  }
  return text_.At(next.first).Has(Token::kAllUpper) ||
         (u + 2 == run_.size() && !next.IsOrdinary() &&
          text_.words().noun_capitals());
}

// `Herr Lagerfeld`, `das Unternehmen Krautfuchs`: no dictionary has the noun.
bool NameRun::IsIntroduced(size_t u) const {
  if (u == 0 || run_[u - 1].last != run_[u].first ||
      run_[u].Is(Words::kIntro)) {
    return false;
  }
  return run_[u - 1].Is(Words::kTitle) ||
         (run_[u - 1].Is(Words::kIntro) && !run_[u].Is(Words::kCommon));
}

// Whether unit u, an ordinary noun, is the surname of the name that begins
// with unit `first`.
bool NameRun::IsSurname(size_t first, size_t u) const {
  if (!run_[first].Is(Words::kGiven) || u > first + 2) return false;
  if (run_[u].Is(Words::kPerson)) return true;
  if (u != first + 1 || run_[u].has_tail) return false;
  // `Renate Bassen`; of `Ernst Schüssel` a title or function has to speak.
  return !run_[first].Is(Words::kCommon) || !run_[u].Is(Words::kCommon) ||
         FollowsFunction(run_[first].first);
}

bool NameRun::FollowsFunction(uint32_t token) const {
  return token > 0 && !text_.BeginsLine(token) &&
         text_.Is(token - 1, Words::kTitle | Words::kFunction);
}

// Where the name that begins with unit u ends.
size_t NameRun::SegmentEnd(size_t u) {
  const NameWords& words = text_.words();
  bool head = false;
  size_t i = OpensWithAdjective(u) ? u + 2 : u + 1;
  for (; i < run_.size(); ++i) {
    const NameUnit& before = run_[i - 1];
    const NameUnit& unit = run_[i];
    head |= before.Is(Words::kHead);
    const bool joined = unit.first > before.last;  // By `of`, `von`, `&`.
    if (joined && (head || text_.Text(before.last) == "&")) continue;
    if (unit.Is(Words::kLegalForm) && !unit.IsOrdinary()) continue;
    if (IsNumeral(unit)) continue;
    if (unit.Is(Words::kNever)) break;
    if (unit.Is(Words::kTitle) && i + 1 < run_.size()) break;
    if (unit.Is(Words::kStop) && style_ != SentenceStyle::kProse) break;
    if (EndsInGenitive(before) && !unit.Is(Words::kNameTail) &&
        words.org_endings().Find(text_.Text(unit.first)) == 0) {
      break;
    }
    if (unit.match.token_count > unit.last - unit.first && !head) break;
    // `Stadtwerke Rosenheim`
    if (before.Is(Words::kOrgHead) && unit.match) continue;
    if (words.noun_capitals() && IsOrdinaryNoun(unit) && !IsSurname(u, i)) {
      if (run_[u].IsOrdinary() || i + 1 != run_.size() ||
          !ActsAsCompany(u, i)) {
        break;
      }
    }
  }
  return i;
}

// `Rotthaus Anlagenbau`, `die Firma Brandner Transporte`, `Elbtal Optik kauft`
bool NameRun::ActsAsCompany(size_t first, size_t u) {
  const NameUnit& unit = run_[u];
  if (unit.has_tail || unit.Is(Words::kNever | Words::kTitle)) return false;
  if (text_.words().org_endings().Find(text_.Text(unit.name_last - 1)) > 0) {
    return true;
  }
  const uint32_t begin = run_[first].first;
  if (begin > 0 && text_.Is(begin - 1, Words::kOrgIntro)) return true;
  return unit.last < text_.size() && !text_.IsCapital(unit.last) &&
         text_.At(unit.last).sentence == text_.At(begin).sentence &&
         text_.Is(unit.last, Words::kOrgContext);
}

// Whether an attached genitive ends the name: `Trumps Mar-a-Lago`, `DBUs
// Hansen`.
bool NameRun::EndsInGenitive(const NameUnit& unit) const {
  const uint32_t word = unit.name_last - 1;
  if (text_.words().genitive_endings().Find(text_.Text(word)) == 0 ||
      unit.Is(Words::kPerson)) {
    return false;
  }
  return text_.IsPluralAcronym(word) || unit.match.ending > 0;
}

// `Siemens Gamesa`: what follows the name of a company is no word, no other
// name and nobody's name.
bool NameRun::ContinuesCompany(const NameUnit& unit, size_t next) const {
  const NameUnit& after = run_[next];
  constexpr uint32_t kOther =
      Words::kPerson | Words::kDemonym | Words::kNamePrefix | Words::kIntro;
  return unit.match.kind.type == EntityType::kOrganization &&
         unit.match.token_count == 1 && next + 1 == run_.size() &&
         !text_.words().noun_capitals() && style_ == SentenceStyle::kProse &&
         !after.match && !after.IsOrdinary() && !after.Is(kOther) &&
         !after.has_tail && !text_.IsInitial(after.first) &&
         (text_.At(after.first).flags &
          (Token::kAllUpper | Token::kInnerUpper | Token::kHasDigit)) == 0;
}

// Whether the listed name of unit u, which ends before unit `next`, is only
// the beginning of a longer one: `Paris Hilton`, `Berlin Institute of Health`.
bool NameRun::TakesInRest(size_t u, size_t next) const {
  const NameUnit& unit = run_[u];
  const NameUnit& after = run_[next];
  const NameKind& name = unit.match.kind;
  if (after.Is(Words::kNameTail) && !text_.words().noun_capitals()) {
    return name.type != EntityType::kOrganization;
  }
  // `Fyns Landmandsbank`
  if (unit.match.ending > 0 && name.type == EntityType::kPlace &&
      !text_.words().noun_capitals() && !after.match &&
      text_.IsCapital(after.first) && after.first == run_[next - 1].last &&
      text_.words().org_endings().Find(text_.Text(after.first)) > 0) {
    return true;
  }
  if (unit.match.ending > 0 || unit.has_mark()) return false;
  const bool joined = after.first > run_[next - 1].last;
  // `University of Oxford` where a place is called University.
  if (joined) {
    return run_[next - 1].Is(Words::kHead) ||
           // `Mary van Eeghen` where a town is called Mary.
           (unit.Is(Words::kGiven) && name.type == EntityType::kPlace &&
            !name.curated && name.people < kBigPlacePeople &&
            text_.Is(after.first - 1, Words::kParticle));
  }
  if (IsNumeral(after)) return true;
  if (after.Is(Words::kNever | Words::kStop | Words::kTitle |
               Words::kFunction)) {
    return false;
  }
  // `SC Magdeburg` where SC is a state, too.
  if (unit.Is(Words::kOrgHead) && unit.match.token_count == 1 &&
      (text_.At(unit.first).Has(Token::kAllUpper) || after.match) &&
      !name.curated) {
    return true;
  }
  const bool given =
      unit.Is(Words::kGiven) && !name.curated && name.people < kBigPlacePeople;
  if (text_.words().noun_capitals() && IsOrdinaryNoun(after)) {
    return given && IsSurname(u, next);  // `Lena Dürr`: a river is called Lena.
  }
  if (name.type != EntityType::kPerson &&
      (after.Is(Words::kHead | Words::kLegalForm) || HeadsOrganisation(u))) {
    return true;
  }
  if (name.curated) return ContinuesCompany(unit, next);
  if (unit.Is(Words::kGiven) && !IsLead(next)) return true;
  // A small place before another word is part of that word's name.
  return name.people < kBigPlacePeople && unit.match.token_count == 1 &&
         !after.match;
}

// Whether the list knows a name that is a title or an ordinary word here.
bool NameRun::NeverByItself(const NameUnit& unit) const {
  if (unit.match.token_count != 1) return false;
  const NameKind& name = unit.match.kind;
  const bool known = name.curated || name.people >= kBigPlacePeople;
  const bool acronym = text_.At(unit.first).Has(Token::kAllUpper);
  if (unit.Is(Words::kNever)) return true;
  if (unit.Is(Words::kTitle)) return !known || !acronym;
  if (known) return false;
  return unit.Is(Words::kNamePrefix | Words::kDemonym) ||
         (unit.Is(Words::kIntro) && unit.Is(Words::kCommon) &&
          text_.words().noun_capitals());
}

uint32_t NameRun::Cut(std::vector<NameCandidate>& candidates,
                      std::vector<uint32_t>& passed_over) {
  size_t u = 0;
  while (u < run_.size()) {
    const NameUnit& unit = run_[u];
    const NameLists::Match& match = unit.match;
    if (match && !NeverByItself(unit)) {
      const uint32_t match_end = unit.first + match.token_count;
      size_t next = u;
      while (next < run_.size() && run_[next].first < match_end) ++next;
      // It has to end where a unit or its name ends.
      if (match_end >= run_[next - 1].name_last &&
          !(next < run_.size() && TakesInRest(u, next))) {
        candidates.push_back(MakeListed(text_, style_, unit.first, match,
                                        run_.subspan(u, next - u)));
        if (match_end > run_.back().last) return match_end;
        u = next;
        continue;
      }
    }
    if (IsLead(u) || !text_.IsCapital(unit.first)) {
      if (!unit.Is(Words::kStop | Words::kNever)) {
        passed_over.push_back(unit.first);
      }
      ++u;
      continue;
    }
    const size_t end = SegmentEnd(u);
    candidates.push_back(MakeUnlisted(text_, style_, run_.subspan(u, end - u)));
    if (OpensWithAdjective(u)) candidates.back().belief += kNamed;
    u = end;
  }
  return run_.back().last;
}

}  // namespace

uint32_t CutNameRun(NameText& text, absl::Span<const NameUnit> run,
                    SentenceStyle style, std::vector<NameCandidate>& candidates,
                    std::vector<uint32_t>& passed_over) {
  return NameRun(text, run, style).Cut(candidates, passed_over);
}

}  // namespace tocsin
