#include "detect/amount_words.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "text/fold.h"
#include "text/tokenizer.h"

namespace tocsin {
namespace {

constexpr uint32_t kLongestLookBack = 4;
constexpr size_t kMaxSolidPart = 18;  // Bytes.

using Role = AmountWord::Role;

struct NamedRole {
  absl::string_view name;
  uint64_t role;
};

constexpr std::array<NamedRole, 10> kFlags = {{
    {"glued", Role::kGlued},
    {"plural", Role::kPlural},
    {"singular", Role::kSingular},
    {"several", Role::kSeveral},
    {"subunit", Role::kSubunit},
    {"weak", Role::kWeak},
    {"before", Role::kBefore},
    {"tight", Role::kTight},
    {"upper", Role::kUpper},
    {"one", Role::kOneOnly},
}};

constexpr std::array<NamedRole, 16> kAmountRoles = {{
    {"at_least", Role::kAtLeast},
    {"at_most", Role::kAtMost},
    {"approximate", Role::kApproximate},
    {"or_more", Role::kOrMore},
    {"or_less", Role::kOrLess},
    {"between", Role::kBetween},
    {"from", Role::kFrom},
    {"to", Role::kTo},
    {"or", Role::kOr},
    {"share", Role::kShare},
    {"change", Role::kChange},
    {"of", Role::kOf},
    {"definite", Role::kDefinite},
    {"label", Role::kLabel},
    {"exact", Role::kExact},
    {"pays", Role::kPays},
}};

struct NamedPart {
  absl::string_view name;
  NumberPart part;
};

constexpr std::array<NamedPart, 11> kParts = {{
    {"unit", NumberPart::kUnit},
    {"teen", NumberPart::kTeen},
    {"ten", NumberPart::kTen},
    {"score", NumberPart::kScore},
    {"hundred", NumberPart::kHundred},
    {"one", NumberPart::kOne},
    {"mixed", NumberPart::kMixed},
    {"fraction", NumberPart::kFraction},
    {"plus", NumberPart::kPlus},
    {"and", NumberPart::kAnd},
    {"minus", NumberPart::kMinus},
}};

// What a word before a number can say of it.
constexpr uint64_t kBeforeRoles =
    Role::kNumber | Role::kVague | Role::kBefore | Role::kAtLeast |
    Role::kAtMost | Role::kApproximate | Role::kBetween | Role::kFrom |
    Role::kDefinite | Role::kLabel | Role::kMonth | Role::kShare | Role::kExact;

// Whether a word with this part can begin the search for an amount.
bool IsTrigger(const AmountWord& word) {
  if (word.Has(Role::kScale)) return !word.Has(Role::kGlued);
  if (word.Has(Role::kVague)) return !word.Has(Role::kSeveral);
  if (word.Has(Role::kNumber)) {
    return word.part != NumberPart::kOne && word.part != NumberPart::kAnd &&
           word.part != NumberPart::kPlus && word.part != NumberPart::kMinus;
  }
  // For `a dollar`, `one per cent`.
  return word.IsUnit() && !word.Has(Role::kWeak | Role::kUpper);
}

}  // namespace

class AmountWordsBuilder {
 public:
  AmountWordsBuilder(const Lexicon& lexicon, absl::string_view language)
      : lexicon_(lexicon), language_(language) {}

