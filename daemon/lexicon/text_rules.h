// What parsing knows of languages, compiled from the lexicon's tables:
//
//   abbreviations.tsv   an abbreviation that ends in a period: `Mrd.`, `z. B.`
//   function_words.tsv  a frequent word that is not a name: `und`, `the`
//   settings.tsv        key and value: `ordinal_period` `yes`
#ifndef TOCSIN_LEXICON_TEXT_RULES_H_
#define TOCSIN_LEXICON_TEXT_RULES_H_

#include "absl/status/statusor.h"
#include "lexicon/lexicon.h"
#include "text/parse.h"

namespace tocsin {

absl::StatusOr<TextRules> CompileTextRules(const Lexicon& lexicon);

}  // namespace tocsin

#endif  // TOCSIN_LEXICON_TEXT_RULES_H_
