#include "detect/name_scanner.h"

namespace tocsin {
namespace {

using Words = NameWords;

// A name has at most this many units: longer runs are lists or headlines.
constexpr size_t kMaxUnits = 8;
constexpr uint32_t kMaxGap = 3;  // Particles between two parts of a name.
constexpr uint32_t kBigPlace = 1000000;
constexpr uint32_t kCountry = 1000000000;

}  // namespace

// Most words are in small letters, and nothing ever begins with them. Which do
// nobody can predict, so there is no branch on it.
void NameScanner::Look(const Sentence& sentence, Glance& glance) const {
  constexpr uint16_t kStarts =
      Token::kUpperFirst | Token::kInnerUpper | Token::kHasDigit;
  const NameWords& words = text_.words();
  glance.starts.resize(sentence.last_token - sentence.first_token);
  size_t size = 0;
  uint32_t long_words = 0;
  for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
    const Token& token = text_.At(i);
    const bool is_word = token.kind == TokenKind::kWord;
    long_words += is_word & CountsForStyle(token);
    glance.starts[size] = i;
    size +=
        is_word & (((token.flags & kStarts) != 0) | words.MayBegin(token.word));
  }
  glance.starts.resize(size);
  glance.style = StyleOf(text_, glance.starts, long_words);
}

void NameScanner::Scan(const Sentence& sentence, const Glance& glance,
                       std::vector<NameCandidate>& candidates) {
  style_ = glance.style;
  limit_ = 0;
  uint32_t next = sentence.first_token;
  for (const uint32_t i : glance.starts) {
    if (i < next || Barred(i)) continue;
    if (BeginsWithArticle(i, sentence.last_token)) {
      next = ScanArticle(i, Limit(i, sentence.last_token), candidates);
    } else if (!text_.IsCapital(i)) {
      next = ScanSmall(i, sentence.last_token, candidates);
    } else {
      ReadRun(i, Limit(i, sentence.last_token));
      next = EmitRun(candidates);
    }
  }
}

uint32_t NameScanner::Limit(uint32_t first, uint32_t end) {
  if (first < limit_) return limit_;
  limit_ = first + 1;
  while (limit_ < end && !Barred(limit_) &&
         !text_.At(limit_).Has(Token::kNewlineBefore)) {
    ++limit_;
  }
  return limit_;
}

// `al-Sadr`, `az-Zaman`
bool NameScanner::BeginsWithArticle(uint32_t i, uint32_t end) {
  return !text_.IsCapital(i) && i + 2 < end && text_.IsAttached(i + 1) &&
         text_.IsHyphen(i + 1) && text_.IsAttached(i + 2) && !Barred(i + 2) &&
         text_.IsCapital(i + 2) && text_.Is(i, Words::kArticle);
}

uint32_t NameScanner::ScanArticle(uint32_t at, uint32_t limit,
                                  std::vector<NameCandidate>& candidates) {
  const size_t before = candidates.size();
  ReadRun(at + 2, limit);
  const uint32_t last = EmitRun(candidates);
  if (candidates.size() > before && candidates[before].first == at + 2) {
    candidates[before].first = at;
    candidates[before].begin = text_.At(at).begin;
    candidates[before].belief += 2;
    Points(candidates[before], EntityType::kPerson) += 2;
  }
  return last;
}

// A brand in small letters, or a model such as `o1`.
uint32_t NameScanner::ScanSmall(uint32_t at, uint32_t end,
                                std::vector<NameCandidate>& candidates) {
  const Token& token = text_.At(at);
  if (lists_.BeginsSmall(token.word)) {
    if (const NameLists::Match match =
            lists_.Longest(text_, at, Limit(at, end), false)) {
      candidates.push_back(MakeListed(text_, style_, at, match, {}));
      return at + match.token_count;
    }
  }
  const char first = text_.Text(at)[0];
  if (token.Has(Token::kHasDigit) && first >= 'a' && first <= 'z' && at > 1 &&
      !candidates.empty() && candidates.back().last == at &&
      text_.IsApostrophe(at - 2)) {
    NameCandidate candidate;
    candidate.first = at;
    candidate.last = at + 1;
    candidate.begin = token.begin;
    candidate.end = candidate.base_end = token.end;
    candidate.belief = 3;
    Points(candidate, EntityType::kProduct) += 4;
    candidates.push_back(candidate);
  }
  return at + 1;
}

void NameScanner::ReadUnit(uint32_t first, uint32_t end) {
  run_.push_back(ReadNameUnit(text_, first, end));
  run_.back().match =
      lists_.Longest(text_, first, end, style_ == SentenceStyle::kShouting);
}

