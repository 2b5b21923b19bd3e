#include "detect/number_parser.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "detect/number_accumulator.h"
#include "detect/number_digits.h"
#include "text/fold.h"

namespace tocsin {
namespace {

using Role = AmountWord::Role;

// A solid word longer than this is no number.
constexpr size_t kMaxSolidBytes = 96;
constexpr size_t kMaxPartBytes = 18;
constexpr size_t kMaxParts = 16;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsUpper(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 'A' && c <= 'Z'; });
}

constexpr ExactDecimal kOneDecimal = {1, 0, false};

// One run of the parser: where it stands, and what it has.
class Reader {
 public:
  Reader(const AmountScope& scope, bool by_currency)
      : scope_(scope),
        by_currency_(by_currency),
        sum_(scope.words->inverted_tens()) {}

  std::optional<NumberMatch> Read(uint32_t at) {
    match_.first = at;
    match_.begin = scope_.tokens[at].begin;
    uint32_t pos = SkipSign(at);
    if (pos >= scope_.end) return std::nullopt;
    const Token& token = scope_.tokens[pos];
    if (IsDigit(scope_.text[token.begin])) {
      if (!ReadDigits(pos, token.begin)) return std::nullopt;
    } else if (token.Has(Token::kHasDigit)) {
      return std::nullopt;
    } else {
      match_.last = pos;
      match_.end = token.begin;
    }
    return Finish();
  }

  std::optional<NumberMatch> ReadInside(uint32_t at) {
    match_.first = at;
    match_.begin = scope_.tokens[at].begin;
    const absl::string_view text = scope_.Text(at);
    size_t digit = 0;
    while (digit < text.size() && !IsDigit(text[digit])) ++digit;
    if (digit == text.size() ||
        !ReadDigits(at, match_.begin + static_cast<uint32_t>(digit))) {
      return std::nullopt;
    }
    return Finish();
  }

 private:
  std::optional<NumberMatch> Finish() {
    if (match_.unit == nullptr) ReadWords();
    if (!sum_.Finish(match_)) return std::nullopt;
    if (negative_ && !match_.vague) {
      match_.low.negative = match_.high.negative = !match_.low.is_zero();
    }
    return match_;
  }

  uint32_t SkipSign(uint32_t at) {
    const AmountWords::Match sign =
        scope_.words->Longest(scope_.tokens, at, scope_.end);
    if (sign.Has(Role::kNumber) && sign.word->part == NumberPart::kMinus) {
      negative_ = true;
      return at + sign.token_count;
    }
    const absl::string_view text = scope_.Text(at);
    if ((text == "-" || text == "\xE2\x88\x92" || text == "\xE2\x80\x93") &&
        scope_.Glued(at + 1)) {
      negative_ = true;
      return at + 1;
    }
    return at;
  }

  // Digits from a byte of tokens[pos] on, over as many tokens as they take.
  bool ReadDigits(uint32_t pos, uint32_t begin) {
    const auto digits = ScanDigits(scope_.text, begin, scope_.words->format());
    if (!digits) return false;
    match_.end = digits->end;
    while (pos < scope_.end && scope_.tokens[pos].end <= digits->end) ++pos;
    match_.last = pos;
    match_.has_digits = true;
    match_.grouped = digits->grouped;
    match_.has_fraction = digits->has_fraction;
    match_.leading_zero = digits->leading_zero;
    match_.integer_digits = digits->integer_digits;
    match_.foreign_style = digits->foreign_decimal;
    match_.low = digits->value;
    if (!sum_.AddDigits(digits->value)) return false;
    if (pos < scope_.end && scope_.tokens[pos].begin < digits->end) {
      return ReadSuffix(pos, digits->end);
    }
    return true;
  }

