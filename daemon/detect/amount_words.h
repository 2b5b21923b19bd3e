// The words of one language that amounts are made of, compiled from the tables
// of the lexicon: lexicon/<language>/{format, numbers, scales, vague, percent,
// currencies, currency-words, amount-words, counted, not-counted, modifiers,
// money-nouns, months, function-words}.tsv and the same in common/. Each table
// tells its columns in its first lines.
//
// Immutable after Compile(); thread-safe.
#ifndef TOCSIN_DETECT_AMOUNT_WORDS_H_
#define TOCSIN_DETECT_AMOUNT_WORDS_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "detect/number_decimal.h"
#include "detect/number_digits.h"
#include "lexicon/lexicon.h"
#include "lexicon/phrase_matcher.h"
#include "text/document.h"

namespace tocsin {

// How a word takes part in a number.
enum class NumberPart : uint8_t {
  kNone,
  kUnit,   // 0 to 9
  kTeen,   // 10 to 19
  kTen,    // 20, 30 ... 90
  kScore,  // 60 and 80 where teens follow them
  kHundred,
  kOne,       // an article that counts as 1 where a scale or unit follows
  kMixed,     // a whole number and a half
  kFraction,  // needs a scale or unit after it
  kPlus,      // is added to what stands before it
  kAnd,
  kMinus,
};

// One word or phrase, with everything that it can be.
struct AmountWord {
  enum Role : uint64_t {
    kNumber = uint64_t{1} << 0,  // `part` and `value`.
    kScale = uint64_t{1} << 1,   // `value`.
    kGlued =
        uint64_t{1} << 2,  // A scale only right after digits or by a currency.
    kPlural = uint64_t{1} << 3,    // A scale that alone is a vague number.
    kSingular = uint64_t{1} << 4,  // A scale that fits one only.
    kVague = uint64_t{1} << 5,     // `value` to `high`.
    kSeveral = uint64_t{1} << 6,   // Vague, and only before a scale.
    kCurrency = uint64_t{1} << 7,  // `code`, `unit_exponent`.
    kSubunit = uint64_t{1} << 8,
    kWeak = uint64_t{1} << 9,  // Also an ordinary word.
    kBefore =
        uint64_t{1} << 10,  // A unit that stands before its number as well.
    kTight = uint64_t{1} << 11,    // Only without a space inside.
    kUpper = uint64_t{1} << 12,    // Only in capitals.
    kPercent = uint64_t{1} << 13,  // `unit_exponent`.
    kPoints = uint64_t{1} << 14,   // Percentage points.
    kCounted = uint64_t{1} << 15,  // `concept`.
    kNotCounted = uint64_t{1} << 16,
    kMonth = uint64_t{1} << 17,
    kModifier = uint64_t{1}
                << 18,  // Stands between a number and what it counts.
    kFunction = uint64_t{1} << 19,
    kAtLeast = uint64_t{1} << 20,
    kAtMost = uint64_t{1} << 21,
    kApproximate = uint64_t{1} << 22,
    kOrMore = uint64_t{1} << 23,
    kOrLess = uint64_t{1} << 24,
    kBetween = uint64_t{1} << 25,
    kFrom = uint64_t{1} << 26,
    kTo = uint64_t{1} << 27,
    kChange = uint64_t{1} << 28,  // `auf`: from one value to another.
    kOf = uint64_t{1} << 29,
    kDefinite = uint64_t{1} << 30,
    kLabel = uint64_t{1} << 31,
    kOr = uint64_t{1} << 32,
    kMoneyNoun = uint64_t{1} << 34,  // A deal, a budget: what money is for.
    kShare = uint64_t{1} << 35,      // `in` of `one in five`.
    kOneOnly = uint64_t{1} << 33,    // Counts one: in the singular.
    kExact = uint64_t{1} << 36,  // `Kredit über`: no bound, though it looks it.
    kPays = uint64_t{1} << 37,   // `kostar`: a number behind it is money.
  };

  uint64_t roles = 0;
  NumberPart part = NumberPart::kNone;
  int8_t unit_exponent = 0;       // The unit is 10^this of the code's unit.
  std::array<char, 4> code = {};  // ISO 4217.
  int32_t concept_id = -1;
  bool year_before = false;  // A four-digit number after it is a year.
  ExactDecimal value;
  ExactDecimal high;

  bool Has(uint64_t any_of) const { return (roles & any_of) != 0; }
  absl::string_view currency() const { return {code.data(), 3}; }
  bool IsUnit() const { return Has(kCurrency | kPercent | kPoints); }
};

class AmountWords {
 public:
  static constexpr size_t kShortestSolid = 5;
  static constexpr size_t kSolidSlots = 1 << 13;
  // A hash of the first four bytes, whatever their case: 0x20 tells capital and
  // small letters apart in ASCII and in the second byte of Latin-1 letters.
  static size_t SolidSlot(absl::string_view text) {
    uint32_t word;
    std::memcpy(&word, text.data(), sizeof(word));
    return ((word | 0x20202020u) * 0x9E3779B1u) >> 19;
  }
  static constexpr size_t kSolidEnds = 1 << 10;
  // The same for the last two bytes, if they are letters of ASCII; 0 for any
  // other end.
  static size_t SolidEnd(absl::string_view text) {
    const auto a = static_cast<uint8_t>(text[text.size() - 2]);
    const auto b = static_cast<uint8_t>(text[text.size() - 1]);
    if (((a | b) & 0x80) != 0) return 0;
    return size_t{a & 31u} << 5 | (b & 31u);
  }