  absl::StatusOr<AmountWords> Build() {
    TOCSIN_RETURN_IF_ERROR(ReadFormat());
    for (const absl::string_view place :
         {language_, absl::string_view(Lexicon::kCommon)}) {
      TOCSIN_RETURN_IF_ERROR(Each(place, "numbers", &Self::AddNumber));
      TOCSIN_RETURN_IF_ERROR(Each(place, "scales", &Self::AddScale));
      TOCSIN_RETURN_IF_ERROR(Each(place, "vague", &Self::AddVague));
      TOCSIN_RETURN_IF_ERROR(Each(place, "percent", &Self::AddPercent));
      TOCSIN_RETURN_IF_ERROR(Each(place, "currency-words", &Self::AddCurrency));
      TOCSIN_RETURN_IF_ERROR(Each(place, "currencies", &Self::AddCurrency));
      TOCSIN_RETURN_IF_ERROR(
          Each(place, "currency-symbols", &Self::AddCurrency));
      TOCSIN_RETURN_IF_ERROR(Each(place, "currency-codes", &Self::AddCode));
      TOCSIN_RETURN_IF_ERROR(Each(place, "amount-words", &Self::AddRole));
      TOCSIN_RETURN_IF_ERROR(Each(place, "counted", &Self::AddCounted));
      TOCSIN_RETURN_IF_ERROR(Each(place, "not-counted", &Self::AddNotCounted));
      TOCSIN_RETURN_IF_ERROR(Each(place, "modifiers", &Self::AddModifier));
      TOCSIN_RETURN_IF_ERROR(Each(place, "money-nouns", &Self::AddMoneyNoun));
      TOCSIN_RETURN_IF_ERROR(Each(place, "months", &Self::AddMonth));
      TOCSIN_RETURN_IF_ERROR(
          Each(place, "function-words", &Self::AddFunctionWords));
    }
    Finish();
    return std::move(out_);
  }

 private:
  using Self = AmountWordsBuilder;

  absl::Status Each(absl::string_view place, absl::string_view table,
                    absl::Status (Self::*add)(const LexiconRow&)) {
    for (const LexiconRow& row : lexicon_.Rows(place, table)) {
      TOCSIN_RETURN_IF_ERROR((this->*add)(row));
    }
    return absl::OkStatus();
  }

  // The word of a form: one for each, however many tables have it.
  AmountWord& WordFor(absl::string_view form) {
    std::vector<uint64_t> hashes = PhraseHashes(form);
    uint64_t key = 0;
    for (const uint64_t hash : hashes) {
      key = (key ^ hash) * 0x9E3779B97F4A7C15u;
    }
    const auto [it, is_new] = index_of_.try_emplace(key, out_.words_.size());
    if (is_new) {
      builder_.Add(hashes, static_cast<uint32_t>(out_.words_.size()));
      out_.words_.emplace_back();
      texts_.push_back(hashes.size() == 1 ? FoldText(form) : "");
      hashes_.push_back(std::move(hashes));
    }
    return out_.words_[it->second];
  }

  absl::Status SetFlags(const LexiconRow& row, absl::string_view flags,
                        AmountWord& word) {
    for (const absl::string_view flag :
         absl::StrSplit(flags, ',', absl::SkipEmpty())) {
      const auto* named =
          std::find_if(kFlags.begin(), kFlags.end(),
                       [&](const NamedRole& x) { return x.name == flag; });
      if (named == kFlags.end()) {
        return row.Error(absl::StrCat("unknown flag ", flag));
      }
      word.roles |= named->role;
    }
    return absl::OkStatus();
  }

  absl::Status SetValue(const LexiconRow& row, absl::string_view text,
                        uint64_t role, AmountWord& word) {
    const std::optional<ExactDecimal> value = ParseDecimal(text);
    if (!value) return row.Error("the value must be a number");
    // Forms that fold to one word may stand twice, with one meaning.
    if (word.Has(Role::kNumber | Role::kScale | Role::kVague) &&
        !(word.Has(role) && word.value == *value)) {
      return row.Error(absl::StrCat(row[0], " has another value already"));
    }
    word.value = *value;
    word.roles |= role;
    return absl::OkStatus();
  }

  absl::Status SetUnit(const LexiconRow& row, absl::string_view factor,
                       AmountWord& word) {
    const std::optional<ExactDecimal> value = ParseDecimal(factor);
    if (!value || value->digits != 1 || value->exponent > 12 ||
        value->exponent < -6) {
      return row.Error("the factor must be a power of ten");
    }
    word.unit_exponent = static_cast<int8_t>(value->exponent);
    return absl::OkStatus();
  }

