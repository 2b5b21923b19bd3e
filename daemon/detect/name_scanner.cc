#include "detect/name_scanner.h"

#include <algorithm>

#include "detect/name_run.h"

namespace tocsin {
namespace {

using Words = NameWords;

// A name has at most this many units: longer runs are lists or headlines.
constexpr size_t kMaxUnits = 8;
constexpr uint32_t kMaxTitle = 10;  // Tokens of the title of a work.
constexpr uint32_t kMaxGap = 3;     // Particles between two parts of a name.
constexpr uint32_t kCountry = 1000000000;

}  // namespace

// Most words are in small letters, and nothing ever begins with them. Which do
// nobody can predict, so there is no branch on it.
void NameScanner::Look(const Sentence& sentence, Glance& glance) const {
  constexpr uint16_t kStarts =
      Token::kUpperFirst | Token::kInnerUpper | Token::kHasDigit;
  const NameWords& words = text_.words();
  glance.starts.resize(sentence.last_token - sentence.first_token);
  const Token* const tokens = text_.document().tokens.data();
  uint32_t* const starts = glance.starts.data();
  size_t size = 0;
  uint32_t long_words = 0;
  for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
    const Token& token = tokens[i];
    const bool is_word = token.kind == TokenKind::kWord;
    long_words += is_word & CountsForStyle(token);
    starts[size] = i;
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
    if (const uint32_t last = TitleEnd(i, sentence)) {
      next = ReadTitle(i, last, candidates);
    } else if (BeginsWithArticle(i, sentence.last_token)) {
      next = ScanArticle(i, Limit(i, sentence.last_token), candidates);
    } else if (!text_.IsCapital(i)) {
      next = ScanSmall(i, sentence.last_token, candidates);
    } else {
      ReadRun(i, Limit(i, sentence.last_token));
      next = CutRun(candidates);
    }
  }
}

uint32_t NameScanner::Limit(uint32_t first, uint32_t end) {
  if (first < limit_) return limit_;
  limit_ = first + 1;
  while (limit_ < end &&
         (Barred(limit_) | text_.At(limit_).Has(Token::kNewlineBefore)) == 0) {
    ++limit_;
  }
  return limit_;
}

// One past the last token of the title of a work that begins at `first`, in
// quotation marks behind the word for what it is; 0 if none does.
uint32_t NameScanner::TitleEnd(uint32_t first, const Sentence& sentence) {
  if (!text_.IsAttached(first) || first < sentence.first_token + 2 ||
      !text_.IsCapital(first) ||
      !(text_.IsQuote(first - 1) || text_.IsApostrophe(first - 1)) ||
      !text_.Is(first - 2, Words::kWorkIntro)) {
    return 0;
  }
  const bool single = text_.IsApostrophe(first - 1);
  const uint32_t end = std::min(first + kMaxTitle, sentence.last_token);
  for (uint32_t i = first + 1; i < end && !Barred(i); ++i) {
    if (!(single ? text_.IsApostrophe(i) : text_.IsQuote(i))) continue;
    // `Don't look up`
    if (single && i + 1 < text_.size() && text_.IsAttached(i + 1) &&
        text_.IsWord(i + 1)) {
      continue;
    }
    const bool comma = text_.Text(i - 1) == "," || text_.Text(i - 1) == ".";
    return comma ? i - 1 : i;
  }
  return 0;
}

uint32_t NameScanner::ReadTitle(uint32_t first, uint32_t last,
                                std::vector<NameCandidate>& candidates) {
  NameCandidate title;
  title.first = first;
  title.last = last;
  title.begin = text_.At(first).begin;
  title.end = title.base_end = text_.At(last - 1).end;
  title.marked = true;
  title.words = 2;
  title.belief = kBelieved + 2;
  Points(title, EntityType::kWork) += 8;
  candidates.push_back(title);
  return last;
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
  const uint32_t last = CutRun(candidates);
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
  // `Hafen von Bremerhaven` is some harbour.
  const bool noun = text_.words().noun_capitals() && before.IsOrdinary();
  const bool head =
      before.Is(noun ? Words::kOrgHead | Words::kEventHead : Words::kHead);
  // `&` and the point of an initial are no words.
  const bool was_gap = run_.size() > 1 &&
                       run_[run_.size() - 2].last < before.first &&
                       text_.IsWord(before.first - 1);
  bool particles = !before.Is(Words::kStop | Words::kNever | Words::kOrgHead) ||
                   (run_.size() == 1 && IsCapitalParticle(text_, before));
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
  if (IsCapitalParticle(text_, run_.back())) return true;
  if (!run_.back().Is(Words::kGiven)) return false;
  if (next - gap > 1 || text_.Is(next, Words::kPerson)) return true;
  const NameLists::Match match = lists_.Longest(text_, next, next + 1, false);
  if (!match) return true;
  // `Marie von Eggenburg`: many such names are made of places.
  const ListedName& name = lists_.Get(match.name);
  const bool alone =
      run_.size() == 1 || !run_[run_.size() - 2].Is(Words::kPerson);
  return alone && match.ending == 0 && !name.curated &&
         name.type == EntityType::kPlace && name.people < kBigPlacePeople;
}

uint32_t NameScanner::CutRun(std::vector<NameCandidate>& candidates) {
  return CutNameRun(text_, run_, style_, candidates, passed_over_);
}

}  // namespace tocsin
