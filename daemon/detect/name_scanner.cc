#include "detect/name_scanner.h"

#include <algorithm>

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
  bool organisation = false;
  for (const NameUnit& unit : run_) {
    organisation |=
        unit.Is(Words::kOrgHead | Words::kPlaceHead | Words::kEventHead);
  }
  const bool single_initial = run_.size() == 1 && run_[0].Is(Words::kStop);
  uint32_t i = at;
  while (i < end && i - at < kMaxGap && At(i).kind == TokenKind::kWord &&
         At(i).Has(Token::kSpaceBefore) && !LooksLikeName(At(i))) {
    const uint32_t facts = words_.Facts(At(i).folded);
    const bool joins =
        ((facts & Words::kParticle) != 0 && !single_initial &&
         !run_.back().Is(Words::kNever)) ||
        ((facts & (Words::kConnector | Words::kDeterminer)) != 0 &&
         organisation);
    if (!joins) return false;
    ++i;
  }
  if (i == at || i >= end || !LooksLikeName(At(i)) ||
      !At(i).Has(Token::kSpaceBefore)) {
    return false;
  }
  if ((words_.Facts(At(i).folded) & (Words::kStop | Words::kNever)) != 0) {
    return false;
  }
  at = i;
  return true;
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
  size_t i = u + 1;
  for (; i < run_.size(); ++i) {
    const NameUnit& unit = run_[i];
    if (unit.Is(Words::kNever | Words::kTitle)) break;
    if (unit.Is(Words::kStop) && style_ != Style::kProse) break;
    // A genitive that a list or the names of people know ends a name.
    const NameUnit& before = run_[i - 1];
    const absl::string_view word = document_.Text(At(before.name_last - 1));
    if (const size_t ending = words_.GenitiveEnding(word);
        ending > 0 && !before.Is(Words::kPerson)) {
      const NameLists::Match match =
          lists_.Longest(document_, before.first, before.last, words_, false);
      if (match.ending > 0) break;
    }
    const NameLists::Match match =
        lists_.Longest(document_, unit.first, end, words_, false);
    if (match.token_count > unit.last - unit.first) break;
    if (words_.noun_capitals() && IsOrdinaryNoun(i) &&
        !(run_[u].Is(Words::kGiven) && unit.Is(Words::kPerson))) {
      break;
    }
  }
  return i;
}

// Whether a listed name is only the beginning of a longer one: `Paris Hilton`,
// `Berlin Institute of Health`.
bool NameScanner::TakesInRest(size_t u, const NameLists::Match& match,
                              size_t next) const {
  if (match.ending > 0) return false;
  const ListedName& name = lists_.Get(match.name);
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
  candidates.push_back(candidate);
}

void NameScanner::AddShapeBelief(const NameUnit& unit,
                                 NameCandidate& candidate) const {
  const Token& token = At(unit.first);
  if (unit.Is(Words::kPerson)) candidate.belief += 2;
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
      candidate.belief += 1;
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
