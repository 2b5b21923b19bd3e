// Any bytes: tokens and sentences stay in order and within the text, folding
// agrees with its hash, and checking UTF-8 agrees with decoding it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "text/article.h"
#include "text/fold.h"
#include "text/parse.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void CheckTokens(const Document& document) {
  Field field = Field::kHeadline;
  uint32_t end = 0;
  for (const Token& token : document.tokens) {
    if (token.field != field) {
      field = token.field;
      end = 0;
    }
    Require(token.begin >= end, "tokens are in order");
    Require(token.end > token.begin, "tokens are not empty");
    end = token.end;
    Require(end <= document.Text(field).size(), "tokens are in the text");
    Require(token.folded == FoldedHash(document.Text(token)),
            "a token's hash is FoldedHash");
    Require(token.sentence < document.sentences.size(), "sentence is there");
  }
}

void CheckSentences(const Document& document) {
  uint32_t next = 0;
  for (size_t i = 0; i < document.sentences.size(); ++i) {
    const Sentence& sentence = document.sentences[i];
    Require(sentence.first_token == next, "sentences cover all tokens");
    Require(sentence.last_token > next, "sentences are not empty");
    Require(sentence.last_token - next <= kMaxSentenceTokens,
            "sentences are not endless");
    next = sentence.last_token;
    for (uint32_t t = sentence.first_token; t < next; ++t) {
      Require(document.tokens[t].sentence == i, "tokens know their sentence");
      Require(document.tokens[t].field == sentence.field, "of one field");
    }
    Require(sentence.begin == document.tokens[sentence.first_token].begin &&
                sentence.end == document.tokens[next - 1].end,
            "a sentence spans its tokens");
  }
  Require(next == document.tokens.size(), "sentences cover all tokens");
}

void CheckFolding(const std::string& text) {
  const std::string folded = FoldText(text);
  Require(IsValidUtf8(folded), "folded text is UTF-8");
  Require(FoldText(folded) == folded, "folding twice changes nothing");
  Require(FoldedHash(text) == ExactHash(folded), "hash of the folded text");
  const std::string key = Fold(text);
  Require(key.size() <= 200, "keys have a limit");
  Require(Fold(key) == key, "the key of a key is itself");
}

}  // namespace
}  // namespace tocsin

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Article article;
  article.source = "s";
  article.id = "1";
  article.headline = text.substr(0, size / 4);
  article.body = text.substr(size / 4);
  const bool valid = IsValidUtf8(article.headline) && IsValidUtf8(article.body);
  Require(!ValidateArticle(article).ok() || valid, "only UTF-8 is let in");
  static const TextRules& rules = *new TextRules();
  const Document document = Parse(article, rules);
  CheckTokens(document);
  CheckSentences(document);
  CheckFolding(text);
  return 0;
}
