#include "text/code_points.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

// Diacritics: what folding drops, wherever it stands. Marks of one script,
// such as Indic vowel signs, are letters to their readers and stay.
bool IsDiacritic(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
         (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xFE20 && c <= 0xFE2F);
}

bool IsJoiner(char32_t c) {
  return c == 0xAD || c == 0x200C || c == 0x200D || c == 0x2060;
}

// Letters that do not decompose but are written with others where a keyboard
// lacks them, and the variants of two punctuation marks.
absl::string_view Transliteration(char32_t c) {
  switch (c) {
    case 0xDF:
    case 0x1E9E:
      return "ss";
    case 0xE6:
    case 0xC6:
      return "ae";
    case 0x153:
    case 0x152:
      return "oe";
    case 0xF8:
    case 0xD8:
      return "o";
    case 0x111:
    case 0x110:
    case 0xF0:
    case 0xD0:
      return "d";
    case 0xFE:
    case 0xDE:
      return "th";
    case 0x142:
    case 0x141:
      return "l";
    case 0x127:
    case 0x126:
      return "h";
    case 0x131:
    case 0x130:
      return "i";
    case 0x138:
      return "k";
    case 0x14B:
    case 0x14A:
      return "n";
    case 0x167:
    case 0x166:
      return "t";
    case 0x2018:
    case 0x2019:
    case 0x2BB:
    case 0x2BC:
    case 0xB4:
    case 0x2B9:
      return "'";
    case 0x2010:
    case 0x2011:
      return "-";
    default:
      return {};
  }
}

uint8_t FlagsOf(UChar32 c) {
  if (IsJoiner(static_cast<char32_t>(c))) return CodePoint::kMark;
  if (u_isUWhiteSpace(c)) return CodePoint::kSpace;
  const uint32_t type = U_GET_GC_MASK(c);
  if ((type & U_GC_L_MASK) != 0) {
    uint32_t flags = CodePoint::kLetter;
    if ((type & (U_GC_LU_MASK | U_GC_LT_MASK)) != 0) flags |= CodePoint::kUpper;
    if ((type & U_GC_LL_MASK) != 0) flags |= CodePoint::kLower;
    UErrorCode error = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &error);
    if (script != USCRIPT_LATIN && script != USCRIPT_COMMON &&
        script != USCRIPT_INHERITED) {
      flags |= CodePoint::kNonLatin;
    }
    return static_cast<uint8_t>(flags);
  }
  if ((type & U_GC_M_MASK) != 0) return CodePoint::kMark;
  if ((type & U_GC_ND_MASK) != 0) return CodePoint::kDigit;
  if ((type & U_GC_S_MASK) != 0) return CodePoint::kSymbol;
  if ((type & U_GC_NO_MASK) != 0) return CodePoint::kSymbol;
  if ((type & U_GC_NL_MASK) != 0) return CodePoint::kLetter;
  if ((type & (U_GC_CC_MASK | U_GC_CF_MASK)) != 0) return CodePoint::kSpace;
  return 0;
}

// Compatibility decomposition without diacritics, case-folded.
std::string FoldOf(UChar32 c, const icu::Normalizer2& nfkd) {
  if (const auto t = Transliteration(static_cast<char32_t>(c)); !t.empty()) {
    return std::string(t);
  }
  icu::UnicodeString text(c);
  icu::UnicodeString decomposition;
  if (nfkd.getDecomposition(c, decomposition)) {
    icu::UnicodeString kept;
    bool stripped = false;
    for (int32_t i = 0; i < decomposition.length();
         i = decomposition.moveIndex32(i, 1)) {
      const UChar32 part = decomposition.char32At(i);
      if (IsDiacritic(static_cast<char32_t>(part))) {
        stripped = true;
      } else {
        kept.append(part);
      }
    }
    // A decomposition without a diacritic may be of another kind (Hangul,
    // kana with a voicing mark); only letters with case are taken apart.
    if (stripped || u_hasBinaryProperty(c, UCHAR_CASED)) text = kept;
  }
  text.foldCase();
  std::string out;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const auto part = static_cast<char32_t>(text.char32At(i));
    const absl::string_view t = Transliteration(part);
    if (!t.empty()) {
      out.append(t.data(), t.size());
    } else if (!IsDiacritic(part)) {
      AppendUtf8(part, out);
    }
  }
  return out;
}

CodePoint Describe(UChar32 c, const icu::Normalizer2& nfkd) {
  CodePoint entry;
  entry.flags = FlagsOf(c);
  std::string self;
  AppendUtf8(static_cast<char32_t>(c), self);
  std::string fold = self;
  if (IsJoiner(static_cast<char32_t>(c)) ||
      IsDiacritic(static_cast<char32_t>(c))) {
    fold.clear();
  } else if (entry.Has(CodePoint::kDigit)) {
    fold = std::to_string(u_charDigitValue(c));
  } else if (entry.Has(CodePoint::kLetter) ||
             !Transliteration(static_cast<char32_t>(c)).empty()) {
    fold = FoldOf(c, nfkd);
  }
  if (fold != self && fold.size() <= entry.fold.size()) {
    entry.fold_size = static_cast<uint8_t>(fold.size());
    std::copy(fold.begin(), fold.end(), entry.fold.begin());
  }
  return entry;
}

}  // namespace

const CodePointTable& CodePointTable::Get() {
  static const CodePointTable& table = *new CodePointTable();
  return table;
}

CodePointTable::CodePointTable() {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2& nfkd = *icu::Normalizer2::getNFKDInstance(error);
  std::vector<CodePoint> block(kBlockSize);
  for (uint32_t b = 0; b < block_of_.size(); ++b) {
    for (uint32_t i = 0; i < kBlockSize; ++i) {
      block[i] = Describe(static_cast<UChar32>(b * kBlockSize + i), nfkd);
    }
    // Most of Unicode repeats the block before: ideographs, syllables, unused.
    if (b > 0 &&
        std::equal(block.begin(), block.end(), entries_.end() - kBlockSize)) {
      block_of_[b] = static_cast<uint32_t>(entries_.size()) - kBlockSize;
      continue;
    }
    block_of_[b] = static_cast<uint32_t>(entries_.size());
    entries_.insert(entries_.end(), block.begin(), block.end());
  }
  for (char32_t c = 0; c < ascii_.size(); ++c) ascii_[c] = (*this)[c].flags;
}

}  // namespace tocsin
