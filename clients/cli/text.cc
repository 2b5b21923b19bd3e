#include "cli/text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "cli/amount_text.h"

namespace tocsin::cli {
namespace {

constexpr absl::string_view kEllipsis = "…";

// Reads the character at `i` and moves `i` past it.
UChar32 Next(absl::string_view text, int32_t& i) {
  UChar32 c;
  U8_NEXT_OR_FFFD(reinterpret_cast<const uint8_t*>(text.data()), i,
                  static_cast<int32_t>(text.size()), c);
  return c;
}

void Append(std::string& out, UChar32 c) {
  char bytes[U8_MAX_LENGTH];
  int32_t n = 0;
  U8_APPEND_UNSAFE(reinterpret_cast<uint8_t*>(bytes), n, c);
  out.append(bytes, static_cast<size_t>(n));
}

// The end of the colour sequence that begins at `i`, or `i` if there is none.
size_t SkipColour(absl::string_view text, size_t i) {
  if (text.substr(i, 2) != "\x1b[") return i;
  const size_t end = text.find('m', i);
  return end == absl::string_view::npos ? i : end + 1;
}

int CharWidth(UChar32 c) {
  if (c >= 0x20 && c < 0x7F) return 1;
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return 0;
    default:
      break;
  }
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

// Whether a terminal would obey the character instead of showing it.
bool Steers(UChar32 c) {
  return u_charType(c) == U_CONTROL_CHAR || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string Clean(absl::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) {
    const UChar32 c = Next(text, i);
    if (keep_lines && (c == '\n' || c == '\t')) {
      out += c == '\n' ? '\n' : ' ';
    } else if (!keep_lines && u_isUWhiteSpace(c)) {
      if (!space) out += ' ';
      space = true;
      continue;
    } else if (!Steers(c)) {
      Append(out, c);
    }
    space = false;
  }
  return out;
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) {
    const size_t skipped = SkipColour(text, static_cast<size_t>(i));
    if (skipped != static_cast<size_t>(i)) {
      i = static_cast<int32_t>(skipped);
      continue;
    }
    width += CharWidth(Next(text, i));
  }
  return width;
}

std::string Printable(absl::string_view text) { return Clean(text, false); }
std::string PrintableLines(absl::string_view text) { return Clean(text, true); }

std::string Truncate(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width <= 0) return "";
  std::string out;
  bool coloured = false;
  int used = 0;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) {
    const size_t begin = static_cast<size_t>(i);
    const size_t skipped = SkipColour(text, begin);
    if (skipped != begin) {
      out.append(text.substr(begin, skipped - begin).data(), skipped - begin);
      coloured = true;
      i = static_cast<int32_t>(skipped);
      continue;
    }
    used += CharWidth(Next(text, i));
    if (used > width - 1) break;
    out.append(text.data() + begin, static_cast<size_t>(i) - begin);
  }
  absl::StrAppend(&out, kEllipsis, coloured ? "\x1b[0m" : "");
  return out;
}

std::string PadRight(absl::string_view text, int width) {
  const int gap = std::max(0, width - DisplayWidth(text));
  return absl::StrCat(text, std::string(static_cast<size_t>(gap), ' '));
}

std::string PadLeft(absl::string_view text, int width) {
  const int gap = std::max(0, width - DisplayWidth(text));
  return absl::StrCat(std::string(static_cast<size_t>(gap), ' '), text);
}

std::vector<std::string> Wrap(absl::string_view text, int width) {
  if (width <= 0) return {std::string(text)};
  std::vector<std::string> lines;
  std::string line;
  int used = 0;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const int need = DisplayWidth(word);
    if (!line.empty() && used + 1 + need > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    if (!line.empty()) {
      line += ' ';
      ++used;
    }
    absl::StrAppend(&line, word);
    used += need;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string Indented(absl::string_view text, int indent, int width) {
  std::string out;
  const std::string margin(static_cast<size_t>(indent), ' ');
  // A very narrow terminal gets long lines rather than one word a line.
  const int room = width > indent + 20 ? width - indent : 0;
  for (const std::string& line : Wrap(text, room)) {
    absl::StrAppend(&out, margin, line, "\n");
  }
  return out;
}

std::string Counted(int64_t n, absl::string_view one, absl::string_view many) {
  return absl::StrCat(Grouped(static_cast<double>(n)), " ",
                      n == 1 ? one : many);
}

std::string ByteText(int64_t bytes) {
  const char* const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  size_t unit = 0;
  while (size >= 1024 && unit < 4) {
    size /= 1024;
    ++unit;
  }
  return absl::StrFormat(unit == 0 || size >= 100 ? "%.0f %s" : "%.1f %s", size,
                         units[unit]);
}

}  // namespace tocsin::cli
