#include "detect/analyzer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "base/status_macros.h"
#include "detect/anchors.h"
#include "detect/near_copy.h"
#include "lexicon/text_rules.h"
#include "text/fold.h"

namespace tocsin {
namespace {

bool InOrder(const Mention& a, const Mention& b) {
  if (a.span.field != b.span.field) return a.span.field < b.span.field;
  if (a.span.begin != b.span.begin) return a.span.begin < b.span.begin;
  if (a.span.end != b.span.end) return a.span.end > b.span.end;
  return a.amount >= 0 && b.amount < 0;
}

bool Before(const Span& a, const Span& b) {
  return a.field != b.field ? a.field < b.field : a.end <= b.begin;
}

bool Within(const Span& inner, const Span& outer) {
  return inner.field == outer.field && inner.begin >= outer.begin &&
         inner.end <= outer.end;
}

// The detectors work side by side. Where a name reaches across the bounds of an
// amount or of the name before it, it goes.
void DropOverlaps(const std::vector<AmountMention>& amounts,
                  std::vector<NameMention>& names) {
  size_t a = 0;
  const NameMention* last = nullptr;
  size_t kept = 0;
  for (const NameMention& name : names) {
    while (a < amounts.size() && Before(amounts[a].span, name.span)) ++a;
    const bool clear = a == amounts.size() ||
                       Before(name.span, amounts[a].span) ||
                       Within(name.span, amounts[a].span);
    if (!clear || (last != nullptr && !Before(last->span, name.span))) continue;
    names[kept] = name;
    last = &names[kept++];
  }
  names.resize(kept);
}

// Entities are those that are still mentioned, by first mention.
void AddNames(NamesFound names, Analysis& analysis) {
  std::vector<int> index_of(names.entities.size(), -1);
  for (const NameMention& name : names.mentions) {
    const auto found = static_cast<size_t>(name.entity);
    int& index = index_of[found];
    if (index < 0) {
      index = static_cast<int>(analysis.entities.size());
      analysis.entities.push_back(std::move(names.entities[found]));
    }
    ++analysis.entities[static_cast<size_t>(index)].mention_count;
    Mention mention;
    mention.span = name.span;
    mention.entity = index;
    analysis.mentions.push_back(std::move(mention));
  }
}

void AddAmounts(std::vector<AmountMention> amounts, Analysis& analysis) {
  for (AmountMention& amount : amounts) {
    Mention mention;
    mention.span = amount.span;
    mention.amount = static_cast<int>(analysis.amounts.size());
    analysis.amounts.push_back(std::move(amount.amount));
    analysis.mentions.push_back(std::move(mention));
  }
}

// Mentions are in order, and so are sentences.
void AddContext(const Document& document, Analysis& analysis) {
  size_t s = 0;
  for (Mention& mention : analysis.mentions) {
    const Span& span = mention.span;
    const auto is_before = [&](const Sentence& sentence) {
      return sentence.field < span.field ||
             (sentence.field == span.field && sentence.end <= span.begin);
    };
    while (s + 1 < document.sentences.size() &&
           is_before(document.sentences[s])) {
      ++s;
    }
    mention.sentence_begin = std::min(document.sentences[s].begin, span.begin);
    mention.sentence_end = std::max(document.sentences[s].end, span.end);
    mention.surface = std::string(
        document.Text(span.field).substr(span.begin, span.end - span.begin));
  }
}

// Each word with a capital.
std::string Capitalized(absl::string_view text) {
  std::string out = absl::AsciiStrToLower(text);
  bool first = true;
  for (char& c : out) {
    if (first) c = absl::ascii_toupper(static_cast<unsigned char>(c));
    first = c == ' ' || c == '-';
  }
  return out;
}

std::vector<uint64_t> WordsOf(const Document& document) {
  std::vector<uint64_t> words(document.tokens.size() +
                              document.sentences.size());
  size_t size = 0;
  for (const Sentence& sentence : document.sentences) {
    if (size > 0) words[size++] = 0;
    for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
      const Token& token = document.tokens[i];
      words[size] = token.folded;
      size +=
          token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber;
    }
  }
  words.resize(size);
  return words;
}

void AddWords(const Document& document, Analysis& analysis) {
  analysis.words = WordsOf(document);
  analysis.word_count =
      static_cast<int>(analysis.words.size() -
                       static_cast<size_t>(std::count(
                           analysis.words.begin(), analysis.words.end(), 0u)));
  analysis.simhash = SimHash(analysis.words);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Analyzer>> Analyzer::Create(
    std::shared_ptr<const Lexicon> lexicon, absl::Span<const OwnName> own) {
  std::shared_ptr<Analyzer> analyzer(new Analyzer());
  analyzer->languages_ = lexicon->Languages();
  TOCSIN_ASSIGN_OR_RETURN(analyzer->text_rules_, CompileTextRules(*lexicon));
  auto vocabulary = std::make_shared<Vocabulary>();
  TOCSIN_ASSIGN_OR_RETURN(analyzer->amounts_,
                          AmountDetector::Create(*lexicon, *vocabulary));
  TOCSIN_ASSIGN_OR_RETURN(analyzer->names_,
                          NameDetector::Create(*lexicon, *vocabulary, own));
  analyzer->text_rules_.vocabulary = std::move(vocabulary);
  return analyzer;
}

Analysis Analyzer::Analyze(const Article& article) const {
  const Document document = Parse(article, text_rules_);
  std::vector<AmountMention> amounts = amounts_->Detect(document);
  NamesFound names = names_->Detect(document, amounts);

  DropOverlaps(amounts, names.mentions);
  if (amounts.size() > kMaxMentions) amounts.resize(kMaxMentions);
  const size_t name_count = std::min(names.mentions.size(), kMaxMentions);
  names.mentions.resize(name_count);

  Analysis analysis;
  analysis.language = document.language;
  analysis.mentions.reserve(amounts.size() + name_count);
  AddNames(std::move(names), analysis);
  AddAmounts(std::move(amounts), analysis);
  // Both kinds are in order by themselves.
  std::inplace_merge(
      analysis.mentions.begin(),
      analysis.mentions.begin() + static_cast<ptrdiff_t>(name_count),
      analysis.mentions.end(), InOrder);
  AddContext(document, analysis);
  LinkAmounts(analysis);
  AddWords(document, analysis);
  return analysis;
}

std::vector<uint64_t> Analyzer::Words(const Article& article) const {
  return WordsOf(Parse(article, text_rules_));
}

std::string Analyzer::ListedKey(const std::string& text) const {
  Article article;
  article.language = "und";
  article.body = text;
  const Document document = Parse(article, text_rules_);
  const NamesFound names = names_->Detect(document, {});
  for (const NameMention& name : names.mentions) {
    const Entity& entity = names.entities[static_cast<size_t>(name.entity)];
    if (entity.listed && name.span.begin == 0 && name.span.end == text.size()) {
      return entity.key;
    }
  }
  return "";
}

std::string Analyzer::ResolveName(absl::string_view form) const {
  const absl::string_view text = absl::StripAsciiWhitespace(form);
  for (const std::string& spelling :
       {std::string(text), Capitalized(text), absl::AsciiStrToUpper(text)}) {
    std::string key = ListedKey(spelling);
    if (!key.empty()) return key;
  }
  return Fold(text);
}

}  // namespace tocsin
