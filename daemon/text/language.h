// Which language a text is in.
//
// Frequent words decide: each language of the lexicon lists its own, and the
// tokens vote. Where they do not (a language without a lexicon, a text of few
// words), CLD2 is asked. Immutable; thread-safe.
#ifndef TOCSIN_TEXT_LANGUAGE_H_
#define TOCSIN_TEXT_LANGUAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "text/document.h"

namespace tocsin {

// Whether `tag` is formed like a BCP 47 tag, such as `sv` or `de-AT`.
bool IsLanguageTag(absl::string_view tag);

// `tag` with its primary subtag in small letters; `und` if it is empty.
std::string NormalizeLanguageTag(absl::string_view tag);

// `de` of `de-AT`.
absl::string_view PrimarySubtag(absl::string_view tag);

class LanguageIdentifier {
 public:
  // At most 32 languages take part.
  static constexpr size_t kMaxLanguages = 32;

  // Knows no words: asks CLD2 alone.
  LanguageIdentifier() = default;

  // While building: frequent words of a language and endings of its words, in
  // small letters.
  void AddWords(absl::string_view language,
                const std::vector<std::string>& words,
                const std::vector<std::string>& endings = {});

  // Primary subtag; `und` if it cannot be told. Looks at the beginning of the
  // document only.
  std::string Identify(const Document& document) const;

 private:
  struct Votes;

  Votes Count(const Document& document) const;
  // Empty if the words do not decide.
  std::string Vote(const Document& document) const;
  // Of two languages that share most of their words: the one that has more of
  // the others on its side, endings included. Empty if neither has.
  std::string Compare(const Document& document, size_t a, size_t b) const;

  std::vector<std::string> languages_;
  // ExactHash to a bit for each language that has the word. Accents count: they
  // tell the Scandinavian languages apart.
  absl::flat_hash_map<uint64_t, uint32_t> words_;
  absl::flat_hash_map<uint64_t, uint32_t> endings_;
};

}  // namespace tocsin

#endif  // TOCSIN_TEXT_LANGUAGE_H_
