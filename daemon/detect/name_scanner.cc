#include "detect/name_scanner.h"

#include <algorithm>

#include "text/fold.h"

namespace tocsin {
namespace {

using Words = NameWords;

// A name has at most this many units: longer runs are lists or headlines.
constexpr size_t kMaxUnits = 8;
constexpr uint32_t kMaxGap = 3;  // Particles between two parts of a name.

}  // namespace

void NameScanner::Scan(const Sentence& sentence,
                       std::vector<NameCandidate>& candidates) {
  style_ = StyleOf(sentence);
  uint32_t i = sentence.first_token;
  while (i < sentence.last_token) {
    const Token& token = At(i);
    if (token.kind != TokenKind::kWord || Barred(i)) {
      ++i;
    } else if (!LooksLikeName(token)) {
      i = ScanSmall(i, sentence.last_token, candidates);
    } else {
      ReadRun(i, Limit(i, sentence.last_token));
      i = EmitRun(Limit(i, sentence.last_token), candidates);
    }
  }
}

NameScanner::Style NameScanner::StyleOf(const Sentence& sentence) const {
  uint32_t words = 0;
  uint32_t capital = 0;
  uint32_t shouted = 0;
  for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
    const Token& token = At(i);
    if (token.kind != TokenKind::kWord || token.end - token.begin < 4) continue;
    ++words;
    capital += token.Has(Token::kUpperFirst);
    shouted += token.Has(Token::kAllUpper);
  }
  if (words >= 2 && shouted * 10 >= words * 7) return Style::kShouting;
  if (!words_.noun_capitals() && words >= 4 && capital * 10 >= words * 8) {
    return Style::kTitle;
  }
  return Style::kProse;
}

uint32_t NameScanner::Limit(uint32_t first, uint32_t end) const {
  uint32_t i = first + 1;
  while (i < end && !Barred(i) && !At(i).Has(Token::kNewlineBefore)) ++i;
  return i;
}