  // Letters in the same token as the digits: 30k, 500bn, 115USD.
  bool ReadSuffix(uint32_t pos, uint32_t begin) {
    const Token& token = scope_.tokens[pos];
    const absl::string_view suffix =
        scope_.text.substr(begin, token.end - begin);
    if (suffix.size() > kMaxPartBytes) return false;
    const uint64_t hash = FoldedHash(suffix);
    const AmountWord* word = scope_.words->Find(hash);
    if (word == nullptr || !word->Has(Role::kScale | Role::kCurrency |
                                      Role::kPercent | Role::kPoints)) {
      word = scope_.fallback->Find(hash);
    }
    if (word == nullptr) return false;
    if (word->Has(Role::kScale)) {
      if (!sum_.Add(*word)) return false;
    } else if (word->IsUnit() && !word->Has(Role::kWeak) &&
               (!word->Has(Role::kUpper) || IsUpper(suffix))) {
      match_.unit = word;
    } else {
      return false;
    }
    match_.last = pos + 1;
    match_.end = token.end;
    return true;
  }

  void ReadWords() {
    while (match_.last < scope_.end && match_.unit == nullptr) {
      uint32_t pos = match_.last;
      if (scope_.tokens[pos].kind == TokenKind::kNumber) return;
      if (sum_.any() && scope_.IsInnerHyphen(pos)) ++pos;
      if (sum_.any() && pos > scope_.begin && Breaks(pos)) return;
      if (TakePart(pos) || TakeOf(pos)) continue;
      if (!TakeAnd(pos)) return;
    }
  }

  // A line ends here: what follows is another text.
  bool Breaks(uint32_t pos) const {
    return scope_.tokens[pos].Has(Token::kNewlineBefore);
  }

  bool TakePart(uint32_t pos) {
    const AmountWords::Match found = FindPart(pos);
    if (found) {
      if (found.word->Has(Role::kGlued) && !MayTakeGlued(pos)) return false;
      if (!sum_.Add(*found.word)) return false;
      Accept(pos, found.token_count);
      return true;
    }
    return TakeSolid(pos) || TakeScaleOfCompound(pos);
  }

  // The scale or number part at `pos`, in the language of the text or, where
  // that has none, in the fallback.
  AmountWords::Match FindPart(uint32_t pos) const {
    constexpr uint64_t kParts = Role::kNumber | Role::kScale | Role::kVague;
    const AmountWords::Match own =
        scope_.words->Longest(scope_.tokens, pos, scope_.end);
    if (own.Has(kParts) && !Misfits(*own.word)) return own;
    if (!match_.has_digits || own.Has(Role::kFunction | Role::kCurrency)) {
      return own.Has(kParts) ? own : AmountWords::Match();
    }
    const AmountWords::Match other =
        scope_.fallback->Longest(scope_.tokens, pos, scope_.end);
    if (other.Has(Role::kScale)) return other;
    return own.Has(kParts) ? own : AmountWords::Match();
  }

  // A scale of this language that does not fit the number before it, so that
  // it is another language's: `$9.74 billion` in a German text.
  bool Misfits(const AmountWord& word) const {
    if (!match_.has_digits) return false;
    return match_.foreign_style ||
           (word.Has(Role::kSingular) && match_.low != kOneDecimal);
  }

  bool MayTakeGlued(uint32_t pos) const {
    return match_.has_digits && match_.last == pos &&
           (scope_.Glued(pos) || by_currency_);
  }

  bool TakeSolid(uint32_t pos) {
    const Token& token = scope_.tokens[pos];
    if (token.kind != TokenKind::kWord ||
        !scope_.words->MayBeSolid(scope_.Text(pos)) ||
        token.end - token.begin > kMaxSolidBytes) {
      return false;
    }
    const std::vector<const AmountWord*> parts =
        SplitNumberWord(FoldText(scope_.Text(pos)), *scope_.words);
    if (parts.empty()) return false;
    NumberAccumulator sum = sum_;
    sum.set_solid();
    for (const AmountWord* part : parts) {
      if (part->part == NumberPart::kAnd) {
        sum.TakeAnd();
      } else if (part == parts.back() && part->Has(Role::kPercent)) {
        match_.unit = part;  // Set last: all other parts have fitted.
      } else if (!sum.Add(*part)) {
        return false;
      }
    }
    sum_ = sum;
    Accept(pos, 1);
    return true;
  }

