#include "lexicon/phrase_matcher.h"

#include <algorithm>
#include <bit>

namespace tocsin {

PhraseMatcher::PhraseMatcher() : filter_(1), slots_(1) {}

PhraseMatcher::Match PhraseMatcher::Longest(absl::Span<const Token> tokens,
                                            uint32_t start,
                                            uint32_t end) const {
  Match match;
  Prefix prefix;
  for (uint32_t i = start; i < end && prefix.continues(); ++i) {
    prefix = Step(prefix, tokens[i].folded);
    if (prefix.is_phrase()) match = {i - start + 1, prefix.value()};
  }
  return match;
}

PhraseMatcher::Match PhraseMatcher::Longest(absl::Span<const Token> tokens,
                                            uint32_t start) const {
  Match match;
  Prefix prefix;
  for (uint32_t i = start; i < tokens.size() && prefix.continues() &&
                           tokens[i].sentence == tokens[start].sentence;
       ++i) {
    prefix = Step(prefix, tokens[i].folded);
    if (prefix.is_phrase()) match = {i - start + 1, prefix.value()};
  }
  return match;
}

PhraseMatcher::Match PhraseMatcher::Find(
    absl::Span<const uint64_t> words) const {
  if (words.empty() || !MayBegin(words[0])) return {};
  uint64_t prefix = kStart;
  for (uint64_t word : words) prefix = Extend(prefix, word);
  const uint32_t value = Lookup(prefix) & ~kContinues;
  if (value == 0 || value == kNoValue) return {};
  return {static_cast<uint32_t>(words.size()), value - 1};
}

size_t PhraseMatcher::memory_bytes() const {
  return filter_.size() * sizeof(filter_[0]) +
         slots_.size() * sizeof(slots_[0]);
}

uint32_t PhraseMatcher::Builder::Add(absl::Span<const uint64_t> words,
                                     uint32_t value) {
  if (words.empty()) return value;
  first_words_.push_back(words[0]);
  uint64_t prefix = kStart;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    prefix = Extend(prefix, words[i]);
    uint32_t& slot = prefixes_.try_emplace(prefix, kNoValue).first->second;
    slot |= kContinues;
  }
  prefix = Extend(prefix, words.back());
  uint32_t& slot = prefixes_.try_emplace(prefix, kNoValue).first->second;
  if ((slot & ~kContinues) == kNoValue) {
    slot = (slot & kContinues) | (std::min(value, kMaxValue) + 1);
    ++phrase_count_;
  }
  return (slot & ~kContinues) - 1;
}

PhraseMatcher PhraseMatcher::Builder::Build() const {
  PhraseMatcher matcher;
  matcher.phrase_count_ = phrase_count_;
  // 8 to 16 bits a phrase.
  const size_t blocks = std::bit_ceil(first_words_.size() / 8 + 1);
  matcher.filter_.assign(blocks, 0);
  matcher.filter_mask_ = blocks - 1;
  for (uint64_t word : first_words_) {
    matcher.filter_[matcher.FilterBlock(word)] |= FilterBits(word);
  }
  size_t slots = prefixes_.size() * 3 / 2 + 1;
  while (!Fill(slots, matcher)) slots += slots / 16 + 1;
  return matcher;
}

bool PhraseMatcher::Builder::Fill(size_t slots, PhraseMatcher& matcher) const {
  matcher.slots_.assign(slots, Slot());
  for (const auto& [prefix, value] : prefixes_) {
    const auto key = static_cast<uint32_t>(prefix);
    size_t slot = matcher.HomeSlot(prefix);
    for (; matcher.slots_[slot].value != 0; slot = matcher.NextSlot(slot)) {
      if (matcher.slots_[slot].key == key) return false;
    }
    matcher.slots_[slot] = {key, value};
  }
  return true;
}

}  // namespace tocsin