// A brand in small letters, or a model such as `o1`.
uint32_t NameScanner::ScanSmall(uint32_t at, uint32_t end,
                                std::vector<NameCandidate>& candidates) {
  const Token& token = At(at);
  if (lists_.MayBeginSmall(token.folded)) {
    const uint32_t limit = Limit(at, end);
    if (const NameLists::Match match =
            lists_.Longest(document_, at, limit, words_, false)) {
      EmitListed(at, match, 1, candidates);
      return at + match.token_count;
    }
  }
  const bool model = token.Has(Token::kHasDigit) &&
                     document_.Text(token)[0] >= 'a' &&
                     document_.Text(token)[0] <= 'z' && !candidates.empty() &&
                     candidates.back().last == at && at > 1 &&
                     (At(at - 1).end - At(at - 1).begin == 1);
  if (model) {
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

// Whether a gap of particles or connectors that a name goes on after stands
// at `at`; moves `at` behind it.
bool NameScanner::ReadGap(uint32_t& at, uint32_t end) const {
  const NameUnit& before = run_.back();
  const bool head =
      before.Is(Words::kOrgHead | Words::kPlaceHead | Words::kEventHead);
  const bool was_gap =
      run_.size() > 1 && run_[run_.size() - 2].last < before.first;
  bool particles = !before.Is(Words::kStop | Words::kNever | Words::kOrgHead);
  uint32_t i = at;
  for (; i < end && i - at < kMaxGap && At(i).kind == TokenKind::kWord &&
         At(i).Has(Token::kSpaceBefore) && !LooksLikeName(At(i));
       ++i) {
    const uint32_t facts = words_.Facts(At(i).folded);
    particles &= (facts & Words::kParticle) != 0;
    const bool connects =
        head && (facts & (Words::kConnector | Words::kDeterminer)) != 0;
    const bool goes_on = was_gap && (facts & Words::kConjunction) != 0;
    if (!particles && !connects && !goes_on) return false;
  }
  if (i == at || i >= end || !LooksLikeName(At(i)) ||
      !At(i).Has(Token::kSpaceBefore)) {
    return false;
  }
  const uint32_t facts = words_.Facts(At(i).folded);
  if ((facts & (Words::kStop | Words::kNever)) != 0) return false;
  if (particles && !head && !JoinsByParticle(i, facts, at)) return false;
  at = i;
  return true;
}

// `Jan van Dijk` is one name, `Anna Jansen van Philips` and `Trump af Kina` are
// not: where the particle is also an ordinary word, something has to say that
// the word behind it belongs to a person.
bool NameScanner::JoinsByParticle(uint32_t next, uint32_t facts,
                                  uint32_t gap) const {
  bool ordinary = false;
  for (uint32_t i = gap; i < next; ++i) {
    ordinary |=
        (words_.Facts(At(i).folded) & (Words::kStop | Words::kDeterminer)) != 0;
  }
  if (!ordinary) return true;
  const NameUnit& before = run_.back();
  if (next - gap > 1 && before.Is(Words::kGiven)) return true;
  return before.Is(Words::kGiven) &&
         ((facts & Words::kPerson) != 0 ||
          !lists_.Longest(document_, next, next + 1, words_, false));
}

void NameScanner::ReadRun(uint32_t first, uint32_t end) {
  run_.clear();
  uint32_t at = first;
  while (at < end && run_.size() < kMaxUnits) {
    run_.push_back(ReadNameUnit(document_, words_, at, end));
    const NameUnit& unit = run_.back();
    at = unit.last;
    if (unit.has_tail || unit.has_mark() || at >= end) return;
    // `John F. Kennedy`
    if (document_.Text(At(at)) == "." && !At(at).Has(Token::kSpaceBefore) &&
        at + 1 < end && LooksLikeName(At(at + 1)) &&
        (At(at - 1).end - At(at - 1).begin == 1 || unit.Is(Words::kTitle) ||
         unit.Is(Words::kNamePrefix))) {
      ++at;
    } else if (document_.Text(At(at)) == "&" && at + 1 < end &&
               LooksLikeName(At(at + 1)) &&
               At(at + 1).Has(Token::kSpaceBefore)) {
      ++at;
    }
    if (!At(at).Has(Token::kSpaceBefore) || At(at).kind != TokenKind::kWord) {
      return;
    }
    if (!LooksLikeName(At(at)) && !ReadGap(at, end)) return;
  }
}

bool NameScanner::IsOrdinaryNoun(size_t u) const {
  const NameUnit& unit = run_[u];
  if (unit.Is(Words::kOrgHead | Words::kPlaceHead | Words::kLegalForm |
              Words::kNamePrefix)) {
    return false;
  }
  if (At(unit.first).Has(Token::kAllUpper)) return false;
  return unit.common != Words::Commonness::kUnknown;
}

// Whether the unit introduces what follows and is not part of the name.
bool NameScanner::IsLead(size_t u, size_t size) const {
  const NameUnit& unit = run_[u];
  const bool last = u + 1 == size;
  if (unit.Is(Words::kNever | Words::kStop | Words::kTitle)) return true;
  // `South Korean`; `North` by itself.
  if (unit.Is(Words::kNamePrefix) &&
      (last || run_[u + 1].Is(Words::kDemonym)) &&
      unit.common == Words::Commonness::kListed) {
    return true;
  }
  if (unit.Is(Words::kFunction | Words::kDemonym | Words::kOrgIntro |
              Words::kPlaceIntro | Words::kProductIntro | Words::kWorkIntro) &&
      !unit.Is(Words::kOrgHead | Words::kNamePrefix)) {
    return true;
  }
  if (style_ == Style::kShouting) return true;
  const bool initial = u == 0 && (At(unit.first).Has(Token::kSentenceStart) ||
                                  At(unit.first).Has(Token::kNewlineBefore));
  const bool given = unit.Is(Words::kGiven) && !last;
  if (initial && unit.common == Words::Commonness::kListed && !given) {
    return !(unit.Is(Words::kOrgHead | Words::kNamePrefix) && !last);
  }
  if (initial && last && unit.common == Words::Commonness::kLikely) return true;
  if (style_ == Style::kTitle && unit.common == Words::Commonness::kListed &&
      !given) {
    return true;
  }
  if (words_.noun_capitals() && !given && IsOrdinaryNoun(u)) return true;
  return false;
}

// Where the name that begins with unit u ends.
size_t NameScanner::SegmentEnd(size_t u, uint32_t end) const {
  bool head = false;
  size_t i = u + 1;
  for (; i < run_.size(); ++i) {
    const NameUnit& before = run_[i - 1];
    const NameUnit& unit = run_[i];
    head |= before.Is(Words::kOrgHead | Words::kPlaceHead | Words::kEventHead);
    const bool joined = unit.first > before.last;  // By `of`, `von`.
    if (joined && head) continue;
    if (IsNumeral(unit.first) && !before.Is(Words::kStop)) continue;
    if (unit.Is(Words::kNever)) break;
    if (unit.Is(Words::kTitle) && i + 1 < run_.size()) break;
    if (unit.Is(Words::kStop) && style_ != Style::kProse) break;
    if (EndsInGenitive(before)) break;
    const NameLists::Match match =
        lists_.Longest(document_, unit.first, end, words_, false);
    if (match.token_count > unit.last - unit.first && !head) break;
    if (words_.noun_capitals() && IsOrdinaryNoun(i)) {
      const bool surname =
          run_[u].Is(Words::kGiven) && i <= u + 2 &&
          (unit.Is(Words::kPerson) ||
           (i == u + 1 && unit.common == Words::Commonness::kLikely));
      if (!surname) break;
    }
  }
  return i;
}

// `III` after a name.
bool NameScanner::IsNumeral(uint32_t token) const {
  const absl::string_view text = document_.Text(At(token));
  return text.find_first_not_of("IVX") == absl::string_view::npos;
}

// Whether an attached genitive ends the name: `Trumps Mar-a-Lago`, `DBUs
// Hansen`.
bool NameScanner::EndsInGenitive(const NameUnit& unit) const {
  const Token& token = At(unit.name_last - 1);
  const absl::string_view word = document_.Text(token);
  const size_t ending = words_.GenitiveEnding(word);
  if (ending == 0 || unit.Is(Words::kPerson)) return false;
  if (IsPluralAcronym(unit.name_last - 1)) return true;
  return lists_.Longest(document_, unit.first, unit.last, words_, false)
             .ending > 0;
}

// Capitals and a small ending: `MPs`.
bool NameScanner::IsPluralAcronym(uint32_t token) const {
  const absl::string_view text = document_.Text(At(token));
  if (text.size() < 3 || text.back() != 's') return false;
  for (char c : text.substr(0, text.size() - 1)) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

// Whether a listed name is only the beginning of a longer one: `Paris Hilton`,
// `Berlin Institute of Health`.
bool NameScanner::TakesInRest(size_t u, const NameLists::Match& match,
                              size_t next) const {
  if (match.ending > 0) return false;
  const ListedName& name = lists_.Get(match.name);
  // `University of Oxford` where a place is called University.
  if (run_[next - 1].Is(Words::kOrgHead | Words::kPlaceHead) &&
      run_[next].first > run_[next - 1].last) {
    return true;
  }
  if (IsNumeral(run_[next].first)) return true;
  for (size_t i = next; i < run_.size(); ++i) {
    if (run_[i].Is(Words::kOrgHead | Words::kLegalForm | Words::kPlaceHead) &&
        name.type != EntityType::kPerson) {
      return true;
    }
    if (run_[i].Is(Words::kNever | Words::kTitle | Words::kFunction)) break;
  }
  const bool person = next == u + 1 && run_[u].Is(Words::kGiven) &&
                      !name.curated && name.type == EntityType::kPlace;
  return person && !IsLead(next, run_.size());
}

uint32_t NameScanner::EmitRun(uint32_t end,
                              std::vector<NameCandidate>& candidates) {
  const bool any_case = style_ == Style::kShouting;
  size_t u = 0;
  while (u < run_.size()) {
    const NameUnit& unit = run_[u];
    const NameLists::Match match =
        lists_.Longest(document_, unit.first, end, words_, any_case);
    if (match) {
      const uint32_t match_end = unit.first + match.token_count;
      size_t next = u;
      while (next < run_.size() && run_[next].first < match_end) ++next;
      const NameUnit& reached = run_[next - 1];
      // It has to end where a unit or its name ends.
      const bool fits = match_end >= reached.name_last;
      if (fits && !(next < run_.size() && TakesInRest(u, match, next))) {
        EmitListed(unit.first, match, next - u, candidates);
        if (match_end > run_.back().last) return match_end;
        u = next;
        continue;
      }
    }
    if (IsLead(u, run_.size())) {
      ++u;
      continue;
    }
    const size_t segment_end = SegmentEnd(u, end);
    EmitUnits(u, segment_end, candidates);
    u = segment_end;
  }
  return run_.back().last;
}

void NameScanner::EmitListed(uint32_t first, const NameLists::Match& match,
                             size_t units,
                             std::vector<NameCandidate>& candidates) {
  NameCandidate candidate;
  candidate.first = first;
  candidate.last = first + match.token_count;
  candidate.begin = At(first).begin;
  candidate.base_end = At(candidate.last - 1).end - match.ending;
  candidate.end = At(candidate.last - 1).end;
  candidate.marked = true;
  candidate.listed = static_cast<int>(match.name);
  candidate.weak = match.weak;
  candidate.words = static_cast<uint32_t>(units);
  candidate.initial = At(first).Has(Token::kSentenceStart);
  for (const NameUnit& unit : run_) {
    if (unit.name_last == candidate.last && unit.has_mark()) {
      candidate.last = unit.mark_last;
      if (words_.genitive_inside()) candidate.end = At(candidate.last - 1).end;
    }
  }
  const ListedName& name = lists_.Get(match.name);
  const bool long_match = match.token_count > 1;
  int points = name.curated || name.people >= 1000000 ? 7
               : name.people >= 100000                ? 4
                                                      : 2;
  candidate.belief = match.weak ? 0 : 3;
  if (!long_match) {
    const uint32_t facts = words_.Facts(At(first).folded);
    const bool common = (facts & Words::kCommon) != 0;
    const bool capital_says_little =
        candidate.initial || words_.noun_capitals() || style_ == Style::kTitle;
    const bool acronym =
        At(first).Has(Token::kAllUpper) && style_ != Style::kShouting;
    if (common && capital_says_little && !acronym) {
      candidate.belief -= name.people >= 1000000 ? 1 : 3;
    }
    if (!name.curated && !common) {
      if ((facts & Words::kGiven) != 0)
        Points(candidate, EntityType::kPerson) += 3;
      if ((facts & Words::kPerson) != 0)
        Points(candidate, EntityType::kPerson) += 2;
    }
  } else {
    points += 2;
  }
  Points(candidate, name.type) += points;
  candidates.push_back(candidate);
}

// Units [first, last) of the run, none of which a list knows by itself.
void NameScanner::EmitUnits(size_t first, size_t last,
                            std::vector<NameCandidate>& candidates) {
  const NameUnit& head = run_[first];
  const NameUnit& tail = run_[last - 1];
  NameCandidate candidate;
  candidate.first = head.first;
  candidate.last = tail.mark_last;
  candidate.begin = At(head.first).begin;
  candidate.base_end = At(tail.name_last - 1).end;
  candidate.end = words_.genitive_inside() ? At(tail.mark_last - 1).end
                                           : candidate.base_end;
  candidate.marked = tail.has_mark() || tail.has_tail;
  candidate.initial = At(head.first).Has(Token::kSentenceStart) ||
                      At(head.first).Has(Token::kNewlineBefore);
  candidate.words = static_cast<uint32_t>(last - first);
  for (size_t i = first; i < last; ++i) AddShapeBelief(run_[i], candidate);
  if (candidate.words >= 2) candidate.belief += 1;
  if (candidate.words == 1) DoubtShape(head, candidate);
  candidates.push_back(candidate);
}

// What single words without a list's word for them often are instead.
void NameScanner::DoubtShape(const NameUnit& unit,
                             NameCandidate& candidate) const {
  const Token& token = At(unit.first);
  const absl::string_view text = document_.Text(token);
  if (text.size() <= (static_cast<uint8_t>(text[0]) < 0x80 ? 1u : 2u) &&
      unit.name_last == unit.first + 1) {
    candidate.belief -= 4;  // `B`
  }
  const uint32_t next = unit.last;
  if (next >= document_.tokens.size() || At(next).Has(Token::kSpaceBefore)) {
    if (unit.has_tail && !unit.Is(Words::kPerson) &&
        !token.Has(Token::kInnerUpper) && !token.Has(Token::kAllUpper)) {
      candidate.belief -= 2;  // The first part of some compound.
    }
    return;
  }
  const bool sentence_goes_on = next + 1 < document_.tokens.size() &&
                                At(next + 1).sentence == token.sentence;
  if (document_.Text(At(next)) == "." && sentence_goes_on &&
      token.end - token.begin <= 5) {
    candidate.belief -= 3;  // An abbreviation.
  }
  if (IsHyphen(document_.Text(At(next))) && sentence_goes_on &&
      At(next + 1).Has(Token::kSpaceBefore)) {
    candidate.belief -= 3;  // `Nord- und Südamerika`
  }
}

void NameScanner::AddShapeBelief(const NameUnit& unit,
                                 NameCandidate& candidate) const {
  const Token& token = At(unit.first);
  if (unit.Is(Words::kPerson)) candidate.belief += 2;
  if (IsPluralAcronym(unit.first) &&
      words_.GenitiveEnding(document_.Text(token)) == 0) {
    candidate.belief -= 4;
  }
  if (token.Has(Token::kInnerUpper)) candidate.belief += 2;
  if (token.Has(Token::kAllUpper) && style_ == Style::kProse) {
    candidate.belief += token.Has(Token::kHasDigit) ? 1 : 2;
  }
  if (unit.Is(Words::kLegalForm | Words::kOrgHead) && candidate.words > 1) {
    candidate.belief += 2;
  }
  const bool capital_says_little =
      candidate.initial || words_.noun_capitals() || style_ != Style::kProse;
  if (!capital_says_little) candidate.belief += 2;
  switch (unit.common) {
    case Words::Commonness::kUnknown:
      candidate.belief += 2;
      break;
    case Words::Commonness::kLikely:
      candidate.belief -= 1;
      break;
    case Words::Commonness::kListed:
      candidate.belief -= candidate.words > 1 ? 1 : 2;
      break;
  }
}

}  // namespace tocsin