  // A scale that begins a word after a hyphen: `20-miljardersprojekt`.
  bool TakeScaleOfCompound(uint32_t pos) {
    if (!scope_.words->solid_numbers() || pos != match_.last + 1 ||
        scope_.tokens[pos].end - scope_.tokens[pos].begin > kMaxSolidBytes) {
      return false;
    }
    const std::string word = FoldText(scope_.Text(pos));
    for (size_t size = std::min(kMaxPartBytes, word.size()); size >= 5;
         --size) {
      const absl::string_view text = word;
      const AmountWord* scale =
          scope_.words->Find(ExactHash(text.substr(0, size)));
      if (scale == nullptr || !scale->Has(Role::kScale)) continue;
      const AmountWord* noun = scope_.words->Find(ExactHash(text.substr(size)));
      if (noun == nullptr || !noun->Has(Role::kMoneyNoun) ||
          !sum_.Add(*scale)) {
        return false;
      }
      match_.in_compound = true;
      Accept(pos, 1);
      return true;
    }
    return false;
  }

  // `hundreds of billions`
  bool TakeOf(uint32_t pos) {
    if (!sum_.vague()) return false;
    const AmountWords::Match of =
        scope_.words->Longest(scope_.tokens, pos, scope_.end);
    if (!of.Has(Role::kOf) || pos + of.token_count >= scope_.end) return false;
    return FindPart(pos + of.token_count).Has(Role::kScale) &&
           TakePart(pos + of.token_count);
  }

  // `and` and the part after it; taken back if what follows shows that the
  // number ended before (`between two hundred and three hundred`).
  bool TakeAnd(uint32_t pos) {
    if (!sum_.MayTakeAnd()) return false;
    const AmountWords::Match word =
        scope_.words->Longest(scope_.tokens, pos, scope_.end);
    if (!word.Has(Role::kNumber) || word.word->part != NumberPart::kAnd) {
      return false;
    }
    const NumberAccumulator sum = sum_;
    const NumberMatch match = match_;
    sum_.TakeAnd();
    const uint32_t next = pos + word.token_count;
    if (next < scope_.end && TakePart(next)) {
      const AmountWords::Match after = FindPart(match_.last);
      if (!after.Has(Role::kNumber | Role::kScale) ||
          NumberAccumulator(sum_).Add(*after.word)) {
        return true;
      }
    }
    sum_ = sum;
    match_ = match;
    return false;
  }

  void Accept(uint32_t pos, uint32_t count) {
    match_.last = pos + count;
    match_.end = scope_.tokens[match_.last - 1].end;
    // The period of an abbreviation that ends the sentence is the sentence's.
    if (count > 1 && match_.last == scope_.end &&
        scope_.Is(match_.last - 1, '.')) {
      match_.end = scope_.tokens[match_.last - 2].end;
    }
  }

  const AmountScope& scope_;
  const bool by_currency_;
  NumberAccumulator sum_;
  NumberMatch match_;
  bool negative_ = false;
};

// Whether `part` may stand at this place of a solid word.
bool MayBePart(const AmountWord& part, size_t at, bool is_last) {
  if (part.Has(Role::kScale)) return !part.Has(Role::kGlued);
  if (part.Has(Role::kPercent)) return at > 0 && is_last;
  if (!part.Has(Role::kNumber) || part.part == NumberPart::kMinus) return false;
  return part.part != NumberPart::kFraction || at == 0;
}

bool SplitFrom(absl::string_view word, size_t at, const AmountWords& words,
               int& budget, std::vector<const AmountWord*>& parts) {
  if (at == word.size()) return true;
  if (parts.size() == kMaxParts || --budget < 0) return false;
  for (const AmountWords::SolidPart& form : words.SolidParts(word[at])) {
    const size_t end = at + form.text.size();
    const AmountWord& part = words.Word(form);
    if (!absl::StartsWith(word.substr(at), form.text) ||
        !MayBePart(part, at, end == word.size())) {
      continue;
    }
    parts.push_back(&part);
    if (SplitFrom(word, end, words, budget, parts)) return true;
    parts.pop_back();
  }
  return false;
}

}  // namespace