  absl::Status ReadFormat() {
    for (const LexiconRow& row : lexicon_.Rows(language_, "format")) {
      const bool yes = row[1] == "yes";
      if (row[0] == "decimal" && (row[1] == "." || row[1] == ",")) {
        out_.format_.decimal = row[1][0];
      } else if (row[0] == "space_groups") {
        out_.format_.space_groups = yes;
      } else if (row[0] == "solid") {
        out_.solid_numbers_ = yes;
      } else if (row[0] == "inverted") {
        out_.inverted_tens_ = yes;
      } else if (row[0] == "noun_capitals") {
        out_.noun_capitals_ = yes;
      } else if (row[0] == "symbol_first") {
        out_.symbol_first_ = yes;
      } else if (row[0] == "apostrophe_plural") {
        out_.apostrophe_plural_ = yes;
      } else if (row[0] == "currency" && row[1].size() == 3) {
        out_.home_currency_ = std::string(row[1]);
      } else if (row[0] == "plural" || row[0] == "shared_plural") {
        std::vector<std::string>& endings = row[0] == "plural"
                                                ? out_.plural_endings_
                                                : out_.shared_plural_endings_;
        for (const absl::string_view ending :
             absl::StrSplit(row[1], ' ', absl::SkipEmpty())) {
          endings.push_back(FoldText(ending));
        }
      } else {
        return row.Error("unknown key or value");
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddNumber(const LexiconRow& row) {
    const auto* named =
        std::find_if(kParts.begin(), kParts.end(),
                     [&](const NamedPart& x) { return x.name == row[1]; });
    if (named == kParts.end()) {
      return row.Error(absl::StrCat("unknown type ", row[1]));
    }
    AmountWord& word = WordFor(row[0]);
    const bool is_sign =
        named->part == NumberPart::kAnd || named->part == NumberPart::kMinus;
    TOCSIN_RETURN_IF_ERROR(
        SetValue(row, is_sign ? "0" : row[2], Role::kNumber, word));
    word.part = named->part;
    if (out_.solid_numbers_ && named->part != NumberPart::kMinus) {
      AddSolidForm(row[0]);
    }
    return absl::OkStatus();
  }

  // As it is written and folded: a text may have either.
  void AddSolidForm(absl::string_view form) {
    if (absl::StrContains(form, ' ')) return;
    solid_forms_.push_back(std::string(form));
    if (FoldText(form) != form) solid_forms_.push_back(FoldText(form));
  }

  absl::Status AddScale(const LexiconRow& row) {
    AmountWord& word = WordFor(row[0]);
    TOCSIN_RETURN_IF_ERROR(SetValue(row, row[1], Role::kScale, word));
    TOCSIN_RETURN_IF_ERROR(SetFlags(row, row[2], word));
    if (out_.solid_numbers_ && !word.Has(Role::kGlued)) AddSolidForm(row[0]);
    return absl::OkStatus();
  }

  absl::Status AddVague(const LexiconRow& row) {
    AmountWord& word = WordFor(row[0]);
    TOCSIN_RETURN_IF_ERROR(SetValue(row, row[1], Role::kVague, word));
    const std::optional<ExactDecimal> high = ParseDecimal(row[2]);
    if (!high) return row.Error("the third column must be a number");
    word.high = *high;
    return SetFlags(row, row[3], word);
  }

  absl::Status AddPercent(const LexiconRow& row) {
    AmountWord& word = WordFor(row[0]);
    if (row[1] != "%" && row[1] != "pp") return row.Error("% or pp expected");
    word.roles |= row[1] == "%" ? Role::kPercent : Role::kPoints;
    TOCSIN_RETURN_IF_ERROR(SetUnit(row, row[2], word));
    if (out_.solid_numbers_) AddSolidForm(row[0]);  // `zehnprozentig`
    return SetFlags(row, row[3], word);
  }

  absl::Status SetCurrency(const LexiconRow& row, absl::string_view code,
                           absl::string_view factor, absl::string_view flags,
                           AmountWord& word) {
    if (word.IsUnit()) return absl::OkStatus();  // The first table wins.
    if (code.size() != 3) return row.Error("a currency code has 3 letters");
    word.roles |= Role::kCurrency;
    std::copy(code.begin(), code.end(), word.code.begin());
    TOCSIN_RETURN_IF_ERROR(SetUnit(row, factor, word));
    return SetFlags(row, flags, word);
  }

  absl::Status AddCurrency(const LexiconRow& row) {
    return SetCurrency(row, row[1], row[2], row[3], WordFor(row[0]));
  }

  // A code also with the letters that scale it: MUSD.
  absl::Status AddCode(const LexiconRow& row) {
    TOCSIN_RETURN_IF_ERROR(AddCurrency(row));
    // Not where the code is also a word.
    if (absl::StrContains(row[3], "upper")) return absl::OkStatus();
    for (const LexiconRow& prefix :
         lexicon_.Rows(Lexicon::kCommon, "code-prefixes")) {
      TOCSIN_RETURN_IF_ERROR(
          SetCurrency(prefix, row[1], prefix[1], "before",
                      WordFor(absl::StrCat(prefix[0], row[0]))));
    }
    return absl::OkStatus();
  }

  absl::Status AddRole(const LexiconRow& row) {
    AmountWord& word = WordFor(row[0]);
    if (row[1] == "year") {
      word.year_before = true;
      return absl::OkStatus();
    }
    const auto* named =
        std::find_if(kAmountRoles.begin(), kAmountRoles.end(),
                     [&](const NamedRole& x) { return x.name == row[1]; });
    if (named == kAmountRoles.end()) {
      return row.Error(absl::StrCat("unknown role ", row[1]));
    }
    word.roles |= named->role;
    return absl::OkStatus();
  }

  absl::Status AddCounted(const LexiconRow& row) {
    if (row[1].empty()) return row.Error("a concept is missing");
    const auto [it, is_new] = concept_ids_.try_emplace(
        std::string(row[1]), static_cast<int32_t>(out_.concepts_.size()));
    if (is_new) out_.concepts_.emplace_back(row[1]);
    AmountWord& word = WordFor(row[0]);
    if (word.Has(Role::kCounted)) return absl::OkStatus();
    word.roles |= Role::kCounted;
    word.concept_id = it->second;
    return SetFlags(row, row[2], word);
  }

  absl::Status AddNotCounted(const LexiconRow& row) {
    WordFor(row[0]).roles |= Role::kNotCounted;
    return absl::OkStatus();
  }

  absl::Status AddModifier(const LexiconRow& row) {
    WordFor(row[0]).roles |= Role::kModifier;
    return absl::OkStatus();
  }

  absl::Status AddMoneyNoun(const LexiconRow& row) {
    WordFor(row[0]).roles |= Role::kMoneyNoun;
    return absl::OkStatus();
  }

  absl::Status AddMonth(const LexiconRow& row) {
    WordFor(row[0]).roles |= Role::kMonth;
    return absl::OkStatus();
  }

  absl::Status AddFunctionWords(const LexiconRow& row) {
    for (const absl::string_view form :
         absl::StrSplit(row[0], ' ', absl::SkipEmpty())) {
      WordFor(form).roles |= Role::kFunction;
      out_.function_words_.push_back(FoldedHash(form));
    }
    return absl::OkStatus();
  }

  // A short form is followed by another one in a word written solid.
  void MarkSolid() {
    constexpr size_t kPrefix = sizeof(uint32_t);
    out_.solid_ends_.set(0);
    for (const std::string& form : solid_forms_) {
      if (form.size() >= 2) out_.solid_ends_.set(AmountWords::SolidEnd(form));
      if (form.size() >= kPrefix) {
        out_.solid_begins_.set(AmountWords::SolidSlot(form));
        continue;
      }
      for (const std::string& next : solid_forms_) {
        const std::string prefix = form + next;
        if (prefix.size() >= kPrefix) {
          out_.solid_begins_.set(AmountWords::SolidSlot(prefix));
        }
      }
    }
  }

  void ListSolidParts() {
    for (size_t i = 0; i < out_.words_.size(); ++i) {
      if (out_.words_[i].Has(Role::kNumber | Role::kScale | Role::kPercent) &&
          texts_[i].size() >= 2 && texts_[i].size() <= kMaxSolidPart) {
        out_.solid_parts_.push_back({texts_[i], static_cast<uint32_t>(i)});
      }
    }
    const auto first = [](const AmountWords::SolidPart& part) {
      return static_cast<uint8_t>(part.text[0]);
    };
    std::sort(out_.solid_parts_.begin(), out_.solid_parts_.end(),
              [&](const auto& a, const auto& b) {
                if (first(a) != first(b)) return first(a) < first(b);
                return a.text.size() > b.text.size();
              });
    for (const AmountWords::SolidPart& part : out_.solid_parts_) {
      ++out_.solid_part_at_[first(part) + size_t{1}];
    }
    for (size_t i = 1; i < out_.solid_part_at_.size(); ++i) {
      out_.solid_part_at_[i] += out_.solid_part_at_[i - 1];
    }
  }

  void Finish() {
    MarkSolid();
    ListSolidParts();
    for (size_t i = 0; i < out_.words_.size(); ++i) {
      const AmountWord& word = out_.words_[i];
      if (hashes_[i].empty()) continue;
      if (word.Has(kBeforeRoles) || word.year_before) {
        out_.before_ends_.set(hashes_[i].back() % out_.before_ends_.size());
      }
      if (!word.Has(Role::kNumber | Role::kVague)) continue;
      for (size_t k = 1; k < hashes_[i].size(); ++k) {
        out_.inner_words_.set(hashes_[i][k] % out_.inner_words_.size());
      }
    }
    for (size_t i = 0; i < out_.words_.size(); ++i) {
      const AmountWord& word = out_.words_[i];
      if (hashes_[i].empty() || !IsTrigger(word)) continue;
      // A phrase that begins with an article is found from a later word.
      const AmountWord* first = FindBuilt(hashes_[i][0]);
      if (hashes_[i].size() > 1 && first != nullptr && !IsTrigger(*first) &&
          first->Has(Role::kNumber | Role::kFunction)) {
        continue;
      }
      out_.triggers_.push_back(hashes_[i][0]);
    }
    out_.matcher_ = builder_.Build();
  }

  const AmountWord* FindBuilt(uint64_t hash) const {
    const auto it = index_of_.find(hash * 0x9E3779B97F4A7C15u);
    return it == index_of_.end() ? nullptr : &out_.words_[it->second];
  }

  const Lexicon& lexicon_;
  const absl::string_view language_;
  AmountWords out_;
  PhraseMatcher::Builder builder_;
  absl::flat_hash_map<uint64_t, size_t> index_of_;
  std::vector<std::vector<uint64_t>> hashes_;  // Of out_.words_.
  std::vector<std::string> texts_;             // Of those of one token, folded.
  absl::flat_hash_map<std::string, int32_t> concept_ids_;
  std::vector<std::string> solid_forms_;
};

absl::StatusOr<AmountWords> AmountWords::Compile(const Lexicon& lexicon,
                                                 absl::string_view language) {
  return AmountWordsBuilder(lexicon, language).Build();
}

AmountWords::Match AmountWords::Longest(absl::Span<const Token> tokens,
                                        uint32_t at, uint32_t end) const {
  if (at >= end) return {};
  const PhraseMatcher::Match match = matcher_.Longest(tokens, at, end);
  if (!match) return {};
  return {&words_[match.value], match.token_count};
}

AmountWords::Match AmountWords::EndingAt(absl::Span<const Token> tokens,
                                         uint32_t first, uint32_t end) const {
  uint32_t at = end > first + kLongestLookBack ? end - kLongestLookBack : first;
  for (; at < end; ++at) {
    const Match match = Longest(tokens, at, end);
    if (match && at + match.token_count == end) return match;
  }
  return {};
}

AmountWords::Match AmountWords::Before(absl::Span<const Token> tokens,
                                       uint32_t first, uint32_t end) const {
  if (end <= first ||
      !before_ends_.test(tokens[end - 1].folded % before_ends_.size())) {
    return {};
  }
  return EndingAt(tokens, first, end);
}

const AmountWord* AmountWords::Find(uint64_t folded) const {
  const PhraseMatcher::Match match = matcher_.Find({&folded, 1});
  return match ? &words_[match.value] : nullptr;
}

}  // namespace tocsin
