// The names that lists know, and where they stand in a text.
//
// Compiled from names/*.tsv, whose rows are
//   name <tab> type <tab> other names, between `|` <tab> people that live there
// (the last for places only). The folded name is the key. Another name may
// begin with `~`: it is also an ordinary word, and counts only where something
// beside it says that it is a name. Where several entries share a name, hand-
// kept files win, then the bigger place, then the earlier entry.
//
// Names of the user's own go before all of them; `names/` need not have them.
//
// Immutable; thread-safe.
#ifndef TOCSIN_DETECT_NAME_LISTS_H_
#define TOCSIN_DETECT_NAME_LISTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/huge_pages.h"
#include "detect/mention.h"
#include "detect/name_text.h"
#include "lexicon/lexicon.h"
#include "lexicon/phrase_matcher.h"
#include "text/vocabulary.h"

namespace tocsin {

// What a list says of a name.
struct NameKind {
  EntityType type = EntityType::kOther;
  bool curated = false;
  uint32_t people = 0;  // Of a place.
};

struct ListedName : NameKind {
  std::string key;
  std::string display_name;
};

// An entry of the user's own. If a list has the key too, its forms still lead
// to it; what the entry says of display name and type holds.
struct OwnName {
  std::string key;
  std::string display_name;
  EntityType type = EntityType::kOther;
  std::vector<std::string> aliases;  // Each may begin with `~`, as in a list.
};

class NameLists {
 public:
  struct Match {
    uint32_t token_count = 0;  // 0: none.
    uint32_t name = 0;         // Index for Get().
    bool weak = false;         // Given as one that is an ordinary word too.
    uint32_t ending = 0;       // Bytes of an ending on the last token.
    NameKind kind;             // Of the name.
    explicit operator bool() const { return token_count > 0; }
  };

  // Words in small letters that names begin with get a number.
  static absl::StatusOr<NameLists> Create(const Lexicon& lexicon,
                                          Vocabulary& vocabulary,
                                          absl::Span<const OwnName> own = {});

  // INVALID_ARGUMENT says why no text can match this form of a name: it has no
  // letter or digit, or more than six words.
  static absl::Status CheckForm(absl::string_view form);

  // The longest listed name that begins at tokens[start] and ends before
  // `end`, in a fitting case. `any_case`: in a text without small letters.
  Match Longest(NameText& text, uint32_t start, uint32_t end,
                bool any_case) const;

  // Brings the names nearer that begin with a word.
  void Prefetch(uint64_t folded) const { matcher_.Prefetch(folded); }

  // Whether a listed name begins with the word of this number in small letters.
  bool BeginsSmall(uint32_t word) const {
    return word < small_starts_.size() && small_starts_[word] != 0;
  }
  absl::Span<const char> small_starts() const { return small_starts_; }

  // The listed person whose name is spelt like `name` but for doubled
  // letters (`Altmann`, `Altman`); -1 if there is none.
  int FindPersonLike(absl::string_view name) const;

  const ListedName& Get(uint32_t name) const { return names_[name]; }
  size_t size() const { return names_.size(); }

 private:
  // What case the text must have.
  enum class Case : uint8_t {
    kCapital,   // A capital at the beginning, or all capitals.
    kAllUpper,  // As written: an acronym.
    kExact,     // As written: `xAI`, `heise online`.
  };
  struct Alias {
    uint32_t name;
    uint32_t next;   // Another alias with the same folded words, or kNone.
    uint64_t exact;  // ExactHash of the text, for kAllUpper and kExact.
    NameKind kind;   // Of the name: spares a look at it.
    Case text_case;
    bool weak;
  };
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  static constexpr uint32_t kMaxPhraseTokens = 6;

  class Builder;

  static Match MatchOf(const Alias& alias, uint32_t token_count,
                       uint32_t ending);

  // The alias of the chain that fits the case of [start, start + count).
  const Alias* Fitting(uint32_t alias, const Document& document, uint32_t start,
                       uint32_t count, uint32_t ending, bool any_case) const;

  std::vector<ListedName> names_;
  HugePageVector<Alias> aliases_;
  PhraseMatcher matcher_;
  // By number of the word: names begin with it, in small letters.
  std::vector<char> small_starts_;
  absl::flat_hash_map<uint64_t, uint32_t> people_;  // By UndoubledHash.
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_LISTS_H_