bool NumberMatch::LooksLikeYear() const {
  return has_digits && !has_scale && !grouped && !has_fraction &&
         integer_digits == 4 && !low.negative &&
         !Less(low, ExactDecimal{1, 3, false}) &&
         Less(low, ExactDecimal{21, 2, false});
}

std::vector<const AmountWord*> SplitNumberWord(absl::string_view word,
                                               const AmountWords& words) {
  std::vector<const AmountWord*> parts;
  int budget = 64;
  if (word.size() > kMaxSolidBytes ||
      !SplitFrom(word, 0, words, budget, parts) || parts.size() < 2) {
    parts.clear();
  }
  return parts;
}

std::optional<NumberMatch> NumberParser::Parse(uint32_t at,
                                               bool by_currency) const {
  return Reader(scope_, by_currency).Read(at);
}

std::optional<NumberMatch> NumberParser::ParseInside(uint32_t at) const {
  return Reader(scope_, /*by_currency=*/true).ReadInside(at);
}

uint32_t NumberParser::StartOf(uint32_t at, uint32_t floor) const {
  if (scope_.tokens[at].Has(Token::kHasDigit)) return SignBefore(at, floor);
  uint32_t start = at;
  const AmountWords& words = *scope_.words;
  // A phrase that began earlier: `a quarter`, `en och en halv`.
  const bool goes_on = words.MayGoOnAt(scope_.tokens[at].folded);
  for (uint32_t i = at > floor + 4 ? at - 4 : floor; goes_on && i < at; ++i) {
    const AmountWords::Match match =
        words.Longest(scope_.tokens, i, scope_.end);
    if (match.Has(Role::kNumber | Role::kVague) && i + match.token_count > at) {
      start = i;
      break;
    }
  }
  // An article or `several` before a scale.
  const AmountWords::Match scale =
      words.Longest(scope_.tokens, start, scope_.end);
  if (scale.Has(Role::kScale) ||
      (scale.Has(Role::kNumber) && scale.word->part == NumberPart::kHundred)) {
    const AmountWords::Match before = words.Before(scope_.tokens, floor, start);
    const bool leads =
        before.Has(Role::kVague) ||
        (before.Has(Role::kNumber) && before.word->part == NumberPart::kOne);
    if (leads) start -= before.token_count;
  }
  if (start == at && at > floor && !scale &&
      scope_.tokens[at].kind == TokenKind::kWord) {  // `eine Viertelmillion`
    const std::vector<const AmountWord*> parts =
        SplitNumberWord(FoldText(scope_.Text(at)), words);
    const AmountWords::Match before = words.Before(scope_.tokens, floor, start);
    if (!parts.empty() && parts[0]->part == NumberPart::kFraction &&
        before.Has(Role::kNumber) && before.word->part == NumberPart::kOne) {
      start -= before.token_count;
    }
  }
  return SignBefore(start, floor);
}

// Where the sign of a number stands that begins at tokens[start]; there if it
// has none.
uint32_t NumberParser::SignBefore(uint32_t start, uint32_t floor) const {
  if (start <= floor) return start;
  const AmountWords::Match sign =
      scope_.words->Before(scope_.tokens, floor, start);
  if (sign.Has(Role::kNumber) && sign.word->part == NumberPart::kMinus) {
    return start - sign.token_count;
  }
  const absl::string_view text = scope_.Text(start - 1);
  const bool is_dash =
      text == "-" || text == "\xE2\x88\x92" || text == "\xE2\x80\x93";
  if (!is_dash || !scope_.Glued(start) ||
      !scope_.tokens[start].Has(Token::kHasDigit)) {
    return start;
  }
  const bool stands_apart = start - 1 == scope_.begin ||
                            !scope_.Glued(start - 1) ||
                            scope_.Is(start - 2, '(') ||
                            scope_.tokens[start - 2].kind == TokenKind::kSymbol;
  return stands_apart ? start - 1 : start;
}

}  // namespace tocsin
