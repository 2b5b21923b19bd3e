// Words as text filters compare them.
#ifndef TOCSIN_FILTER_PHRASE_H_
#define TOCSIN_FILTER_PHRASE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace tocsin {

// Folded hashes of the words and numbers of `text`, split as Analysis::words
// is; no separators.
std::vector<uint64_t> FoldedWords(absl::string_view text);

// Whether `phrase` stands in `words` as a run.
bool ContainsPhrase(absl::Span<const uint64_t> words,
                    absl::Span<const uint64_t> phrase);

// Whether `text` is `pattern`, where `*` stands for any bytes, also none. Takes
// time in proportion to the product of the sizes at worst.
bool MatchesGlob(absl::string_view text, absl::string_view pattern);

// Whether `part` stands in `text`, in any ASCII case.
bool ContainsIgnoringCase(absl::string_view text, absl::string_view part);

// Whether `tag` is `range` or a more special tag (RFC 4647 basic filtering).
bool LanguageMatches(absl::string_view tag, absl::string_view range);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_PHRASE_H_