void NameScanner::ReadRun(uint32_t first, uint32_t end) {
  run_.clear();
  uint32_t at = first;
  while (at < end && run_.size() < kMaxUnits) {
    ReadUnit(at, end);
    const NameUnit& unit = run_.back();
    at = unit.last;
    if (unit.has_tail || unit.has_mark() || at >= end) return;
    if (!text_.IsWord(at)) {
      // `John F. Kennedy`, `H. J. van Rossem`, `Johnson & Johnson`
      if (at + 1 >= end) return;
      const bool point = text_.Text(at) == "." && text_.IsAttached(at) &&
                         (text_.IsInitial(at - 1) ||
                          unit.Is(Words::kTitle | Words::kNamePrefix));
      if (!point && (text_.Text(at) != "&" || !text_.IsCapital(at + 1))) return;
      ++at;
      if (!text_.IsWord(at)) return;
    }
    if (text_.IsAttached(at)) return;
    if (text_.IsCapital(at)) continue;
    if (text_.Is(at, Words::kNameTail) && (!unit.IsOrdinary() || unit.match)) {
      ReadUnit(at, at + 1);  // `Lunds universitet`
      return;
    }
    if (!ReadGap(at, end)) return;
  }
}

// Whether a gap of particles or connectors that a name goes on after stands
// at `at`; moves `at` behind it.
bool NameScanner::ReadGap(uint32_t& at, uint32_t end) {
  const NameUnit& before = run_.back();
  if (BeginsWithArticle(at, end)) {  // `Ali al-Nuaimi`
    at += 2;
    return !before.Is(Words::kStop | Words::kNever | Words::kHead);
  }
  if (run_.size() == 1 && at + 1 < end && IsRealm(at, at + 1)) {
    ++at;  // `Isabella of France`
    return true;
  }
  const bool head = before.Is(Words::kHead);
  // `&` and the point of an initial are no words.
  const bool was_gap = run_.size() > 1 &&
                       run_[run_.size() - 2].last < before.first &&
                       text_.IsWord(before.first - 1);
  bool particles = !before.Is(Words::kStop | Words::kNever | Words::kOrgHead) ||
                   (run_.size() == 1 && IsCapitalParticle(before));
  uint32_t i = at;
  for (; i < end && i - at < kMaxGap && text_.IsWord(i) &&
         !text_.IsAttached(i) && !text_.IsCapital(i);
       ++i) {
    particles &= text_.Is(i, Words::kParticle);
    const bool connects =
        head && text_.Is(i, Words::kConnector | Words::kDeterminer);
    // `Stichting Natuur en Milieu`
    const bool goes_on =
        text_.Is(i, Words::kConjunction) &&
        (was_gap ||
         (run_.size() > 1 && run_[run_.size() - 2].Is(Words::kOrgHead) &&
          before.Is(Words::kCommon) && i + 1 < end &&
          text_.Is(i + 1, Words::kCommon)));
    if (!particles && !connects && !goes_on) return false;
  }
  if (i == at || i >= end || !text_.IsCapital(i) || text_.IsAttached(i) ||
      text_.Is(i, Words::kStop | Words::kNever)) {
    return false;
  }
  if (particles && !head && !JoinsByParticle(i, at)) return false;
  at = i;
  return true;
}

// Whether a given name, one small word and a country make the name of a king.
bool NameScanner::IsRealm(uint32_t gap, uint32_t i) {
  const NameUnit& before = run_.back();
  if (i != gap + 1 || !before.Is(Words::kGiven) || before.match ||
      !text_.IsCapital(i) ||
      !text_.Is(gap, Words::kParticle | Words::kConnector)) {
    return false;
  }
  const NameLists::Match match = lists_.Longest(text_, i, i + 1, false);
  return match && match.ending == 0 && match.kind.people >= kCountry;
}

// `Jan van Dijk` is one name, `Anna Jansen van Philips` and `Trump af Kina` are
// not: where the particle is also an ordinary word, something has to say that
// the word behind it belongs to a person.
bool NameScanner::JoinsByParticle(uint32_t next, uint32_t gap) {
  bool ordinary = false;
  for (uint32_t i = gap; i < next; ++i) {
    ordinary |= text_.Is(i, Words::kStop | Words::kDeterminer);
  }
  if (!ordinary) return true;
  if (text_.IsInitial(run_.back().first)) return true;
  if (IsCapitalParticle(run_.back())) return true;
  if (!run_.back().Is(Words::kGiven)) return false;
  if (next - gap > 1 || text_.Is(next, Words::kPerson)) return true;
  const NameLists::Match match = lists_.Longest(text_, next, next + 1, false);
  if (!match) return true;
  // `Marie von Eggenburg`: many such names are made of places.
  const ListedName& name = lists_.Get(match.name);
  const bool alone =
      run_.size() == 1 || !run_[run_.size() - 2].Is(Words::kPerson);
  return alone && match.ending == 0 && !name.curated &&
         name.type == EntityType::kPlace && name.people < kBigPlace;
}

