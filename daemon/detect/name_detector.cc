#include "detect/name_detector.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "detect/name_resolution.h"
#include "detect/name_scanner.h"
#include "detect/name_types.h"
#include "text/language.h"

namespace tocsin {
namespace {

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

}  // namespace

absl::StatusOr<std::unique_ptr<const NameDetector>> NameDetector::Create(
    const Lexicon& lexicon) {
  std::unique_ptr<NameDetector> detector(new NameDetector());
  TOCSIN_ASSIGN_OR_RETURN(detector->lists_, NameLists::Create(lexicon));
  for (const std::string& language : lexicon.Languages()) {
    TOCSIN_ASSIGN_OR_RETURN(NameWords words,
                            NameWords::Create(lexicon, language));
    detector->words_.emplace(language, std::move(words));
  }
  TOCSIN_ASSIGN_OR_RETURN(detector->neutral_,
                          NameWords::Create(lexicon, Lexicon::kCommon));
  return detector;
}

std::vector<NameMention> NameDetector::Detect(
    const Document& document, absl::Span<const AmountMention> amounts) const {
  const auto it = words_.find(std::string(PrimarySubtag(document.language)));
  const NameWords& words = it == words_.end() ? neutral_ : it->second;
  const std::vector<bool> barred = BarredTokens(document, amounts);
  std::vector<NameCandidate> candidates;
  NameScanner scanner(document, words, lists_, barred);
  for (const Sentence& sentence : document.sentences) {
    scanner.Scan(sentence, candidates);
  }
  for (NameCandidate& candidate : candidates) {
    AddEvidence(document, words, candidate);
  }
  AddListEvidence(document, words, candidates);
  return ResolveNames(document, words, lists_, std::move(candidates));
}

}  // namespace tocsin
