#include "text/parse.h"

#include "text/tokenizer.h"

namespace tocsin {

Document Parse(const Article& article, const TextRules& rules) {
  Document document;
  document.headline = article.headline;
  document.body = article.body;
  // Prose has a token for about five bytes.
  document.tokens.reserve((article.headline.size() + article.body.size()) / 5 +
                          8);
  Tokenize(document.headline, Field::kHeadline, document.tokens);
  const auto body_begin = static_cast<uint32_t>(document.tokens.size());
  Tokenize(document.body, Field::kBody, document.tokens);
  if (rules.vocabulary != nullptr) rules.vocabulary->Number(document.tokens);
  document.language = article.language.empty()
                          ? rules.identifier.Identify(document)
                          : NormalizeLanguageTag(article.language);

  static const SentenceRules& no_rules = *new SentenceRules();
  const auto it = rules.sentences.find(PrimarySubtag(document.language));
  const SentenceRules& sentence_rules =
      it == rules.sentences.end() ? no_rules : it->second;
  document.sentences.reserve(document.tokens.size() / 16 + 2);
  SplitSentences(0, body_begin, sentence_rules, document);
  SplitSentences(body_begin, static_cast<uint32_t>(document.tokens.size()),
                 sentence_rules, document);
  return document;
}

}  // namespace tocsin
