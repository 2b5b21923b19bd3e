#include "lexicon/text_rules.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "text/fold.h"
#include "text/tokenizer.h"

namespace tocsin {
namespace {

std::vector<absl::string_view> Words(const LexiconRow& row) {
  return absl::StrSplit(row[0], ' ', absl::SkipEmpty());
}

// The last part of an abbreviation: `fl` of `m.fl.`; empty if it has none.
absl::string_view LastPart(absl::string_view abbreviation) {
  std::vector<Token> tokens;
  Tokenize(abbreviation, Field::kBody, tokens);
  if (tokens.size() < 2 || tokens.back().kind != TokenKind::kPunctuation ||
      tokens[tokens.size() - 2].kind != TokenKind::kWord) {
    return {};
  }
  const Token& part = tokens[tokens.size() - 2];
  return abbreviation.substr(part.begin, part.end - part.begin);
}

void AddForms(absl::string_view part, absl::flat_hash_set<uint64_t>& forms) {
  forms.insert(ExactHash(part));
  std::string capitalized(part);
  capitalized[0] = absl::ascii_toupper(static_cast<unsigned char>(part[0]));
  forms.insert(ExactHash(capitalized));
}

absl::StatusOr<SentenceRules> CompileSentenceRules(
    const Lexicon& lexicon, const std::string& language) {
  SentenceRules rules;
  for (const LexiconRow& row : lexicon.Rows(language, "abbreviations")) {
    if (!row[1].empty() && row[1] != "title") {
      return row.Error("the second field is `title` or is left out");
    }
    for (absl::string_view word : Words(row)) {
      const absl::string_view part = LastPart(word);
      if (part.empty()) {
        return row.Error(absl::StrCat(word, ": no word before a period"));
      }
      AddForms(part, rules.abbreviations);
      if (row[1] == "title") AddForms(part, rules.titles);
    }
  }
  for (const LexiconRow& row : lexicon.Rows(language, "function-words")) {
    for (absl::string_view word : Words(row)) {
      rules.function_words.insert(FoldedHash(word));
    }
  }
  for (const LexiconRow& row : lexicon.Rows(language, "sentences")) {
    if (row[0] != "ordinal_period" || (row[1] != "yes" && row[1] != "no")) {
      return row.Error("expected `ordinal_period`, a tab, `yes` or `no`");
    }
    rules.ordinal_period = row[1] == "yes";
  }
  return rules;
}

// Every word of a table.
std::vector<std::string> AllWords(const Lexicon& lexicon,
                                  const std::string& language,
                                  absl::string_view table) {
  std::vector<std::string> words;
  for (const LexiconRow& row : lexicon.Rows(language, table)) {
    for (absl::string_view word : Words(row)) words.emplace_back(word);
  }
  return words;
}

}  // namespace

absl::StatusOr<TextRules> CompileTextRules(const Lexicon& lexicon) {
  TextRules text_rules;
  for (const std::string& language : lexicon.Languages()) {
    TOCSIN_ASSIGN_OR_RETURN(SentenceRules rules,
                            CompileSentenceRules(lexicon, language));
    text_rules.identifier.AddWords(
        language, AllWords(lexicon, language, "function-words"),
        AllWords(lexicon, language, "word-endings"));
    text_rules.sentences.emplace(language, std::move(rules));
  }
  return text_rules;
}

}  // namespace tocsin
