// What parsing knows of languages, compiled from the lexicon's tables:
//
//   abbreviations.tsv   abbreviations that end in a period: `Mrd.`, `z. B.`;
//                       the second field is `title` if a name follows them
//   function-words.tsv  frequent words that are not names: `und`, `the`
//   word-endings.tsv    endings of words, which tell close languages apart
//   sentences.tsv       key and value: `ordinal_period` is `yes` or `no`
#ifndef TOCSIN_LEXICON_TEXT_RULES_H_
#define TOCSIN_LEXICON_TEXT_RULES_H_

#include "absl/status/statusor.h"
#include "lexicon/lexicon.h"
#include "text/parse.h"

namespace tocsin {

absl::StatusOr<TextRules> CompileTextRules(const Lexicon& lexicon);

}  // namespace tocsin

#endif  // TOCSIN_LEXICON_TEXT_RULES_H_
