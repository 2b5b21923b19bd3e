// Most words are of up to fifteen ASCII letters: they are looked at and folded
// at once, in a register (ScanAsciiWord). Longer ones are read eight letters at
// a time, and whatever has another byte goes through the table of code points,
// one at a time (ScanWord). Both make the same tokens.
#include "text/tokenizer.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "text/ascii_letters.h"
#include "text/code_points.h"
#include "text/fold.h"
#include "text/fold_hash.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

constexpr uint8_t kWordFlags =
    CodePoint::kLetter | CodePoint::kMark | CodePoint::kDigit;

// The local part of an e-mail address is at most this long; so looking back
// from an `@` costs a bounded time.
constexpr size_t kMaxLocalPart = 64;

// Tokens are made so many at a time and written in place.
constexpr size_t kSpareTokens = 64;

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// How many of the bytes have their high bit set; the others are 0.
uint32_t CountBytes(uint64_t high_bits) {
  return static_cast<uint32_t>((high_bits >> 7) * 0x0101010101010101u >> 56);
}

// The first `size` bytes of a word, at least one, with zeros above.
uint64_t FirstBytes(uint64_t word, uint32_t size) {
  return size >= 8 ? word : word & ((uint64_t{1} << (8 * size)) - 1);
}

// FoldedHash of each ASCII character by itself.
std::array<uint64_t, 128> HashAsciiCharacters() {
  std::array<uint64_t, 128> hashes;
  for (size_t c = 0; c < hashes.size(); ++c) {
    const char text = static_cast<char>(c);
    hashes[c] = FoldedHash(absl::string_view(&text, 1));
  }
  return hashes;
}

const std::array<uint64_t, 128>& AsciiHashes() {
  static const std::array<uint64_t, 128> hashes = HashAsciiCharacters();
  return hashes;
}

class Scanner {
 public:
  Scanner(absl::string_view text, Field field, std::vector<Token>& tokens)
      : text_(text),
        field_(field),
        tokens_(tokens),
        first_(tokens.size()),
        size_(tokens.size()) {}

  void Run() {
    size_t pos = 0;
    while (pos < text_.size()) pos = ScanOne(pos);
    tokens_.resize(size_);
  }

 private:
  struct Decoded {
    uint8_t flags;
    uint32_t size;
    char32_t value;
  };

  // Up to eight ASCII letters: their small forms, and the high bits of the
  // bytes that are capitals and small letters.
  struct LetterRun {
    uint32_t size = 0;
    uint64_t folded = 0;
    uint64_t upper = 0;
    uint64_t lower = 0;
    // A capital above the first small letter.
    bool HasInnerUpper() const {
      return lower != 0 && upper > (lower & -lower);
    }
  };

  // Those at `pos`, at most `limit` of them.
  LetterRun LettersAt(size_t pos, size_t limit) const {
    const uint64_t bytes = LoadBytes(text_.data() + pos, text_.size() - pos);
    const uint64_t folded = bytes | 0x2020202020202020u;
    const uint64_t letter =
        BytesBetween(folded & ~kHighBits, 'a', 'z') & ~bytes;
    const uint64_t rest = ~letter & kHighBits;
    LetterRun run;
    uint64_t within = ~uint64_t{0};
    run.size =
        rest == 0 ? 8 : static_cast<uint32_t>(std::countr_zero(rest)) / 8;
    if (run.size > limit) run.size = static_cast<uint32_t>(limit);
    if (run.size < 8) {
      within = (uint64_t{1} << (8 * run.size)) - 1;
    }
    run.folded = folded & within;
    run.upper = letter & within & ~(bytes << 2);
    run.lower = letter & within & (bytes << 2);
    return run;
  }

  Decoded At(size_t pos) const {
    const auto byte = static_cast<uint8_t>(text_[pos]);
    if (byte < 0x80) return {table_.ascii()[byte], 1, byte};
    const DecodedCodePoint c = DecodeUtf8(text_, pos);
    return {table_[c.value].flags, c.size, c.value};
  }

  // Scans one token, or white space; returns where the next begins.
  size_t ScanOne(size_t pos) {
    while (text_[pos] == ' ') {
      gap_ |= Token::kSpaceBefore;
      if (++pos == text_.size()) return pos;
    }
    const char first = text_[pos];
    if ((first | 0x20) >= 'a' && (first | 0x20) <= 'z') {
      if (const size_t end = ScanAsciiWord(pos); end > pos) return end;
    }
    const Decoded c = At(pos);
    if ((c.flags & CodePoint::kSpace) != 0) {
      gap_ |= Token::kSpaceBefore;
      if (c.value == '\n' || c.value == '\r' || c.value == 0x2028 ||
          c.value == 0x2029) {
        gap_ |= Token::kNewlineBefore;
      }
      return pos + c.size;
    }
    if ((c.flags & (CodePoint::kLetter | CodePoint::kDigit)) != 0) {
      return ScanWord(pos);
    }
    if ((c.flags & CodePoint::kMark) != 0) return pos + c.size;  // Stray.
    if (c.value == ':' && text_.substr(pos, 3) == "://" && EndsInWord(pos)) {
      return ScanUrl(Last().begin);
    }
    if (c.value == '@' && EndsInWord(pos)) {
      if (const size_t end = ScanEmail(pos); end > pos) return end;
    }
    const TokenKind kind = (c.flags & CodePoint::kSymbol) != 0
                               ? TokenKind::kSymbol
                               : TokenKind::kPunctuation;
    if (c.value < 0x80) {
      Add(pos, pos + 1, kind, 0, ascii_hashes_[c.value]);
    } else {
      Add(pos, pos + c.size, kind, 0);
    }
    return pos + c.size;
  }

