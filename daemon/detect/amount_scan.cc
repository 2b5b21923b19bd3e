#include "detect/amount_scan.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "detect/number_parser.h"
#include "text/fold.h"

namespace tocsin {
namespace {

constexpr uint16_t kAllLanguages = 0xFFFF;
// With more candidates than this and no space between them a text is no prose:
// `1-1-1-1...`.
constexpr size_t kMaxGlued = 24;

// By what it is made of, not only by how it begins and ends.
bool MayBeSolidNumber(const Token& token, absl::string_view text,
                      const AmountWords& words) {
  return words.MayBeginAt(token.folded) || words.MayGoOnAt(token.folded) ||
         !SplitNumberWord(FoldText(text), words).empty();
}

constexpr absl::string_view kQuotes[] = {"\"",           "\xE2\x80\x9C",
                                         "\xE2\x80\x9D", "\xE2\x80\x9E",
                                         "\xC2\xAB",     "\xC2\xBB"};

}  // namespace

AmountScanner::AmountScanner()
    : uses_(1),
      solid_begins_(AmountWords::kSolidSlots),
      solid_ends_(AmountWords::kSolidEnds) {}

AmountScanner::WordUse& AmountScanner::UseOf(uint32_t word) {
  if (word >= uses_.size()) uses_.resize(word + 1);
  return uses_[word];
}

void AmountScanner::Add(size_t language, const AmountWords& words,
                        Vocabulary& vocabulary) {
  const auto bit = static_cast<uint16_t>(1 << language);
  for (const uint64_t hash : words.triggers()) {
    WordUse& use = UseOf(vocabulary.Add(hash));
    use.trigger |= bit;
    use.sign |= bit;
  }
  for (const uint64_t hash : words.function_words()) {
    UseOf(vocabulary.Add(hash)).function_word |= bit;
  }
  for (const absl::string_view quote : kQuotes) {
    WordUse& use = UseOf(vocabulary.Add(FoldedHash(quote)));
    use.quote = true;
    use.sign = kAllLanguages;
  }
  for (size_t i = 0; i < solid_begins_.size(); ++i) {
    if (words.solid_begins().test(i)) solid_begins_[i] |= bit;
  }
  for (size_t i = 0; i < solid_ends_.size(); ++i) {
    if (words.solid_ends().test(i)) solid_ends_[i] |= bit;
  }
}

std::vector<uint32_t> AmountScanner::Sentences(const Document& document,
                                               size_t language,
                                               const AmountWords& words) const {
  const auto own = static_cast<uint16_t>(1 << language);
  // Which tokens are signs nobody can predict, so there is no branch on it.
  std::vector<uint32_t> signs(document.tokens.size() + 1);
  size_t size = 0;
  for (const Sentence& sentence : document.sentences) {
    const absl::string_view text = document.Text(sentence.field);
    for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
      const Token& token = document.tokens[i];
      const uint32_t says = (Use(token).sign | SolidBegins(text, token)) & own;
      signs[size] = i;
      size += (says | (token.flags & Token::kHasDigit)) != 0;
    }
  }
  signs.resize(size);
  std::vector<uint32_t> sentences;
  for (const uint32_t i : signs) {
    const Token& token = document.tokens[i];
    if (!sentences.empty() && sentences.back() == token.sentence) continue;
    if (IsSign(token, own) ||
        (token.kind == TokenKind::kWord &&
         (SolidIn(document.Text(token.field), token) & own) != 0 &&
         MayBeSolidNumber(token, document.Text(token), words))) {
      sentences.push_back(token.sentence);
    }
  }
  return sentences;
}

void AmountScanner::Scan(const Document& document, const Sentence& sentence,
                         size_t language, const AmountWords& words,
                         std::vector<AmountCandidate>& candidates,
                         std::vector<AmountStretch>& stretches) const {
  const absl::string_view text = document.Text(sentence.field);
  const auto own = static_cast<uint16_t>(1 << language);
  candidates.clear();
  stretches.clear();
  bool any_quote = false;  // Another language is looked for in quotations.
  size_t run = 0;          // The first candidate since the last space.
  bool dropped = false;    // There were too many since then.
  for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
    const Token& token = document.tokens[i];
    if (token.Has(Token::kSpaceBefore)) {
      run = candidates.size();
      dropped = false;
    }
    uint16_t languages = kAllLanguages;
    if (!token.Has(Token::kHasDigit)) {
      const WordUse use = Use(token);
      any_quote |= use.quote;
      languages = use.trigger;
      if (token.kind == TokenKind::kWord) {
        if (const uint16_t solid = SolidIn(text, token); solid != 0) {
          languages |= solid;
          if ((solid & ~use.trigger & own) != 0 &&
              !MayBeSolidNumber(token, document.Text(token), words)) {
            languages &= static_cast<uint16_t>(~own);
          }
        }
      }
      if (languages == 0) continue;
    }
    if (dropped) continue;
    candidates.push_back({i, languages});
    if (candidates.size() - run > kMaxGlued) {
      candidates.resize(run);
      dropped = true;
    }
  }
  const bool any_own = std::any_of(
      candidates.begin(), candidates.end(),
      [own](const AmountCandidate& c) { return (c.languages & own) != 0; });
  if (!any_own && !any_quote) candidates.clear();
  if (!candidates.empty()) Split(document, sentence, candidates, stretches);
}

// Cuts the sentence at its quotation marks and counts the frequent words of
// each language in each part.
void AmountScanner::Split(const Document& document, const Sentence& sentence,
                          const std::vector<AmountCandidate>& candidates,
                          std::vector<AmountStretch>& stretches) const {
  size_t candidate = 0;
  stretches.emplace_back();
  stretches.back().begin = sentence.first_token;
  for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
    const WordUse use = Use(document.tokens[i]);
    if (use.quote && stretches.size() < kMaxStretches) {
      stretches.back().end = i;
      stretches.back().last_candidate = candidate;
      stretches.emplace_back();
      stretches.back().begin = i;
      stretches.back().first_candidate = candidate;
    }
    for (unsigned bits = use.function_word; bits != 0; bits &= bits - 1) {
      ++stretches.back().votes[static_cast<size_t>(__builtin_ctz(bits))];
    }
    while (candidate < candidates.size() && candidates[candidate].token == i) {
      ++candidate;
    }
  }
  stretches.back().end = sentence.last_token;
  stretches.back().last_candidate = candidate;
}

}  // namespace tocsin
