// Finds the longest known phrase that begins at a token.
//
// A phrase is a sequence of token hashes (Token::folded, PhraseHashes()). Every
// prefix of every phrase stands in one hash table with open addressing, filed
// under a hash of its tokens; matching walks from prefix to prefix. Before the
// table stands a Bloom filter of first words that fits a nearer cache: of the
// words that begin no name, one in a hundred gets past it.
//
// A slot holds 32 bits of a prefix's hash, and its place says twenty more: of
// 2^31 prefixes that are no phrase's, about one is taken for one.
//
// Memory: 8 bytes a slot, 1.5 slots a prefix, and 1 to 2 bytes a phrase for
// the filter: 20 MB for 1,000,000 names of 1.5 words.
#ifndef TOCSIN_LEXICON_PHRASE_MATCHER_H_
#define TOCSIN_LEXICON_PHRASE_MATCHER_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "base/huge_pages.h"
#include "base/prefetch.h"
#include "text/document.h"

namespace tocsin {

// Immutable; thread-safe.
class PhraseMatcher {
 public:
  class Builder;

  static constexpr uint32_t kMaxValue = (uint32_t{1} << 31) - 3;

 private:
  // Low bits of a slot's value: the phrase's value + 1, kNoValue for a prefix
  // that is no phrase itself. High bit: a longer phrase goes on from here.
  static constexpr uint32_t kNoValue = kMaxValue + 2;
  static constexpr uint32_t kContinues = uint32_t{1} << 31;
  static constexpr uint64_t kStart = 0x8BADF00DCAFEF00Du;

 public:
  struct Match {
    uint32_t token_count = 0;  // 0: no phrase begins here.
    uint32_t value = 0;
    explicit operator bool() const { return token_count > 0; }
  };

  // Matches nothing.
  PhraseMatcher();

  // Where a walk from word to word stands.
  struct Prefix {
    uint64_t hash = kStart;
    uint32_t slot = kContinues | kNoValue;
    // Some phrase begins with these words, and has more of them.
    bool continues() const { return (slot & kContinues) != 0; }
    // The words are a phrase, with this value.
    bool is_phrase() const { return (slot & ~kContinues) - 1 < kNoValue - 1; }
    uint32_t value() const { return (slot & ~kContinues) - 1; }
  };
  // After one more word; `prefix` continues.
  Prefix Step(const Prefix& prefix, uint64_t word) const {
    if (prefix.hash == kStart && !MayBegin(word)) return {kStart, 0};
    const uint64_t hash = Extend(prefix.hash, word);
    return {hash, Lookup(hash)};
  }

  // The longest phrase that begins at tokens[start] and ends before `end`.
  Match Longest(absl::Span<const Token> tokens, uint32_t start,
                uint32_t end) const;
  // In the sentence of tokens[start]: a phrase does not span sentences.
  Match Longest(absl::Span<const Token> tokens, uint32_t start) const;

  // Whether a phrase may begin with a word; never false for one that does.
  bool MayBegin(uint64_t word) const {
    const uint64_t bits = FilterBits(word);
    return (filter_[FilterBlock(word)] & bits) == bits;
  }

  // Brings the phrases nearer that begin with a word, where one may.
  void Prefetch(uint64_t word) const {
    if (!MayBegin(word)) return;
    tocsin::Prefetch(&slots_[HomeSlot(Extend(kStart, word))]);
  }

  // The phrase that is exactly `words`.
  Match Find(absl::Span<const uint64_t> words) const;

  size_t phrase_count() const { return phrase_count_; }
  size_t memory_bytes() const;

 private:
  __extension__ using Wide = unsigned __int128;

  static uint64_t Extend(uint64_t prefix, uint64_t word) {
    const Wide product = static_cast<Wide>(prefix ^ word) * 0x9E3779B97F4A7C15u;
    const uint64_t hash =
        static_cast<uint64_t>(product >> 64) ^ static_cast<uint64_t>(product);
    return hash == 0 ? 1 : hash;
  }
  // The filter's block for a word, and the three bits of it that are set for
  // the words of the phrases.
  size_t FilterBlock(uint64_t word) const {
    return static_cast<size_t>((word >> 32) & filter_mask_);
  }
  static uint64_t FilterBits(uint64_t word) {
    return uint64_t{1} << (word & 63) | uint64_t{1} << (word >> 6 & 63) |
           uint64_t{1} << (word >> 12 & 63);
  }
  // Where looking for a prefix begins. The high bits choose, so that any number
  // of slots will do.
  size_t HomeSlot(uint64_t prefix) const {
    return static_cast<size_t>(static_cast<Wide>(prefix) * slots_.size() >> 64);
  }
  size_t NextSlot(size_t slot) const {
    return slot + 1 == slots_.size() ? 0 : slot + 1;
  }
  // The slot's value; 0 (never stored) if the prefix is not there.
  uint32_t Lookup(uint64_t prefix) const {
    for (size_t i = HomeSlot(prefix);; i = NextSlot(i)) {
      const Slot& slot = slots_[i];
      if (slot.key == static_cast<uint32_t>(prefix) || slot.value == 0) {
        return slot.value;
      }
    }
  }

  struct Slot {
    uint32_t key = 0;    // The low bits of the prefix.
    uint32_t value = 0;  // 0: free.
  };

  size_t phrase_count_ = 0;
  uint64_t filter_mask_ = 0;
  HugePageVector<uint64_t> filter_;
  HugePageVector<Slot> slots_;
};

class PhraseMatcher::Builder {
 public:
  // Files `words` (not empty; others are ignored) under `value`, at most
  // kMaxValue. The first value of a phrase stays; the one that stays is
  // returned.
  uint32_t Add(absl::Span<const uint64_t> words, uint32_t value);

  PhraseMatcher Build() const;

 private:
  // False if two prefixes look alike in a table of that size.
  bool Fill(size_t slots, PhraseMatcher& matcher) const;

  absl::flat_hash_map<uint64_t, uint32_t> prefixes_;
  std::vector<uint64_t> first_words_;
  size_t phrase_count_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_LEXICON_PHRASE_MATCHER_H_
