// Article -> Document: tokens, sentences, language.
#ifndef TOCSIN_TEXT_PARSE_H_
#define TOCSIN_TEXT_PARSE_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "text/article.h"
#include "text/document.h"
#include "text/language.h"
#include "text/sentences.h"
#include "text/vocabulary.h"

namespace tocsin {

// What parsing knows of languages; made from the lexicon
// (lexicon/text_rules.h). Immutable once built; may be shared between threads.
struct TextRules {
  LanguageIdentifier identifier;
  // By primary subtag. A language that is not here has no abbreviations.
  absl::flat_hash_map<std::string, SentenceRules> sentences;
  std::shared_ptr<const Vocabulary> vocabulary;  // May be null: no numbers.
};

// Views the text of `article`, which must outlive the document. The language
// is the one given, else the one identified. Never fails: an article that
// ValidateArticle refuses is parsed as well as it can be.
Document Parse(const Article& article, const TextRules& rules);

}  // namespace tocsin

#endif  // TOCSIN_TEXT_PARSE_H_