  // A short word of ASCII letters, as most are; one stands at `begin`. Returns
  // `begin` if it is longer or goes on with something else.
  size_t ScanAsciiWord(const size_t begin) {
    const char* bytes = text_.data() + begin;
    std::array<char, kAsciiBlock> rest = {};
    if (text_.size() - begin < kAsciiBlock) {
      std::memcpy(rest.data(), bytes, text_.size() - begin);
      bytes = rest.data();
    }
    const AsciiLetters run = AsciiLettersAt(bytes);
    if (run.size == kAsciiBlock) return begin;
    const char next = bytes[run.size];
    if (static_cast<uint8_t>(next) >= 0x80 || IsAsciiDigit(next) ||
        (next == '.' && text_.substr(begin, 4) == "www.")) {
      return begin;
    }
    FoldHasher hasher;
    hasher.Add(FirstBytes(run.folded[0], run.size));
    if (run.size > 8) hasher.Add(FirstBytes(run.folded[1], run.size - 8));
    uint16_t flags = Token::kHasLetter;
    if (run.upper != 0) {
      if ((run.upper & 1) != 0) flags |= Token::kUpperFirst;
      if (run.HasInnerUpper()) flags |= Token::kInnerUpper;
      if (run.lower() == 0 && run.size >= 2) flags |= Token::kAllUpper;
    }
    Add(begin, begin + run.size, TokenKind::kWord, flags,
        hasher.Finish(run.size));
    return begin + run.size;
  }

  size_t ScanWord(const size_t begin) {
    if (text_[begin] == 'w' && text_.substr(begin, 4) == "www.") {
      return ScanUrl(begin);
    }
    size_t pos = begin;
    size_t end = begin;  // After the last letter or digit.
    uint32_t letters = 0;
    uint32_t capitals = 0;
    uint8_t seen = 0;
    uint16_t flags = 0;
    FoldingHasher hasher;
    while (pos < text_.size() && pos - begin < kMaxWordBytes) {
      const LetterRun run = LettersAt(pos, begin + kMaxWordBytes - pos);
      if (run.size > 0) {
        hasher.Append(run.folded, run.size);
        if (run.upper != 0) {
          if (letters == 0 && (run.upper & 0x80) != 0) {
            flags |= Token::kUpperFirst;
          }
          if ((seen & CodePoint::kLower) != 0 || run.HasInnerUpper()) {
            flags |= Token::kInnerUpper;
          }
          capitals += CountBytes(run.upper);
          seen |= CodePoint::kUpper;
        }
        if (run.lower != 0) seen |= CodePoint::kLower;
        letters += run.size;
        end = pos += run.size;
        continue;
      }
      const DecodedCodePoint c = DecodeUtf8(text_, pos);
      const CodePoint& entry = table_[c.value];
      if ((entry.flags & kWordFlags) == 0) break;
      hasher.Append(entry, c, text_.data() + pos);
      pos += c.size;
      // A joiner folds to nothing, and counts only if more of the word follows.
      if ((entry.flags & CodePoint::kMark) != 0 && c.value < 0x2070 &&
          (c.value == 0xAD || c.value >= 0x200C)) {
        continue;
      }
      end = pos;
      if ((entry.flags & CodePoint::kLetter) != 0) {
        if ((entry.flags & CodePoint::kUpper) != 0) {
          if (letters == 0) flags |= Token::kUpperFirst;
          if ((seen & CodePoint::kLower) != 0) flags |= Token::kInnerUpper;
          ++capitals;
        }
        ++letters;
      }
      seen |= entry.flags;
    }
    if (letters == 0) return ScanNumber(begin, end);
    flags |= Token::kHasLetter;
    if ((seen & CodePoint::kDigit) != 0) flags |= Token::kHasDigit;
    if ((seen & CodePoint::kNonLatin) != 0) flags |= Token::kNonLatin;
    if (letters >= 2 && capitals == letters) flags |= Token::kAllUpper;
    Add(begin, end, TokenKind::kWord, flags, hasher.Finish());
    return end;
  }

