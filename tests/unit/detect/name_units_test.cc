#include "detect/name_units.h"

#include <gtest/gtest.h>

#include <string>

#include "small_lexicon.h"

namespace tocsin {
namespace {

std::string TextOf(const Document& document, uint32_t first, uint32_t last) {
  if (first == last) return "";
  const Token& begin = document.tokens[first];
  return std::string(
      document.Text(begin.field)
          .substr(begin.begin, document.tokens[last - 1].end - begin.begin));
}

TEST(NameUnits, TakesWhatHangsOnAWord) {
  struct Case {
    const char* text;
    const char* name;
    const char* mark;  // After the name.
    const char* tail;  // After the name, where there is no mark.
  };
  const Case kCases[] = {
      {"Berg spoke", "Berg", "", ""},
      {"OpenAI-topman spoke", "OpenAI", "", "-topman"},
      {"OpenAI-top-man spoke", "OpenAI", "", "-top-man"},
      {"Schmidt-Nielsen spoke", "Schmidt-Nielsen", "", ""},
      {"Apple's profit", "Apple", "'s", ""},
      {"Apple’s profit", "Apple", "’s", ""},
      {"BBC:s chef", "BBC", ":s", ""},
      {"Philips’ profit", "Philips", "’", ""},
      {"O'Brien spoke", "O'Brien", "", ""},
      {"AT&T paid", "AT&T", "", ""},
      {"U.S. troops", "U.S.", "", ""},
      {"J.K. Rowling", "J.K.", "", ""},
      {"A. Berg", "A", "", ""},
      {"AC/DC played", "AC/DC", "", ""},
      {"Berlin/Hamburg", "Berlin", "", ""},
      {"DeepSeek-R1 is new", "DeepSeek-R1", "", ""},
      {"Boeing-737 crashed", "Boeing-737", "", ""},
      {"Berg- and", "Berg", "", ""},
      {"Berg", "Berg", "", ""},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.text);
    const auto parsed = TheSmallLexicon().Parse(c.text);
    const Document& document = parsed->document;
    NameText text(document, TheSmallLexicon().words());
    const NameUnit unit =
        ReadNameUnit(text, 0, static_cast<uint32_t>(document.tokens.size()));
    EXPECT_EQ(TextOf(document, unit.first, unit.name_last), c.name);
    EXPECT_EQ(TextOf(document, unit.name_last, unit.mark_last), c.mark);
    EXPECT_EQ(unit.has_mark(), c.mark[0] != '\0');
    EXPECT_EQ(TextOf(document, unit.mark_last, unit.last), c.tail);
    EXPECT_EQ(unit.has_tail, c.tail[0] != '\0');
    EXPECT_FALSE(unit.match);  // Lists are not looked at.
  }
}

TEST(NameUnits, EndsBeforeTheEnd) {
  const auto parsed = TheSmallLexicon().Parse("Schmidt-Nielsen spoke");
  NameText text(parsed->document, TheSmallLexicon().words());
  EXPECT_EQ(ReadNameUnit(text, 0, 1).last, 1u);
  EXPECT_EQ(ReadNameUnit(text, 0, 2).last, 1u);
  EXPECT_EQ(ReadNameUnit(text, 0, 3).last, 3u);
}

TEST(NameUnits, KnowsWhatItsWordsSay) {
  const struct {
    const char* text;
    uint32_t has;
    uint32_t lacks;
  } kCases[] = {
      {"Anna", NameWords::kGiven | NameWords::kPerson, NameWords::kCommon},
      {"Court", NameWords::kOrgHead | NameWords::kCommon, NameWords::kPerson},
      {"Veldrix", 0, NameWords::kCommon | NameWords::kPerson},
      {"Lindt-Berg", NameWords::kPerson, NameWords::kGiven},
  };
  for (const auto& c : kCases) {
    const auto parsed = TheSmallLexicon().Parse(c.text);
    NameText text(parsed->document, TheSmallLexicon().words());
    const NameUnit unit = ReadNameUnit(
        text, 0, static_cast<uint32_t>(parsed->document.tokens.size()));
    EXPECT_EQ(unit.facts & c.has, c.has) << c.text;
    EXPECT_EQ(unit.facts & c.lacks, 0u) << c.text;
  }
}

}  // namespace
}  // namespace tocsin
