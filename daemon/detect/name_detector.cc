#include "detect/name_detector.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "detect/name_resolution.h"
#include "detect/name_scanner.h"
#include "detect/name_types.h"
#include "text/language.h"

namespace tocsin {
namespace {

// How much of a sentence tells its language.
constexpr uint32_t kSampleTokens = 40;

// Which tokens belong to amounts. What is counted may be a name, so of a
// count only the numbers are barred.
std::vector<bool> BarredTokens(const Document& document,
                               absl::Span<const AmountMention> amounts) {
  std::vector<bool> barred;
  if (amounts.empty()) return barred;
  barred.resize(document.tokens.size());
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
    const Lexicon& lexicon, absl::Span<const OwnName> own) {
  std::unique_ptr<NameDetector> detector(new NameDetector());
  TOCSIN_ASSIGN_OR_RETURN(detector->lists_, NameLists::Create(lexicon, own));
  const std::shared_ptr<const WordSet> people = NameWords::People(lexicon);
  detector->languages_ = lexicon.Languages();
  for (const std::string& language : detector->languages_) {
    TOCSIN_ASSIGN_OR_RETURN(NameWords words,
                            NameWords::Create(lexicon, language, people));
    detector->words_.emplace(language, std::move(words));
  }
  TOCSIN_ASSIGN_OR_RETURN(detector->neutral_,
                          NameWords::Create(lexicon, Lexicon::kCommon, people));
  return detector;
}

const NameWords& NameDetector::WordsOf(const NameText& text,
                                       const Sentence& sentence) const {
  const uint32_t end =
      std::min(sentence.last_token, sentence.first_token + kSampleTokens);
  const auto function_words = [&](const NameWords& words) {
    uint32_t count = 0;
    for (uint32_t i = sentence.first_token; i < end; ++i) {
      if (text.IsWord(i) && !text.IsCapital(i)) {
        count += (words.Cues(text.At(i).folded) & NameWords::kStop) != 0;
      }
    }
    return count;
  };
  const NameWords* best = &text.words();
  const uint32_t own = function_words(*best);
  // A third of running text is function words.
  if (own * 5 >= end - sentence.first_token) return *best;
  uint32_t most = own * 2 + 1;
  for (const std::string& language : languages_) {
    const NameWords& words = words_.at(language);
    if (const uint32_t count = function_words(words); count > most) {
      most = count;
      best = &words;
    }
  }
  return *best;
}

std::vector<NameMention> NameDetector::Detect(
    const Document& document, absl::Span<const AmountMention> amounts) const {
  const auto it = words_.find(PrimarySubtag(document.language));
  const NameWords& words = it == words_.end() ? neutral_ : it->second;
  const std::vector<bool> barred = BarredTokens(document, amounts);
  std::vector<NameCandidate> candidates;
  NameText text(document, words);
  NameScanner scanner(text, lists_, barred);
  // One for each language that is quoted: each is as long as the document.
  std::vector<std::unique_ptr<NameText>> quotations;
  for (const Sentence& sentence : document.sentences) {
    const size_t first = candidates.size();
    if (first >= kMaxMentions) break;
    scanner.Scan(sentence, candidates);
    const bool all_listed = std::all_of(
        candidates.begin() + static_cast<ptrdiff_t>(first), candidates.end(),
        [](const NameCandidate& c) { return c.listed >= 0; });
    const NameWords& spoken = all_listed ? words : WordsOf(text, sentence);
    if (&spoken == &words) {
      for (size_t i = first; i < candidates.size(); ++i) {
        AddEvidence(text, candidates[i]);
      }
    } else {
      candidates.resize(first);
      NameText& quotation = QuotationIn(document, spoken, quotations);
      NameScanner(quotation, lists_, barred).Scan(sentence, candidates);
      for (size_t i = first; i < candidates.size(); ++i) {
        AddEvidence(quotation, candidates[i]);
      }
    }
  }
  AddListEvidence(text, candidates);
  return ResolveNames(document, words, lists_, std::move(candidates));
}

}  // namespace tocsin
