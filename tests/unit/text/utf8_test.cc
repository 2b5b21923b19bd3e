#include "text/utf8.h"

#include <gtest/gtest.h>
#include <unicode/utf8.h>

#include "random_text.h"

namespace tocsin {
namespace {

// ICU's macro is not written with our warnings in mind.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
UChar32 IcuNext(const std::string& text, int32_t& pos) {
  UChar32 c;
  U8_NEXT(text.data(), pos, static_cast<int32_t>(text.size()), c);
  return c;
}
#pragma GCC diagnostic pop

TEST(Utf8, FindsTheFirstBadByte) {
  const struct {
    absl::string_view text;
    size_t bad;
  } kCases[] = {
      {"", absl::string_view::npos},
      {"plain text, longer than eight bytes", absl::string_view::npos},
      {"å €\xF0\x9F\x98\x80", absl::string_view::npos},
      {"abc\xFF", 3},
      {"\x80", 0},
      {"twelve bytes\xC3", 12},              // Cut off.
      {"\xC0\xAF", 0},                       // Overlong.
      {"\xE0\x80\xAF", 0},                   // Overlong.
      {"a\xED\xA0\x80", 1},                  // Surrogate.
      {"\xF4\x90\x80\x80", 0},               // Beyond Unicode.
      {"\xF0\x9F\x98", 0},                   // Cut off.
      {"eight888\xE2\x82\xAC\xE2\x82", 11},  // Cut off after a good one.
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(FindInvalidUtf8(c.text), c.bad) << c.text;
  }
}

TEST(Utf8, AgreesWithIcuOnRandomBytes) {
  std::mt19937 random(1);
  const std::vector<absl::string_view> pieces = {
      "a",    "bcdefghi", "\xC3\xA5", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
      "\xC3", "\xE2",     "\x82",     "\xED\xA0\x80", "\xF0",
      "\x9F"};
  for (int round = 0; round < 20000; ++round) {
    const std::string text =
        round % 2 == 0 ? RandomBytes(5, random) : RandomText(pieces, 6, random);
    int32_t pos = 0;
    size_t bad = absl::string_view::npos;
    while (pos < static_cast<int32_t>(text.size())) {
      const int32_t begin = pos;
      const UChar32 c = IcuNext(text, pos);
      if (c < 0) {
        bad = static_cast<size_t>(begin);
        break;
      }
      const DecodedCodePoint decoded =
          DecodeUtf8(text, static_cast<size_t>(begin));
      ASSERT_EQ(decoded.value, static_cast<char32_t>(c));
      ASSERT_EQ(decoded.size, static_cast<uint32_t>(pos - begin));
    }
    ASSERT_EQ(FindInvalidUtf8(text), bad) << testing::PrintToString(text);
  }
}

TEST(Utf8, EncodesWhatItDecodes) {
  for (char32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    AppendUtf8(c, text);
    const DecodedCodePoint decoded = DecodeUtf8(text, 0);
    ASSERT_EQ(decoded.value, c);
    ASSERT_EQ(decoded.size, text.size());
  }
}

TEST(Utf8, TruncatesBetweenCodePoints) {
  EXPECT_EQ(TruncateUtf8("aå€", 10), "aå€");
  EXPECT_EQ(TruncateUtf8("aå€", 5), "aå");
  EXPECT_EQ(TruncateUtf8("aå€", 2), "a");
  EXPECT_EQ(TruncateUtf8("€", 2), "");
}

}  // namespace
}  // namespace tocsin
