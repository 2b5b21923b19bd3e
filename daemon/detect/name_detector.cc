#include "detect/name_detector.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "detect/bit_counts.h"
#include "detect/name_resolution.h"
#include "detect/name_scanner.h"
#include "detect/name_types.h"
#include "text/language.h"

namespace tocsin {
namespace {

// How much of a sentence tells its language.
constexpr uint32_t kSampleTokens = 40;
// So many sentences before a word is read, what is known of it is sent for.
constexpr size_t kAhead = 2;

// Which tokens belong to amounts. What is counted may be a name, so of a
// count only the numbers are barred.
std::vector<char> BarredTokens(const Document& document,
                               absl::Span<const AmountMention> amounts) {
  std::vector<char> barred(document.tokens.size());
  for (const AmountMention& amount : amounts) {
    for (uint32_t i = amount.first_token; i < amount.last_token; ++i) {
      barred[i] = amount.amount.kind != AmountKind::kCount ||
                  document.tokens[i].kind != TokenKind::kWord;
    }
  }
  return barred;
}

// That of `quotations` in these words; makes it if it is missing.
NameText& QuotationIn(const Document& document, const NameWords& words,
                      std::vector<std::unique_ptr<NameText>>& quotations) {
  for (const std::unique_ptr<NameText>& quotation : quotations) {
    if (&quotation->words() == &words) return *quotation;
  }
  quotations.push_back(std::make_unique<NameText>(document, words));
  return *quotations.back();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const NameDetector>> NameDetector::Create(
    const Lexicon& lexicon, Vocabulary& vocabulary,
    absl::Span<const OwnName> own) {
  std::unique_ptr<NameDetector> detector(new NameDetector());
  TOCSIN_ASSIGN_OR_RETURN(detector->lists_,
                          NameLists::Create(lexicon, vocabulary, own));
  const std::shared_ptr<const WordSet> people = NameWords::People(lexicon);
  detector->languages_ = lexicon.Languages();
  if (detector->languages_.size() >= kMaxLanguages) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", kMaxLanguages - 1, " languages"));
  }
  for (const std::string& language : detector->languages_) {
    TOCSIN_ASSIGN_OR_RETURN(
        NameWords words,
        NameWords::Create(lexicon, language, people, vocabulary));
    detector->words_.push_back(std::move(words));
  }
  TOCSIN_ASSIGN_OR_RETURN(
      NameWords neutral,
      NameWords::Create(lexicon, Lexicon::kCommon, people, vocabulary));
  detector->words_.push_back(std::move(neutral));
  for (NameWords& words : detector->words_) {
    words.Finish(vocabulary, detector->lists_.small_starts());
  }
  detector->MarkStopWords(vocabulary.size());
  return detector;
}

void NameDetector::MarkStopWords(uint32_t vocabulary_size) {
  stop_in_.resize(vocabulary_size);
  for (uint32_t word = 0; word < vocabulary_size; ++word) {
    for (size_t i = 0; i < words_.size(); ++i) {
      const bool stop = (words_[i].CuesOfWord(word) & NameWords::kStop) != 0;
      stop_in_[word] = static_cast<uint16_t>(stop_in_[word] | stop << i);
    }
  }
}

size_t NameDetector::LanguageOf(const Document& document) const {
  const auto it = std::find(languages_.begin(), languages_.end(),
                            PrimarySubtag(document.language));
  return static_cast<size_t>(it - languages_.begin());
}

size_t NameDetector::LanguageOf(const Document& document,
                                const Sentence& sentence,
                                size_t document_language) const {
  const uint32_t size =
      std::min(sentence.last_token - sentence.first_token, kSampleTokens);
  BitCounts votes;
  for (uint32_t i = 0; i < size; ++i) {
    const Token& token = document.tokens[sentence.first_token + i];
    const bool capital =
        (token.flags & (Token::kUpperFirst | Token::kInnerUpper)) != 0;
    const uint16_t languages =
        stop_in_[token.word < stop_in_.size() ? token.word : kNoWord];
    votes.Add(capital ? uint16_t{0} : languages);
  }
  const std::array<uint32_t, kMaxLanguages>& counts = votes.Counts();
  const uint32_t own = counts[document_language];
  // A third of running text is function words.
  if (own * 5 >= size) return document_language;
  size_t best = document_language;
  uint32_t most = own * 2 + 1;
  for (size_t i = 0; i < languages_.size(); ++i) {
    if (counts[i] > most) {
      most = counts[i];
      best = i;
    }
  }
  return best;
}

NamesFound NameDetector::Detect(const Document& document,
                                absl::Span<const AmountMention> amounts) const {
  const size_t language = LanguageOf(document);
  const NameWords& words = words_[language];
  const std::vector<char> barred = BarredTokens(document, amounts);
  std::vector<NameCandidate> candidates;
  NameText text(document, words);
  NameScanner scanner(text, lists_, barred);
  // One for each language that is quoted: each is as long as the document.
  std::vector<std::unique_ptr<NameText>> quotations;
  std::array<NameScanner::Glance, kAhead + 1> glances;
  for (size_t ahead = 0; ahead < document.sentences.size() + kAhead; ++ahead) {
    if (ahead < document.sentences.size()) {
      NameScanner::Glance& glance = glances[ahead % glances.size()];
      scanner.Look(document.sentences[ahead], glance);
      for (const uint32_t i : glance.starts) text.Prefetch(i);
    }
    if (ahead > 0 && ahead <= document.sentences.size()) {
      for (const uint32_t i : glances[(ahead - 1) % glances.size()].starts) {
        text.PrefetchUnknown(i);
        lists_.Prefetch(document.tokens[i].folded);
      }
    }
    if (ahead < kAhead) continue;
    const size_t s = ahead - kAhead;
    const Sentence& sentence = document.sentences[s];
    const size_t first = candidates.size();
    if (first >= kMaxMentions) break;
    scanner.Scan(sentence, glances[s % glances.size()], candidates);
    const bool all_listed = std::all_of(
        candidates.begin() + static_cast<ptrdiff_t>(first), candidates.end(),
        [](const NameCandidate& c) { return c.listed >= 0; });
    const size_t spoken =
        all_listed ? language : LanguageOf(document, sentence, language);
    NameText* read = &text;
    if (spoken != language) {
      candidates.resize(first);
      read = &QuotationIn(document, words_[spoken], quotations);
      NameScanner quoted(*read, lists_, barred);
      NameScanner::Glance glance;
      quoted.Look(sentence, glance);
      quoted.Scan(sentence, glance, candidates);
    }
    for (size_t i = first; i < candidates.size(); ++i) {
      AddEvidence(*read, candidates[i]);
    }
  }
  AddListEvidence(text, candidates);
  return ResolveNames(document, words, lists_, std::move(candidates),
                      scanner.TakePassedOver());
}

}  // namespace tocsin
