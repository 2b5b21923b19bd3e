#include "lexicon/text_rules.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "text/tokenizer.h"

namespace tocsin {
namespace {

// The last part of an abbreviation: `B` of `z. B.`; 0 if it has none.
uint64_t LastPart(absl::string_view abbreviation) {
  std::vector<Token> tokens;
  Tokenize(abbreviation, Field::kBody, tokens);
  if (tokens.size() < 2 || tokens.back().kind != TokenKind::kPunctuation ||
      tokens[tokens.size() - 2].kind != TokenKind::kWord) {
    return 0;
  }
  return tokens[tokens.size() - 2].folded;
}

absl::StatusOr<SentenceRules> CompileSentenceRules(
    const Lexicon& lexicon, const std::string& language) {
  SentenceRules rules;
  for (const LexiconRow& row : lexicon.Rows(language, "abbreviations")) {
    const uint64_t part = LastPart(row[0]);
    if (part == 0) return row.Error("an abbreviation ends in a period");
    rules.abbreviations.insert(part);
  }
  for (const LexiconRow& row : lexicon.Rows(language, "function_words")) {
    const std::vector<uint64_t> words = PhraseHashes(row[0]);
    if (words.size() != 1) return row.Error("a function word is one word");
    rules.function_words.insert(words[0]);
  }
  for (const LexiconRow& row : lexicon.Rows(language, "settings")) {
    if (row[0] == "ordinal_period") rules.ordinal_period = row[1] == "yes";
  }
  return rules;
}

}  // namespace

absl::StatusOr<TextRules> CompileTextRules(const Lexicon& lexicon) {
  TextRules text_rules;
  for (const std::string& language : lexicon.Languages()) {
    TOCSIN_ASSIGN_OR_RETURN(SentenceRules rules,
                            CompileSentenceRules(lexicon, language));
    if (!rules.function_words.empty()) {
      text_rules.identifier.AddWords(
          language, {rules.function_words.begin(), rules.function_words.end()});
    }
    text_rules.sentences.emplace(language, std::move(rules));
  }
  return text_rules;
}

}  // namespace tocsin