  struct Match {
    const AmountWord* word = nullptr;
    uint32_t token_count = 0;
    explicit operator bool() const { return word != nullptr; }
    bool Has(uint64_t any_of) const {
      return word != nullptr && word->Has(any_of);
    }
  };

  // `language` need not have any table: what is common is known then.
  static absl::StatusOr<AmountWords> Compile(const Lexicon& lexicon,
                                             absl::string_view language);

  // The longest phrase that begins at tokens[at] and ends before `end`.
  Match Longest(absl::Span<const Token> tokens, uint32_t at,
                uint32_t end) const;
  // The longest phrase of at most four tokens that begins at `first` or later
  // and ends before tokens[end].
  Match EndingAt(absl::Span<const Token> tokens, uint32_t first,
                 uint32_t end) const;
  // The same, but only words that say something of a number after them; sees at
  // a glance where there are none.
  Match Before(absl::Span<const Token> tokens, uint32_t first,
               uint32_t end) const;
  // Whether a word may be a number written solid, by how it begins.
  bool MayBeSolid(absl::string_view text) const {
    return text.size() >= kShortestSolid && solid_numbers_ &&
           solid_begins_.test(SolidSlot(text)) &&
           solid_ends_.test(SolidEnd(text));
  }
  // Whether a number may be a phrase that began before this word. Never false
  // where it is.
  bool MayGoOnAt(uint64_t folded) const {
    return inner_words_.test(folded % inner_words_.size());
  }
  // The same for a phrase that begins here.
  bool MayBeginAt(uint64_t folded) const { return matcher_.MayBegin(folded); }
  // The word with this folded hash; null if there is none.
  const AmountWord* Find(uint64_t folded) const;

  // What a number that is written solid is made of.
  struct SolidPart {
    std::string text;  // Folded.
    uint32_t word = 0;
  };
  // Those that begin with this byte, longer ones first.
  absl::Span<const SolidPart> SolidParts(char first) const {
    const auto i = static_cast<uint8_t>(first);
    return absl::MakeConstSpan(solid_parts_)
        .subspan(solid_part_at_[i], solid_part_at_[i + 1] - solid_part_at_[i]);
  }
  const AmountWord& Word(const SolidPart& part) const {
    return words_[part.word];
  }

  const NumberFormat& format() const { return format_; }
  bool solid_numbers() const { return solid_numbers_; }
  bool inverted_tens() const { return inverted_tens_; }
  bool noun_capitals() const { return noun_capitals_; }
  // `$5`, not `5 $`.
  bool symbol_first() const { return symbol_first_; }
  // Endings of nouns in the plural, folded; empty: they tell nothing. Those
  // that adjectives have as well are apart.
  const std::vector<std::string>& plural_endings() const {
    return plural_endings_;
  }
  const std::vector<std::string>& shared_plural_endings() const {
    return shared_plural_endings_;
  }
  // `'s` is an ending of the plural.
  bool apostrophe_plural() const { return apostrophe_plural_; }
  // ISO 4217 code of the money that is meant where none is named; or empty.
  absl::string_view home_currency() const { return home_currency_; }
  absl::string_view Concept(int32_t id) const {
    return concepts_[static_cast<size_t>(id)];
  }

  // For the scan: hashes of the words at which an amount may be found, and of
  // words that tell the language; and how solid number words may begin and end.
  const std::vector<uint64_t>& triggers() const { return triggers_; }
  const std::vector<uint64_t>& function_words() const {
    return function_words_;
  }
  const std::bitset<kSolidSlots>& solid_begins() const { return solid_begins_; }
  const std::bitset<kSolidEnds>& solid_ends() const { return solid_ends_; }

 private:
  friend class AmountWordsBuilder;

  NumberFormat format_;
  bool solid_numbers_ = false;
  bool inverted_tens_ = false;
  bool noun_capitals_ = false;
  bool symbol_first_ = false;
  bool apostrophe_plural_ = false;
  std::string home_currency_;
  std::vector<std::string> plural_endings_;
  std::vector<std::string> shared_plural_endings_;
  std::vector<AmountWord> words_;
  std::vector<std::string> concepts_;
  PhraseMatcher matcher_;
  std::vector<uint64_t> triggers_;
  std::vector<uint64_t> function_words_;
  std::bitset<kSolidSlots> solid_begins_;
  std::bitset<kSolidEnds> solid_ends_;
  std::vector<SolidPart> solid_parts_;
  std::array<uint32_t, 257> solid_part_at_ = {};
  // By the low bits of the hash: last tokens of the words of Before().
  std::bitset<1 << 14> before_ends_;
  // The same for later tokens of phrases that are numbers.
  std::bitset<1 << 12> inner_words_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_AMOUNT_WORDS_H_
