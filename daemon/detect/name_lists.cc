#include "detect/name_lists.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "text/fold.h"
#include "text/tokenizer.h"

namespace tocsin {
namespace {

// A person's name has to be this long to be recognised with another spelling.
constexpr size_t kMinLikeBytes = 9;
// Acronyms are matched in capitals only; longer names in capitals may also be
// written with small letters.
constexpr size_t kMaxAcronymBytes = 5;

absl::StatusOr<EntityType> ParseType(const LexiconRow& row) {
  constexpr std::pair<absl::string_view, EntityType> kTypes[] = {
      {"PERSON", EntityType::kPerson},
      {"ORGANIZATION", EntityType::kOrganization},
      {"PLACE", EntityType::kPlace},
      {"PRODUCT", EntityType::kProduct},
      {"WORK", EntityType::kWork},
      {"EVENT", EntityType::kEvent},
      {"OTHER", EntityType::kOther},
  };
  for (const auto& [name, type] : kTypes) {
    if (row[1] == name) return type;
  }
  return row.Error(absl::StrCat("unknown type ", row[1]));
}

uint64_t UndoubledHash(absl::string_view name) {
  const std::string folded = FoldText(name);
  std::string undoubled;
  for (char c : folded) {
    if (undoubled.empty() || undoubled.back() != c) undoubled.push_back(c);
  }
  return ExactHash(undoubled);
}

bool IsPeopleTable(absl::string_view name) {
  return absl::EndsWith(name, "given_names") ||
         absl::EndsWith(name, "person_names");
}

}  // namespace

// Collects the entries of all files before the matcher is built.
class NameLists::Builder {
 public:
  Builder(NameLists& lists, Vocabulary& vocabulary)
      : lists_(lists), vocabulary_(vocabulary) {}

  absl::Status AddTable(const LexiconTable& table) {
    for (const LexiconRow& row : table.rows) {
      TOCSIN_RETURN_IF_ERROR(AddRow(row, table.curated));
    }
    return absl::OkStatus();
  }

  void AddOwn(const OwnName& own) {
    const uint32_t name =
        Enter(own.key, own.display_name, own.type, /*curated=*/true, 0);
    AddAlias(own.display_name, name, /*weak=*/false);
    for (absl::string_view alias : own.aliases) {
      const bool weak = absl::ConsumePrefix(&alias, "~");
      AddAlias(alias, name, weak);
    }
  }

  void Finish() { lists_.matcher_ = phrases_.Build(); }

 private:
  absl::Status AddRow(const LexiconRow& row, bool curated) {
    TOCSIN_ASSIGN_OR_RETURN(const EntityType type, ParseType(row));
    uint32_t people = 0;
    if (!row[3].empty() && !absl::SimpleAtoi(row[3], &people)) {
      return row.Error("the fourth field is not a number");
    }
    absl::string_view display = row[0];
    const bool weak = absl::ConsumePrefix(&display, "~");
    std::string key = Fold(display);
    if (key.empty()) return row.Error("a name without letters");
    const uint32_t name = Enter(std::move(key), display, type, curated, people);
    AddAlias(display, name, weak);
    for (absl::string_view alias : absl::StrSplit(row[2], '|')) {
      alias = absl::StripAsciiWhitespace(alias);
      const bool alias_weak = absl::ConsumePrefix(&alias, "~");
      if (!alias.empty()) AddAlias(alias, name, alias_weak);
    }
    return absl::OkStatus();
  }

  // The entry of that key; makes it if it is the first.
  uint32_t Enter(std::string key, absl::string_view display, EntityType type,
                 bool curated, uint32_t people) {
    const auto [it, is_new] =
        index_.try_emplace(key, static_cast<uint32_t>(lists_.names_.size()));
    if (is_new) {
      lists_.names_.push_back(
          {{type, curated, people}, std::move(key), std::string(display)});
    }
    if (type == EntityType::kPerson && display.size() >= kMinLikeBytes) {
      lists_.people_.try_emplace(UndoubledHash(display), it->second);
    }
    return it->second;
  }

  void AddAlias(absl::string_view text, uint32_t name, bool weak) {
    std::vector<Token> tokens;
    Tokenize(text, Field::kBody, tokens);
    if (tokens.empty() || tokens.size() > kMaxPhraseTokens) return;
    std::vector<uint64_t> hashes;
    bool all_upper = true;
    bool has_capital = false;
    for (const Token& token : tokens) {
      hashes.push_back(token.folded);
      const bool word = token.kind == TokenKind::kWord;
      all_upper &=
          !word || token.Has(Token::kAllUpper) ||
          (token.Has(Token::kUpperFirst) && token.end - token.begin == 1);
      has_capital |=
          token.Has(Token::kUpperFirst) || token.Has(Token::kInnerUpper);
    }
    Alias alias;
    alias.name = name;
    alias.kind = lists_.names_[name];
    alias.next = kNone;
    alias.exact = ExactHash(text);
    alias.weak = weak;
    alias.text_case = Case::kCapital;
    if (!tokens[0].Has(Token::kUpperFirst) &&
        tokens[0].kind == TokenKind::kWord) {
      alias.text_case = Case::kExact;
      if (!tokens[0].Has(Token::kInnerUpper)) {
        const uint32_t word = vocabulary_.Add(tokens[0].folded);
        std::vector<char>& starts = lists_.small_starts_;
        if (word >= starts.size()) starts.resize(word + 1);
        starts[word] = 1;
      }
    } else if (all_upper && has_capital && text.size() <= kMaxAcronymBytes) {
      alias.text_case = Case::kAllUpper;
    }
    const auto index = static_cast<uint32_t>(lists_.aliases_.size());
    const uint32_t first = phrases_.Add(hashes, index);
    if (first != index) {
      // An alias with the same folded words is there: only one in another case
      // can still be told from it.
      uint32_t last = first;
      while (true) {
        const Alias& other = lists_.aliases_[last];
        if (other.text_case == alias.text_case &&
            (alias.text_case == Case::kCapital || other.exact == alias.exact)) {
          return;
        }
        if (other.next == kNone) break;
        last = other.next;
      }
      lists_.aliases_[last].next = index;
    }
    lists_.aliases_.push_back(alias);
  }

