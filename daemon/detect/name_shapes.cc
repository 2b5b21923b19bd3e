#include "detect/name_shapes.h"

#include "text/fold.h"

namespace tocsin {
namespace {

using Words = NameWords;

// People from which a place is known everywhere, and in its country.
constexpr uint32_t kBigPlace = 1000000;
constexpr uint32_t kTown = 100000;
// Bytes of an acronym that may be spelt like a common word: `WHO`.
constexpr uint32_t kMaxAcronym = 3;

bool CapitalSaysLittle(const NameText& text, SentenceStyle style,
                       const NameCandidate& candidate) {
  return candidate.initial || text.words().noun_capitals() ||
         style != SentenceStyle::kProse;
}

// Facts of a token without a genitive ending.
uint32_t FactsOfBase(NameText& text, uint32_t token, uint32_t ending) {
  if (ending == 0) return text.Facts(token);
  const absl::string_view word = text.Text(token);
  return text.words().Facts(FoldedHash(word.substr(0, word.size() - ending)));
}

// Whether nothing but the place of the word may be why it has a capital.
bool CapitalSaysLittle(const NameText& text, SentenceStyle style,
                       const NameCandidate& candidate, const NameUnit& unit) {
  return (candidate.initial && unit.first == candidate.first) ||
         text.words().noun_capitals() || style != SentenceStyle::kProse;
}

void AddShape(NameText& text, SentenceStyle style, const NameUnit& unit,
              NameCandidate& candidate) {
  const Token& token = text.At(unit.first);
  const bool common = unit.Is(Words::kCommon);
  // `Weed` is a surname, and more often not.
  const bool rare_name =
      common && candidate.words == 1 && !unit.Is(Words::kGiven);
  if (unit.Is(Words::kPerson)) candidate.belief += rare_name ? 0 : 2;
  if (token.Has(Token::kInnerUpper)) candidate.belief += 2;
  // `FREE` is stressed and no acronym.
  if (token.Has(Token::kAllUpper) && style == SentenceStyle::kProse &&
      !(common && token.end - token.begin > kMaxAcronym)) {
    candidate.belief += token.Has(Token::kHasDigit) ? 1 : 2;
  }
  if (candidate.words > 1 && unit.Is(Words::kLegalForm | Words::kOrgHead)) {
    candidate.belief += 2;
  }
  // `GOG henter`: only its first letter would be a capital for its place.
  const bool acronym = token.Has(Token::kAllUpper) &&
                       token.end - token.begin > 1 &&
                       token.end - token.begin <= kMaxAcronym;
  const bool capital_says_little =
      CapitalSaysLittle(text, style, candidate, unit) &&
      !(acronym && style == SentenceStyle::kProse);
  if (!capital_says_little) candidate.belief += 2;
  if (common) {
    candidate.belief -= candidate.words > 1 ? 1 : 2;
  } else if (unit.Is(Words::kLikelyCommon) && !unit.match) {
    // Many names are made of ordinary words; where those have no capital, one
    // that has is a name.
    candidate.belief += capital_says_little ? -1 : 1;
  } else {
    candidate.belief += 2;
  }
  if (text.IsPluralAcronym(unit.first) &&
      text.words().genitive_endings().Find(text.Text(unit.first)) == 0) {
    candidate.belief -= 4;
  }
}

// What single words that no list knows often are instead of names.
void DoubtSingle(const NameText& text, const NameUnit& unit,
                 NameCandidate& candidate) {
  const Token& token = text.At(unit.first);
  if (text.IsInitial(unit.first) && unit.name_last == unit.first + 1) {
    candidate.belief -= 4;  // `B`
  }
  if (unit.has_tail && !unit.Is(Words::kPerson) &&
      !token.Has(Token::kInnerUpper) && !token.Has(Token::kAllUpper)) {
    candidate.belief -= 2;  // The first part of some compound.
  }
  const uint32_t next = unit.last;
  if (next + 1 >= text.size() || !text.IsAttached(next) ||
      text.At(next + 1).sentence != token.sentence) {
    return;
  }
  if (text.Text(next) == "." && token.end - token.begin <= 5) {
    candidate.belief -= 3;  // An abbreviation.
  }
  if (text.IsHyphen(next) && !text.IsAttached(next + 1)) {
    candidate.belief -= 3;  // `Nord- und Südamerika`
  }
}

}  // namespace

SentenceStyle StyleOf(const NameText& text, absl::Span<const uint32_t> capitals,
                      uint32_t long_words) {
  if (capitals.size() * 10 < size_t{long_words} * 7) {
    return SentenceStyle::kProse;
  }
  uint32_t capital = 0;
  uint32_t shouted = 0;
  for (const uint32_t i : capitals) {
    const Token& token = text.At(i);
    if (!CountsForStyle(token)) continue;
    capital += token.Has(Token::kUpperFirst);
    shouted += token.Has(Token::kAllUpper);
  }
  if (long_words >= 2 && shouted * 10 >= long_words * 7) {
    return SentenceStyle::kShouting;
  }
  if (!text.words().noun_capitals() && long_words >= 4 &&
      capital * 10 >= long_words * 9) {
    return SentenceStyle::kTitle;
  }
  return SentenceStyle::kProse;
}

NameCandidate MakeListed(NameText& text, SentenceStyle style, uint32_t first,
                         const NameLists::Match& match,
                         absl::Span<const NameUnit> units) {
  NameCandidate candidate;
  candidate.first = first;
  candidate.last = first + match.token_count;
  candidate.begin = text.At(first).begin;
  candidate.end = text.At(candidate.last - 1).end;
  candidate.base_end = candidate.end - match.ending;
  candidate.marked = true;
  candidate.listed = static_cast<int>(match.name);
  candidate.words = units.empty() ? 1 : static_cast<uint32_t>(units.size());
  candidate.initial = text.At(first).Has(Token::kSentenceStart);
  int marked = 0;  // A genitive mark speaks for a name.
  if (!units.empty() && units.back().name_last == candidate.last &&
      units.back().has_mark()) {
    candidate.last = units.back().mark_last;
    marked = 1;
    if (text.words().genitive_inside()) {
      candidate.end = text.At(candidate.last - 1).end;
    }
  }
  const NameKind& name = match.kind;
  const bool little = CapitalSaysLittle(text, style, candidate);
  candidate.belief = (match.weak && little ? 0 : 3) + marked;
  int points = name.curated || name.people >= kBigPlace ? 7
               : name.people >= kTown                   ? 4
                                                        : 2;
  if (match.token_count > 1) {
    points += 2;
  } else {
    const uint32_t facts = FactsOfBase(text, first, match.ending);
    const bool acronym = text.At(first).Has(Token::kAllUpper) &&
                         style != SentenceStyle::kShouting;
    if ((facts & Words::kCommon) != 0 && !acronym) {
      if (little) {
        candidate.belief -= name.curated ? 1 : name.people >= kBigPlace ? 1 : 3;
      } else if (!name.curated && name.people < kTown) {
        candidate.belief -= 2;
      }
      if ((facts & Words::kStop) != 0) candidate.belief -= 4;
    }
    if (points < 7 && (facts & Words::kPerson) != 0) {
      Points(candidate, EntityType::kPerson) += (facts & Words::kGiven) == 0 ? 3
                                                : points == 2                ? 6
                                                              : 4;
    }
  }
  Points(candidate, name.type) += points;
  return candidate;
}

NameCandidate MakeUnlisted(NameText& text, SentenceStyle style,
                           absl::Span<const NameUnit> units) {
  const NameUnit& head = units.front();
  const NameUnit& tail = units.back();
  NameCandidate candidate;
  candidate.first = head.first;
  candidate.last = tail.mark_last;
  candidate.begin = text.At(head.first).begin;
  candidate.base_end = text.At(tail.name_last - 1).end;
  candidate.end = text.words().genitive_inside()
                      ? text.At(tail.mark_last - 1).end
                      : candidate.base_end;
  candidate.marked = tail.has_mark() || tail.has_tail;
  candidate.initial = text.BeginsLine(head.first) ||
                      (head.first > 0 && text.IsQuote(head.first - 1) &&
                       text.IsAttached(head.first));
  candidate.words = static_cast<uint32_t>(units.size());
  for (const NameUnit& unit : units) {
    AddShape(text, style, unit, candidate);
    candidate.facts |= unit.facts;
  }
  // `Johan K.`: of whom stands before a court.
  const uint32_t point = tail.last;
  if (candidate.words > 1 && head.Is(Words::kPerson) &&
      point == tail.first + 1 && text.IsInitial(tail.first) &&
      point < text.size() && text.IsAttached(point) &&
      text.Text(point) == "." &&
      text.At(point).sentence == text.At(tail.first).sentence) {
    candidate.last = point + 1;
    candidate.end = text.At(point).end;
    candidate.marked = true;
  }
  if (candidate.words > 1) {
    candidate.belief += head.Is(Words::kGiven) ? 2 : 1;
  } else {
    DoubtSingle(text, head, candidate);
  }
  return candidate;
}

}  // namespace tocsin