  // [begin, end) are digits; takes in the groups that follow. Letters right
  // after a later group are a word of their own.
  size_t ScanNumber(size_t begin, size_t end) {
    while (end < text_.size() && end - begin < kMaxWordBytes) {
      size_t separator = 0;
      const char c = text_[end];
      if (c == '.' || c == ',' || c == '\'') {
        separator = 1;
      } else if (text_.substr(end, 3) == "\xE2\x80\x99") {  // ’
        separator = 3;
      }
      size_t next = end + separator;
      if (separator == 0 || next >= text_.size() ||
          !IsAsciiDigit(text_[next])) {
        break;
      }
      while (next < text_.size() && IsAsciiDigit(text_[next]) &&
             next - begin < kMaxWordBytes) {
        ++next;
      }
      end = next;
    }
    Add(begin, end, TokenKind::kNumber, Token::kHasDigit);
    return end;
  }

  bool EndsInWord(size_t pos) const {
    return size_ > first_ && Last().end == pos &&
           (Last().kind == TokenKind::kWord ||
            Last().kind == TokenKind::kNumber);
  }

  // From `begin` to the next space or quote, without punctuation at the end.
  size_t ScanUrl(size_t begin) {
    size_t end = begin;
    while (end < text_.size()) {
      const Decoded c = At(end);
      if ((c.flags & CodePoint::kSpace) != 0 || c.value == '"' ||
          c.value == '<' || c.value == '>' || c.value == 0x201D ||
          c.value == 0x2019 || c.value == 0xBB) {
        break;
      }
      end += c.size;
    }
    while (end > begin + 1 &&
           absl::string_view(".,;:!?)]}'*_").find(text_[end - 1]) !=
               absl::string_view::npos) {
      --end;
    }
    ReplaceFrom(begin, end);
    return end;
  }

  // `at` is the place of an `@` after a word. Returns `at` if what stands
  // around it is not an e-mail address.
  size_t ScanEmail(size_t at) {
    size_t end = at + 1;
    size_t last_dot = 0;
    while (end < text_.size()) {
      const char c = text_[end];
      if (c == '.') {
        last_dot = end;
      } else if (c != '-' && (static_cast<uint8_t>(c) >= 0x80 ||
                              (At(end).flags & kWordFlags) == 0)) {
        break;
      }
      if (++end - at > 255) return at;
    }
    if (end > 0 && text_[end - 1] == '.') {  // Ends the sentence.
      --end;
      last_dot = text_.substr(0, end).rfind('.');
      if (last_dot == absl::string_view::npos) last_dot = 0;
    }
    if (last_dot <= at + 1 || last_dot + 2 >= end) return at;
    size_t begin = Last().begin;
    for (size_t i = size_ - 1; i > first_; --i) {
      const Token& before = tokens_[i - 1];
      const char c = text_[before.begin];
      const bool joins = before.kind == TokenKind::kWord ||
                         before.kind == TokenKind::kNumber || c == '.' ||
                         c == '-' || c == '_' || c == '+';
      if (before.end != begin || !joins || at - before.begin > kMaxLocalPart) {
        break;
      }
      begin = before.begin;
    }
    ReplaceFrom(begin, end);
    return end;
  }

  // Makes one address of [begin, end), in place of the tokens from `begin` on.
  void ReplaceFrom(size_t begin, size_t end) {
    while (size_ > first_ && Last().begin >= begin) {
      gap_ = Last().flags & (Token::kSpaceBefore | Token::kNewlineBefore);
      --size_;
    }
    Add(begin, end, TokenKind::kAddress, 0);
  }

  void Add(size_t begin, size_t end, TokenKind kind, uint16_t flags) {
    Add(begin, end, kind, flags, FoldedHash(text_.substr(begin, end - begin)));
  }

  [[gnu::always_inline]] void Add(size_t begin, size_t end, TokenKind kind,
                                  uint16_t flags, uint64_t folded) {
    if (size_ == tokens_.size()) tokens_.resize(size_ + kSpareTokens);
    Token& token = tokens_[size_++];
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(end);
    token.folded = folded;
    token.field = field_;
    token.kind = kind;
    token.flags = static_cast<uint16_t>(flags | gap_);
    gap_ = 0;
  }

  const Token& Last() const { return tokens_[size_ - 1]; }

  const CodePointTable& table_ = CodePointTable::Get();
  const std::array<uint64_t, 128>& ascii_hashes_ = AsciiHashes();
  const absl::string_view text_;
  const Field field_;
  std::vector<Token>& tokens_;
  const size_t first_;  // Of this field.
  // Tokens there are; those of tokens_ after them wait to be written.
  size_t size_;
  // Flags of the space since the last token.
  uint16_t gap_ = Token::kSpaceBefore | Token::kNewlineBefore;
};

}  // namespace

void Tokenize(absl::string_view text, Field field, std::vector<Token>& tokens) {
  Scanner(text, field, tokens).Run();
}

std::vector<uint64_t> PhraseHashes(absl::string_view phrase) {
  std::vector<Token> tokens;
  Tokenize(phrase, Field::kBody, tokens);
  std::vector<uint64_t> hashes;
  hashes.reserve(tokens.size());
  for (const Token& token : tokens) hashes.push_back(token.folded);
  return hashes;
}

}  // namespace tocsin
