// The hash reads eight folded bytes at a time. ASCII text is folded in the
// register; anything else goes through a small buffer on the stack, so both
// ways hash the same sequence of folded bytes.
#include "text/fold.h"

#include <bit>
#include <cstring>

#include "text/code_points.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

constexpr size_t kMaxKeyBytes = 200;
constexpr uint64_t kHighBits = 0x8080808080808080u;

static_assert(std::endian::native == std::endian::little,
              "stored hashes assume little-endian loads");

uint64_t Load(const char* p, size_t size) {
  uint64_t word = 0;
  if (size >= 8) {
    std::memcpy(&word, p, 8);
  } else if (size >= 4) {
    uint32_t low, high;
    std::memcpy(&low, p, 4);
    std::memcpy(&high, p + size - 4, 4);
    word = low | static_cast<uint64_t>(high) << (8 * (size - 4));
  } else if (size > 0) {
    word = static_cast<uint8_t>(p[0]);
    word |= static_cast<uint64_t>(static_cast<uint8_t>(p[size / 2]))
            << (8 * (size / 2));
    word |= static_cast<uint64_t>(static_cast<uint8_t>(p[size - 1]))
            << (8 * (size - 1));
  }
  return word;
}

// A-Z to a-z in eight ASCII bytes at once.
uint64_t LowerAscii(uint64_t word) {
  const uint64_t above_at = word + 0x3F3F3F3F3F3F3F3Fu;  // High bit: >= 'A'.
  const uint64_t above_z = word + 0x2525252525252525u;   // High bit: > 'Z'.
  const uint64_t upper = (above_at & ~above_z) & kHighBits;
  return word | upper >> 2;
}

class Hasher {
 public:
  void Add(uint64_t word) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(state_ ^ word) * kMultiplier;
    state_ = static_cast<uint64_t>(product) ^
             static_cast<uint64_t>(product >> 64) ^ kSeed;
  }
  uint64_t Finish(uint64_t size) {
    Add(size ^ 0xA0761D6478BD642Fu);
    return state_ == 0 ? 1 : state_;
  }

 private:
  static constexpr uint64_t kSeed = 0x9E3779B97F4A7C15u;
  static constexpr uint64_t kMultiplier = 0xE7037ED1A0B428DBu;
  uint64_t state_ = kSeed;
};

uint64_t HashBytes(absl::string_view text) {
  Hasher hasher;
  for (size_t pos = 0; pos < text.size(); pos += 8) {
    hasher.Add(Load(text.data() + pos, text.size() - pos));
  }
  return hasher.Finish(text.size());
}

// Collects folded bytes and hands them on, eight at a time.
class FoldingHasher {
 public:
  void Append(const char* data, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      word_ |= static_cast<uint64_t>(static_cast<uint8_t>(data[i]))
               << (8 * (size_ % 8));
      if (++size_ % 8 == 0) {
        hasher_.Add(word_);
        word_ = 0;
      }
    }
  }
  uint64_t Finish() {
    if (size_ % 8 != 0) hasher_.Add(word_);
    return hasher_.Finish(size_);
  }

 private:
  Hasher hasher_;
  uint64_t word_ = 0;
  uint64_t size_ = 0;
};

uint64_t FoldedHashSlow(absl::string_view text) {
  const CodePointTable& table = CodePointTable::Get();
  FoldingHasher hasher;
  for (size_t pos = 0; pos < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    const CodePoint& entry = table[c.value];
    if (entry.fold_size != CodePoint::kItself) {
      hasher.Append(entry.fold.data(), entry.fold_size);
    } else if (c.value == 0xFFFD) {
      hasher.Append("\xEF\xBF\xBD", 3);
    } else {
      hasher.Append(text.data() + pos, c.size);
    }
    pos += c.size;
  }
  return hasher.Finish();
}

}  // namespace

uint64_t FoldedHash(absl::string_view text) {
  Hasher hasher;
  for (size_t pos = 0; pos < text.size(); pos += 8) {
    const uint64_t word = Load(text.data() + pos, text.size() - pos);
    if ((word & kHighBits) != 0) return FoldedHashSlow(text);
    hasher.Add(LowerAscii(word));
  }
  return hasher.Finish(text.size());
}

uint64_t ExactHash(absl::string_view text) { return HashBytes(text); }

std::string FoldText(absl::string_view text) {
  const CodePointTable& table = CodePointTable::Get();
  std::string out;
  out.reserve(text.size());
  for (size_t pos = 0; pos < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    const CodePoint& entry = table[c.value];
    if (entry.fold_size != CodePoint::kItself) {
      out.append(entry.fold.data(), entry.fold_size);
    } else {
      AppendUtf8(c.value, out);
    }
    pos += c.size;
  }
  return out;
}

std::string Fold(absl::string_view text) {
  const CodePointTable& table = CodePointTable::Get();
  std::string out;
  bool gap = false;
  for (size_t pos = 0; pos < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    const CodePoint& entry = table[c.value];
    pos += c.size;
    if (!entry.Has(CodePoint::kLetter | CodePoint::kMark | CodePoint::kDigit)) {
      gap = true;
      continue;
    }
    std::string folded;
    if (entry.fold_size != CodePoint::kItself) {
      folded.assign(entry.fold.data(), entry.fold_size);
    } else {
      AppendUtf8(c.value, folded);
    }
    if (folded.empty()) continue;
    const bool hyphen = gap && !out.empty();
    if (out.size() + folded.size() + hyphen > kMaxKeyBytes) break;
    if (hyphen) out.push_back('-');
    gap = false;
    out += folded;
  }
  return out;
}

}  // namespace tocsin
