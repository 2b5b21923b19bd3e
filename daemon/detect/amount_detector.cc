#include "detect/amount_detector.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "detect/amount_parser.h"
#include "text/language.h"

namespace tocsin {
namespace {

// So many words of another language, and so many times those of the
// document's, make a stretch another language's.
constexpr uint32_t kForeignVotes = 3;
constexpr uint32_t kForeignFactor = 2;

}  // namespace

absl::StatusOr<std::unique_ptr<const AmountDetector>> AmountDetector::Create(
    const Lexicon& lexicon, Vocabulary& vocabulary) {
  std::unique_ptr<AmountDetector> detector(new AmountDetector());
  detector->languages_ = lexicon.Languages();
  if (detector->languages_.size() >= kMaxAmountLanguages) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", kMaxAmountLanguages - 1, " languages"));
  }
  for (const std::string& language : detector->languages_) {
    TOCSIN_RETURN_IF_ERROR(detector->Add(lexicon, language, vocabulary));
  }
  TOCSIN_RETURN_IF_ERROR(detector->Add(lexicon, Lexicon::kCommon, vocabulary));
  // The language that others quote most.
  detector->fallback_ = detector->words_.size() - 1;
  for (const LexiconRow& row : lexicon.Rows(Lexicon::kCommon, "fallback")) {
    const auto it = std::find(detector->languages_.begin(),
                              detector->languages_.end(), row[0]);
    if (it == detector->languages_.end()) {
      return row.Error("no such language");
    }
    detector->fallback_ =
        static_cast<size_t>(it - detector->languages_.begin());
  }
  return detector;
}

absl::Status AmountDetector::Add(const Lexicon& lexicon,
                                 absl::string_view language,
                                 Vocabulary& vocabulary) {
  TOCSIN_ASSIGN_OR_RETURN(AmountWords words,
                          AmountWords::Compile(lexicon, language));
  scanner_.Add(words_.size(), words, vocabulary);
  words_.push_back(std::move(words));
  return absl::OkStatus();
}

// The index into words_ of the language that a stretch is read in.
size_t AmountDetector::LanguageOf(const AmountStretch& stretch,
                                  size_t document_language) const {
  size_t best = document_language;
  uint32_t best_votes = 0;
  for (size_t i = 0; i < languages_.size(); ++i) {
    if (stretch.votes[i] > best_votes) {
      best = i;
      best_votes = stretch.votes[i];
    }
  }
  if (document_language == languages_.size()) {  // Of no known language.
    return best_votes > 0 ? best : fallback_;
  }
  const uint32_t own_votes = stretch.votes[document_language];
  return best_votes >= kForeignVotes && best_votes >= kForeignFactor * own_votes
             ? best
             : document_language;
}

std::vector<AmountMention> AmountDetector::Detect(
    const Document& document) const {
  std::vector<AmountMention> found;
  std::vector<AmountCandidate> candidates;
  std::vector<AmountStretch> stretches;
  const auto it = std::find(languages_.begin(), languages_.end(),
                            PrimarySubtag(document.language));
  const auto language = static_cast<size_t>(it - languages_.begin());
  for (const uint32_t s :
       scanner_.Sentences(document, language, words_[language])) {
    if (found.size() >= kMaxMentions) break;  // No article has that many.
    const Sentence& sentence = document.sentences[s];
    scanner_.Scan(document, sentence, language, words_[language], candidates,
                  stretches);
    for (const AmountStretch& stretch : stretches) {
      if (stretch.first_candidate == stretch.last_candidate) continue;
      ReadStretch(document, document.Text(sentence.field), stretch, candidates,
                  language, found);
    }
  }
  return found;
}

void AmountDetector::ReadStretch(const Document& document,
                                 absl::string_view text,
                                 const AmountStretch& stretch,
                                 const std::vector<AmountCandidate>& candidates,
                                 size_t document_language,
                                 std::vector<AmountMention>& found) const {
  const size_t language = LanguageOf(stretch, document_language);
  const auto bit = static_cast<uint16_t>(1 << language);
  AmountScope scope;
  scope.text = text;
  scope.tokens = document.tokens;
  scope.begin = stretch.begin;
  scope.end = stretch.end;
  scope.words = &words_[language];
  scope.fallback =
      &words_[language == document_language ? fallback_ : document_language];
  const AmountParser parser(scope);
  uint32_t floor = scope.begin;
  uint32_t next = scope.begin;
  for (size_t i = stretch.first_candidate; i < stretch.last_candidate; ++i) {
    const AmountCandidate& candidate = candidates[i];
    if ((candidate.languages & bit) == 0 || candidate.token < next ||
        document.tokens[candidate.token].kind == TokenKind::kAddress) {
      continue;
    }
    const size_t before = found.size();
    next = parser.ParseAt(candidate.token, floor, found);
    if (found.size() > before) floor = found.back().last_token;
  }
}

}  // namespace tocsin
