#include "detect/amount_scan.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace tocsin {
namespace {

constexpr uint16_t kAllLanguages = 0xFFFF;

bool IsQuote(absl::string_view text) {
  return text == "\"" || text == "\xE2\x80\x9C" || text == "\xE2\x80\x9D" ||
         text == "\xE2\x80\x9E" || text == "\xC2\xAB" || text == "\xC2\xBB";
}

}  // namespace

void AmountScanner::WordTable::Build(
    const std::vector<std::pair<uint64_t, uint16_t>>& words) {
  absl::flat_hash_map<uint64_t, uint16_t> merged;
  for (const auto& [hash, languages] : words) merged[hash] |= languages;
  size_t size = 64;
  while (size < 4 * merged.size()) size *= 2;
  bits_.assign(kFilterBits / 64, 0);
  keys_.assign(size, 0);
  values_.assign(size, 0);
  for (const auto& [hash, languages] : merged) {
    size_t slot = hash & (size - 1);
    while (keys_[slot] != 0) slot = (slot + 1) & (size - 1);
    keys_[slot] = hash;
    values_[slot] = languages;
    const size_t bit = hash % kFilterBits;
    bits_[bit / 64] |= uint64_t{1} << (bit % 64);
  }
}

uint16_t AmountScanner::WordTable::Lookup(uint64_t hash) const {
  const size_t mask = keys_.size() - 1;
  for (size_t slot = hash & mask; keys_[slot] != 0; slot = (slot + 1) & mask) {
    if (keys_[slot] == hash) return values_[slot];
  }
  return 0;
}

AmountScanner::AmountScanner() : solid_(AmountWords::kSolidSlots, 0) {}

void AmountScanner::Add(size_t language, const AmountWords& words) {
  const auto bit = static_cast<uint16_t>(1 << language);
  for (const uint64_t hash : words.triggers()) {
    added_triggers_.emplace_back(hash, bit);
  }
  for (const uint64_t hash : words.function_words()) {
    added_function_words_.emplace_back(hash, bit);
  }
  for (size_t i = 0; i < solid_.size(); ++i) {
    if (words.solid_begins().test(i)) solid_[i] |= bit;
  }
}

void AmountScanner::Finish() {
  triggers_.Build(added_triggers_);
  function_words_.Build(added_function_words_);
  added_triggers_.clear();
  added_function_words_.clear();
}

void AmountScanner::Scan(const Document& document, const Sentence& sentence,
                         size_t language,
                         std::vector<AmountCandidate>& candidates,
                         std::vector<AmountStretch>& stretches) const {
  const absl::string_view text = document.Text(sentence.field);
  const auto own = static_cast<uint16_t>(1 << language);
  candidates.clear();
  stretches.clear();
  bool any_own = false;    // A candidate in the document's language.
  bool any_quote = false;  // Another language is looked for in quotations.
  for (uint32_t i = sentence.first_token; i < sentence.last_token; ++i) {
    const Token& token = document.tokens[i];
    uint16_t languages;
    if (token.Has(Token::kHasDigit)) {
      languages = kAllLanguages;
    } else {
      languages = triggers_.Find(token.folded);
      const uint32_t size = token.end - token.begin;
      if (token.kind == TokenKind::kWord &&
          size >= AmountWords::kShortestSolid) {
        languages |=
            solid_[AmountWords::SolidSlot(text.substr(token.begin, size))];
      } else if (token.kind == TokenKind::kPunctuation) {
        any_quote = any_quote || IsQuote(document.Text(token));
      }
      if (languages == 0) continue;
    }
    candidates.push_back({i, languages});
    any_own = any_own || (languages & own) != 0;
  }
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
    const Token& token = document.tokens[i];
    if (token.kind == TokenKind::kPunctuation) {
      if (stretches.size() < kMaxStretches && IsQuote(document.Text(token))) {
        stretches.back().end = i;
        stretches.back().last_candidate = candidate;
        stretches.emplace_back();
        stretches.back().begin = i;
        stretches.back().first_candidate = candidate;
      }
    } else if (token.kind == TokenKind::kWord) {
      for (unsigned bits = function_words_.Find(token.folded); bits != 0;
           bits &= bits - 1) {
        ++stretches.back().votes[static_cast<size_t>(__builtin_ctz(bits))];
      }
    }
    while (candidate < candidates.size() && candidates[candidate].token == i) {
      ++candidate;
    }
  }
  stretches.back().end = sentence.last_token;
  stretches.back().last_candidate = candidate;
}

}  // namespace tocsin