bool NameScanner::IsOrdinaryNoun(const NameUnit& unit) const {
  return unit.IsOrdinary() &&
         !unit.Is(Words::kHead | Words::kLegalForm | Words::kNamePrefix) &&
         !text_.At(unit.first).Has(Token::kAllUpper);
}

// `Paul VI`, where `vi` is a function word, too.
bool NameScanner::IsNumeral(const NameUnit& unit) const {
  return text_.IsNumeral(unit.first) &&
         (!unit.Is(Words::kStop) || text_.At(unit.first).Has(Token::kAllUpper));
}

// Whether what begins with unit u ends in the head of an organisation, right
// behind it: `French Digital Council`.
bool NameScanner::HeadsOrganisation(size_t u) const {
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
bool NameScanner::OpensName(size_t u) const {
  const NameUnit& unit = run_[u];
  if ((u > 0 && !run_[u - 1].Is(Words::kStop)) || u + 1 >= run_.size() ||
      style_ != SentenceStyle::kProse || !unit.Is(Words::kDeterminer) ||
      BeginsLine(unit.first) || !text_.IsWord(unit.first - 1) ||
      unit.last > unit.first + 1) {
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
bool NameScanner::OpensWithParticle(size_t u) const {
  const NameUnit& unit = run_[u];
  return u == 0 && run_.size() > 1 && style_ == SentenceStyle::kProse &&
         IsCapitalParticle(unit) &&
         !run_[1].Is(Words::kStop | Words::kNever | Words::kTitle);
}

// Within a sentence, where its capital says something.
bool NameScanner::IsCapitalParticle(const NameUnit& unit) const {
  return unit.Is(Words::kParticle) && unit.Is(Words::kStop) &&
         !unit.Is(Words::kDeterminer) && text_.IsCapital(unit.first) &&
         !BeginsLine(unit.first) && text_.IsWord(unit.first - 1);
}

// `Østre Landsret` at the beginning of a sentence, where common words before a
// head have no capital otherwise.
bool NameScanner::BeginsBeforeHead(size_t u) const {
  return !text_.words().noun_capitals() && style_ == SentenceStyle::kProse &&
         u + 1 < run_.size() && run_[u + 1].first == run_[u].last &&
         text_.IsCapital(run_[u + 1].first) &&
         run_[u + 1].Is(Words::kOrgHead | Words::kPlaceHead);
}

// Whether the unit introduces what follows and is not part of the name.
bool NameScanner::IsLead(size_t u) const {
  const NameUnit& unit = run_[u];
  const bool last = u + 1 == run_.size();
  const bool given = unit.Is(Words::kGiven) && !last;
  if (OpensName(u) || OpensWithParticle(u)) return false;
  if (unit.Is(Words::kNever | Words::kTitle)) return true;
  // `Per Hansen`, though `per` is a function word.
  if (unit.Is(Words::kStop) &&
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
  const bool initial = u == 0 && BeginsLine(unit.first);
  if (initial && unit.Is(Words::kCommon) && !given) {
    return last ||
           (!BeginsBeforeHead(u) &&
            !unit.Is(Words::kOrgHead | Words::kPlaceHead | Words::kNamePrefix));
  }
  if (initial && last && unit.Is(Words::kLikelyCommon)) return true;
  if (style_ == SentenceStyle::kTitle && unit.Is(Words::kCommon) && !given) {
    return true;
  }
  return text_.words().noun_capitals() && !given && IsOrdinaryNoun(unit) &&
         !IsIntroduced(u);
}

// `Bergwald GmbH`, `Marsh & Sons`
bool NameScanner::IsCompanyNoun(size_t u) const {
  const NameUnit& next = run_[u + 1];
  if (run_[u].Is(Words::kStop | Words::kNever | Words::kLegalForm))
    return false;
  return (next.first > run_[u].last && text_.Text(run_[u].last) == "&") ||
         (next.first == run_[u].last && next.Is(Words::kLegalForm) &&
          !next.Is(Words::kOrgHead) && !run_[u].Is(Words::kIntro));
}

// `Vakbond FNV`, `Konzern Novo Nordisk`: not `Universität Heidelberg`.
bool NameScanner::IntroducesNext(size_t u) const {
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
bool NameScanner::IsIntroduced(size_t u) const {
  if (u == 0 || run_[u - 1].last != run_[u].first ||
      run_[u].Is(Words::kIntro)) {
    return false;
  }
  return run_[u - 1].Is(Words::kTitle) ||
         (run_[u - 1].Is(Words::kIntro) && !run_[u].Is(Words::kCommon));
}

// Whether unit u, an ordinary noun, is the surname of the name that begins
// with unit `first`.
bool NameScanner::IsSurname(size_t first, size_t u) {
  if (!run_[first].Is(Words::kGiven) || u > first + 2) return false;
  if (run_[u].Is(Words::kPerson)) return true;
  if (u != first + 1 || run_[u].has_tail) return false;
  // `Renate Bassen`; of `Ernst Schüssel` a title or function has to speak.
  return !run_[first].Is(Words::kCommon) || !run_[u].Is(Words::kCommon) ||
         FollowsFunction(run_[first].first);
}

bool NameScanner::FollowsFunction(uint32_t token) {
  return token > 0 && !BeginsLine(token) &&
         text_.Is(token - 1, Words::kTitle | Words::kFunction);
}

// Where the name that begins with unit u ends.
size_t NameScanner::SegmentEnd(size_t u) {
  const NameWords& words = text_.words();
  bool head = false;
  size_t i = u + 1;
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
bool NameScanner::ActsAsCompany(size_t first, size_t u) {
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
bool NameScanner::EndsInGenitive(const NameUnit& unit) const {
  const uint32_t word = unit.name_last - 1;
  if (text_.words().genitive_endings().Find(text_.Text(word)) == 0 ||
      unit.Is(Words::kPerson)) {
    return false;
  }
  return text_.IsPluralAcronym(word) || unit.match.ending > 0;
}

// Whether the listed name of unit u, which ends before unit `next`, is only
// the beginning of a longer one: `Paris Hilton`, `Berlin Institute of Health`.
bool NameScanner::TakesInRest(size_t u, size_t next) const {
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
            !name.curated && name.people < kBigPlace &&
            text_.Is(after.first - 1, Words::kParticle));
  }
  if (IsNumeral(after)) return true;
  if (after.Is(Words::kNever | Words::kStop | Words::kTitle |
               Words::kFunction) ||
      (text_.words().noun_capitals() && IsOrdinaryNoun(after))) {
    return false;
  }
  if (name.type != EntityType::kPerson &&
      (after.Is(Words::kHead | Words::kLegalForm) || HeadsOrganisation(u))) {
    return true;
  }
  if (name.curated) return false;
  if (unit.Is(Words::kGiven) && !IsLead(next)) return true;
  // A small place before another word is part of that word's name.
  return name.people < kBigPlace && unit.match.token_count == 1 && !after.match;
}

// Whether the list knows a name that is a title or an ordinary word here.
bool NameScanner::NeverByItself(const NameUnit& unit) const {
  if (unit.match.token_count != 1) return false;
  const NameKind& name = unit.match.kind;
  const bool known = name.curated || name.people >= kBigPlace;
  const bool acronym = text_.At(unit.first).Has(Token::kAllUpper);
  if (unit.Is(Words::kNever)) return true;
  if (unit.Is(Words::kTitle)) return !known || !acronym;
  if (known) return false;
  return unit.Is(Words::kNamePrefix | Words::kDemonym) ||
         (unit.Is(Words::kIntro) && unit.Is(Words::kCommon) &&
          text_.words().noun_capitals());
}

uint32_t NameScanner::EmitRun(std::vector<NameCandidate>& candidates) {
  const absl::Span<const NameUnit> units = run_;
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
                                        units.subspan(u, next - u)));
        if (match_end > run_.back().last) return match_end;
        u = next;
        continue;
      }
    }
    if (IsLead(u) || !text_.IsCapital(unit.first)) {
      if (!unit.Is(Words::kStop | Words::kNever)) {
        passed_over_.push_back(unit.first);
      }
      ++u;
      continue;
    }
    const size_t end = SegmentEnd(u);
    candidates.push_back(
        MakeUnlisted(text_, style_, units.subspan(u, end - u)));
    u = end;
  }
  return run_.back().last;
}

}  // namespace tocsin
