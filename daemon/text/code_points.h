// What the tokenizer and folding need to know of a code point, in one table.
//
// The table is filled from ICU at first use (some milliseconds) and never
// changes: ICU itself is not on the hot path. Thread-safe.
#ifndef TOCSIN_TEXT_CODE_POINTS_H_
#define TOCSIN_TEXT_CODE_POINTS_H_

#include <array>
#include <cstdint>
#include <vector>

namespace tocsin {

struct CodePoint {
  enum Flag : uint8_t {
    kLetter = 1 << 0,
    kUpper = 1 << 1,
    kLower = 1 << 2,
    kMark = 1 << 3,  // Combining, or a joiner that stands within a word.
    kDigit = 1 << 4,
    kSpace = 1 << 5,     // White space and control characters.
    kSymbol = 1 << 6,    // Currency, mathematical and other symbols.
    kNonLatin = 1 << 7,  // A letter of another script.
  };
  static constexpr uint8_t kItself = 0xFF;

  uint8_t flags = 0;              // None: punctuation.
  uint8_t fold_size = kItself;    // Bytes of `fold`; kItself: folds to itself.
  std::array<char, 6> fold = {};  // UTF-8.

  bool Has(uint8_t any_of) const { return (flags & any_of) != 0; }
  friend bool operator==(const CodePoint&, const CodePoint&) = default;
};

class CodePointTable {
 public:
  static const CodePointTable& Get();

  // Any value; those beyond Unicode are punctuation.
  const CodePoint& operator[](char32_t c) const {
    if (c > 0x10FFFF) c = 0x10FFFF;
    return entries_[block_of_[c >> kBlockBits] + (c & (kBlockSize - 1))];
  }
  // Flags of the ASCII characters, for the fast path.
  const std::array<uint8_t, 128>& ascii() const { return ascii_; }

 private:
  static constexpr int kBlockBits = 7;
  static constexpr uint32_t kBlockSize = 1 << kBlockBits;

  CodePointTable();

  std::array<uint32_t, (0x110000 >> kBlockBits)> block_of_;  // Into entries_.
  std::vector<CodePoint> entries_;  // Equal blocks stand once.
  std::array<uint8_t, 128> ascii_;
};

}  // namespace tocsin

#endif  // TOCSIN_TEXT_CODE_POINTS_H_
