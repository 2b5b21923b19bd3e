// Cuts text into tokens, in one pass and without a regular expression.
//
// Pure; thread-safe. Any bytes are accepted: those that are not UTF-8 become
// symbols. Time and memory are linear in the text.
#ifndef TOCSIN_TEXT_TOKENIZER_H_
#define TOCSIN_TEXT_TOKENIZER_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/document.h"

namespace tocsin {

// Appends the tokens of `text` to `tokens`. Sentences are not set.
void Tokenize(absl::string_view text, Field field, std::vector<Token>& tokens);

// Token::folded of each token of `phrase`: how a phrase is looked up.
std::vector<uint64_t> PhraseHashes(absl::string_view phrase);

}  // namespace tocsin

#endif  // TOCSIN_TEXT_TOKENIZER_H_
