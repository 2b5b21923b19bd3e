// Splits tokens into sentences.
//
// Pure; thread-safe. Headings and lists end at their line; a line break in
// text that is wrapped at a fixed width ends nothing.
#ifndef TOCSIN_TEXT_SENTENCES_H_
#define TOCSIN_TEXT_SENTENCES_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "text/document.h"

namespace tocsin {

// A sentence longer than this is cut, so that what looks at a sentence at once
// takes a bounded time.
inline constexpr uint32_t kMaxSentenceTokens = 400;

// What one language does with a period.
struct SentenceRules {
  // ExactHash of words whose period does not end a sentence. For one of
  // several parts (`z. B.`) the last part counts; single letters need not be
  // listed.
  absl::flat_hash_set<uint64_t> abbreviations;
  // Those of them that stand before a name (`dhr.`): no sentence begins after
  // them whatever follows.
  absl::flat_hash_set<uint64_t> titles;
  // FoldedHash of frequent words that are not names: a capital on one of them
  // after an abbreviation or an ordinal shows that a sentence begins there.
  absl::flat_hash_set<uint64_t> function_words;
  // `3.` is an ordinal: its period does not end a sentence.
  bool ordinal_period = false;
};

// Appends the sentences of document.tokens [first, last), which are all of one
// field, and sets Token::sentence and kSentenceStart.
void SplitSentences(uint32_t first, uint32_t last, const SentenceRules& rules,
                    Document& document);

}  // namespace tocsin

#endif  // TOCSIN_TEXT_SENTENCES_H_
