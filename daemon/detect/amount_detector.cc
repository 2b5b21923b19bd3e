#include "detect/amount_detector.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "detect/amount_parser.h"
#include "text/language.h"

namespace tocsin {
namespace {

constexpr size_t kClassBits = 1 << 16;
constexpr size_t kSolidBits = 1 << 12;
constexpr size_t kShortestSolid = 5;
// So many words of another language, and so many times those of the
// document's, make a stretch another language's.
constexpr int kForeignVotes = 3;
constexpr int kForeignFactor = 2;

void Set(std::vector<uint64_t>& bits, size_t i) {
  bits[i / 64] |= uint64_t{1} << (i % 64);
}
bool Get(const std::vector<uint64_t>& bits, size_t i) {
  return (bits[i / 64] >> (i % 64) & 1) != 0;
}

// Of the first three bytes, with ASCII and Latin-1 letters in small letters.
size_t SolidPrefix(absl::string_view text) {
  size_t hash = 0;
  bool latin = false;
  for (size_t i = 0; i < 3; ++i) {
    auto c = static_cast<uint8_t>(text[i]);
    if (c >= 'A' && c <= 'Z') c = static_cast<uint8_t>(c + 0x20);
    if (latin && c >= 0x80 && c <= 0x9E) c = static_cast<uint8_t>(c + 0x20);
    latin = c == 0xC3;
    hash = hash * 31 + c;
  }
  return (hash ^ hash >> 7) % kSolidBits;
}

bool IsQuote(absl::string_view text) {
  return text == "\"" || text == "\xE2\x80\x9C" || text == "\xE2\x80\x9D" ||
         text == "\xE2\x80\x9E" || text == "\xC2\xAB" || text == "\xC2\xBB";
}

}  // namespace

absl::StatusOr<std::unique_ptr<const AmountDetector>> AmountDetector::Create(
    const Lexicon& lexicon) {
  std::unique_ptr<AmountDetector> detector(new AmountDetector());
  detector->languages_ = lexicon.Languages();
  if (detector->languages_.size() >= kMaxLanguages) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", kMaxLanguages - 1, " languages"));
  }
  detector->class_bits_.assign(kClassBits / 64, 0);
  detector->solid_bits_.assign(kSolidBits / 64, 0);
  for (const std::string& language : detector->languages_) {
    TOCSIN_ASSIGN_OR_RETURN(AmountWords words,
                            AmountWords::Compile(lexicon, language));
    detector->words_.push_back(std::move(words));
    detector->AddWords(detector->words_.size() - 1);
  }
  TOCSIN_ASSIGN_OR_RETURN(AmountWords neutral,
                          AmountWords::Compile(lexicon, Lexicon::kCommon));
  detector->words_.push_back(std::move(neutral));
  detector->AddWords(detector->words_.size() - 1);
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

void AmountDetector::AddWords(size_t language) {
  const auto bit = static_cast<uint16_t>(1 << language);
  const AmountWords& words = words_[language];
  for (const uint64_t hash : words.triggers()) {
    classes_[hash].trigger |= bit;
    Set(class_bits_, hash % kClassBits);
  }
  for (const uint64_t hash : words.function_words()) {
    classes_[hash].function |= bit;
    Set(class_bits_, hash % kClassBits);
  }
  for (const std::string& form : words.number_forms()) {
    if (form.size() >= 3) {
      Set(solid_bits_, SolidPrefix(form));
      continue;
    }
    // A shorter form is followed by another letter or two.
    for (const std::string& next : words.number_forms()) {
      std::string prefix = form + next;
      if (prefix.size() >= 3) Set(solid_bits_, SolidPrefix(prefix));
    }
  }
}

bool AmountDetector::MayBeSolidNumber(absl::string_view text) const {
  return text.size() >= kShortestSolid && Get(solid_bits_, SolidPrefix(text));
}

// The index into words_ of the language that a stretch is read in.
size_t AmountDetector::LanguageOf(const Stretch& stretch,
                                  size_t document_language) const {
  size_t best = document_language;
  int best_votes = 0;
  for (size_t i = 0; i < languages_.size(); ++i) {
    if (stretch.votes[i] > best_votes) {
      best = i;
      best_votes = stretch.votes[i];
    }
  }
  if (document_language == languages_.size()) {  // Of no known language.
    return best_votes > 0 ? best : fallback_;
  }
  const int own_votes = stretch.votes[document_language];
  return best_votes >= kForeignVotes && best_votes >= kForeignFactor * own_votes
             ? best
             : document_language;
}

std::vector<AmountMention> AmountDetector::Detect(
    const Document& document) const {
  std::vector<AmountMention> found;
  const auto it = std::find(languages_.begin(), languages_.end(),
                            PrimarySubtag(document.language));
  const auto language = static_cast<size_t>(it - languages_.begin());
  for (const Sentence& sentence : document.sentences) {
    DetectInSentence(document, sentence, language, found);
  }
  return found;
}

void AmountDetector::DetectInSentence(const Document& document,
                                      const Sentence& sentence,
                                      size_t document_language,
                                      std::vector<AmountMention>& found) const {
  const absl::string_view text = document.Text(sentence.field);
  // First what the words are: where to look, and which languages they are of.
  constexpr size_t kMaxStretches = 8;
  std::array<Stretch, kMaxStretches> stretches;
  size_t stretch_count = 1;
  stretches[0].begin = sentence.first_token;
  bool any_trigger = false;
  for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
    const Token& token = document.tokens[i];
    Stretch& stretch = stretches[stretch_count - 1];
    if (token.Has(Token::kHasDigit)) any_trigger = true;
    if (Get(class_bits_, token.folded % kClassBits)) {
      const auto it = classes_.find(token.folded);
      if (it != classes_.end()) {
        any_trigger = any_trigger || it->second.trigger != 0;
        for (unsigned bits = it->second.function; bits != 0; bits &= bits - 1) {
          ++stretch.votes[static_cast<size_t>(__builtin_ctz(bits))];
        }
      }
    } else if (token.kind == TokenKind::kWord) {
      any_trigger = any_trigger || MayBeSolidNumber(text.substr(
                                       token.begin, token.end - token.begin));
    } else if (token.kind == TokenKind::kPunctuation &&
               stretch_count < kMaxStretches && IsQuote(document.Text(token))) {
      stretch.end = i;
      stretches[stretch_count++].begin = i;
    }
  }
  if (!any_trigger) return;
  stretches[stretch_count - 1].end = sentence.last_token;