  NameLists& lists_;
  Vocabulary& vocabulary_;
  PhraseMatcher::Builder phrases_;
  absl::flat_hash_map<std::string, uint32_t> index_;  // By key.
};

absl::Status NameLists::CheckForm(absl::string_view form) {
  std::vector<Token> tokens;
  Tokenize(form, Field::kBody, tokens);
  if (Fold(form).empty())
    return absl::InvalidArgumentError("has no letter or digit");
  if (tokens.size() > kMaxPhraseTokens)
    return absl::InvalidArgumentError(
        absl::StrCat("has more than ", kMaxPhraseTokens,
                     " words and signs, and would never be found"));
  return absl::OkStatus();
}

absl::StatusOr<NameLists> NameLists::Create(const Lexicon& lexicon,
                                            Vocabulary& vocabulary,
                                            absl::Span<const OwnName> own) {
  NameLists lists;
  Builder builder(lists, vocabulary);
  for (const OwnName& name : own) builder.AddOwn(name);
  for (bool curated : {true, false}) {
    for (const LexiconTable& table : lexicon.NameTables()) {
      if (table.curated != curated || IsPeopleTable(table.name)) continue;
      TOCSIN_RETURN_IF_ERROR(builder.AddTable(table));
    }
  }
  builder.Finish();
  return lists;
}

const NameLists::Alias* NameLists::Fitting(uint32_t index,
                                           const Document& document,
                                           uint32_t start, uint32_t count,
                                           uint32_t ending,
                                           bool any_case) const {
  const Token& first = document.tokens[start];
  const Token& last = document.tokens[start + count - 1];
  const absl::string_view text =
      document.Text(first.field)
          .substr(first.begin, last.end - ending - first.begin);
  for (uint32_t i = index; i != kNone; i = aliases_[i].next) {
    const Alias& alias = aliases_[i];
    switch (alias.text_case) {
      case Case::kCapital:
        if (any_case || first.Has(Token::kUpperFirst) ||
            first.Has(Token::kHasDigit)) {
          return &alias;
        }
        break;
      case Case::kAllUpper:
      case Case::kExact:
        if (ExactHash(text) == alias.exact) return &alias;
        break;
    }
  }
  return nullptr;
}

NameLists::Match NameLists::MatchOf(const Alias& alias, uint32_t token_count,
                                    uint32_t ending) {
  return {token_count, alias.name, alias.weak, ending, alias.kind};
}

NameLists::Match NameLists::Longest(NameText& text, uint32_t start,
                                    uint32_t end, bool any_case) const {
  const Document& document = text.document();
  const std::vector<Token>& tokens = document.tokens;
  // prefixes[n]: n words, which some name begins with and goes on after.
  std::array<PhraseMatcher::Prefix, kMaxPhraseTokens + 1> prefixes;
  uint32_t last = 0;
  PhraseMatcher::Match longest;
  for (uint32_t n = 1; n <= kMaxPhraseTokens && start + n <= end; ++n) {
    const PhraseMatcher::Prefix prefix =
        matcher_.Step(prefixes[n - 1], tokens[start + n - 1].folded);
    if (prefix.is_phrase()) longest = {n, prefix.value()};
    if (!prefix.continues()) break;
    prefixes[n] = prefix;
    last = n;
  }
  Match best;
  if (longest) {
    if (const Alias* alias = Fitting(longest.value, document, start,
                                     longest.token_count, 0, any_case)) {
      best = MatchOf(*alias, longest.token_count, 0);
    }
  }
  // A genitive hangs on the last word: `Vita husets`.
  for (uint32_t n = best.token_count; n <= last && start + n < end; ++n) {
    const uint32_t i = start + n;
    if (!text.IsWord(i)) continue;
    const absl::string_view word = text.Text(i);
    const auto ending =
        static_cast<uint32_t>(text.words().genitive_endings().Find(word));
    // `Lars` is not the genitive of a town called Lar.
    if (ending == 0 || (n == 0 && text.Is(i, NameWords::kPerson))) continue;
    const PhraseMatcher::Prefix whole = matcher_.Step(
        prefixes[n], FoldedHash(word.substr(0, word.size() - ending)));
    if (!whole.is_phrase()) continue;
    const Alias* alias =
        Fitting(whole.value(), document, start, n + 1, ending, any_case);
    if (alias != nullptr && (word.size() > ending + 3 || alias->kind.curated)) {
      best = MatchOf(*alias, n + 1, ending);
    }
  }
  return best;
}

int NameLists::FindPersonLike(absl::string_view name) const {
  if (name.size() < kMinLikeBytes) return -1;
  const auto it = people_.find(UndoubledHash(name));
  return it == people_.end() ? -1 : static_cast<int>(it->second);
}

}  // namespace tocsin
