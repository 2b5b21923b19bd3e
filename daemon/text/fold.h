// Folding: what is the same word whatever its case and accents.
//
// Case-folds, drops diacritics, and writes letters that have none as others do
// (ß as ss, ø as o, æ as ae, đ as d); letters of other scripts are case-folded
// and stay. Apostrophes and hyphens have one form each. All functions are pure
// and thread-safe; bytes that are not UTF-8 fold to U+FFFD.
#ifndef TOCSIN_TEXT_FOLD_H_
#define TOCSIN_TEXT_FOLD_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tocsin {

// Hash of the folded text; never 0. Does not allocate. The value is stable: it
// may be stored (hash of FoldText(text)).
uint64_t FoldedHash(absl::string_view text);

// Hash of the bytes as they are; never 0. Tells `us` from `US`. ExactHash of a
// text that is folded already is its FoldedHash.
uint64_t ExactHash(absl::string_view text);

// The folded text, everything else (spaces, punctuation) left as it is.
std::string FoldText(absl::string_view text);
// The same in `buffer`, whose memory is used again; returns a view of it.
absl::string_view FoldText(absl::string_view text, std::string& buffer);

// The form that keys are made of: folded; a-z, 0-9 and letters of other
// scripts stay, each run of anything else between them becomes one `-`. At
// most 200 bytes, cut at a code point. Empty if the text has no letter or
// digit.
std::string Fold(absl::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_TEXT_FOLD_H_