  for (size_t s = 0; s < stretch_count; ++s) {
    const size_t language = LanguageOf(stretches[s], document_language);
    AmountScope scope;
    scope.text = text;
    scope.tokens = document.tokens;
    scope.begin = stretches[s].begin;
    scope.end = stretches[s].end;
    scope.words = &words_[language];
    scope.fallback = &words_[fallback_];
    const AmountParser parser(scope);
    const auto bit = static_cast<uint16_t>(1 << language);
    uint32_t floor = scope.begin;
    for (uint32_t i = scope.begin; i < scope.end;) {
      const Token& token = document.tokens[i];
      if (!MayTrigger(token, text, bit)) {
        ++i;
        continue;
      }
      const size_t before = found.size();
      const uint32_t next = parser.ParseAt(i, floor, found);
      if (found.size() > before) floor = found.back().last_token;
      i = next;
    }
  }
}

bool AmountDetector::MayTrigger(const Token& token, absl::string_view text,
                                uint16_t languages) const {
  if (token.kind == TokenKind::kAddress) return false;
  if (token.Has(Token::kHasDigit)) return true;
  if (Get(class_bits_, token.folded % kClassBits)) {
    const auto it = classes_.find(token.folded);
    if (it != classes_.end() && (it->second.trigger & languages) != 0) {
      return true;
    }
  }
  return token.kind == TokenKind::kWord &&
         MayBeSolidNumber(text.substr(token.begin, token.end - token.begin));
}

}  // namespace tocsin
