#include "detect/anchors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Builds an analysis a mention at a time: capital letters are organisations,
// small letters places, `$` is an amount; each takes one byte of text. `|`
// begins a new sentence.
Analysis Of(absl::string_view text) {
  Analysis analysis;
  uint32_t sentence = 0;
  for (uint32_t pos = 0; pos < text.size(); ++pos) {
    const char c = text[pos];
    if (c == '|') sentence = pos + 1;
    if (c == '|' || c == ' ') continue;
    Mention mention;
    mention.span = {Field::kBody, pos, pos + 1};
    mention.sentence_begin = sentence;
    if (c == '$') {
      mention.amount = static_cast<int>(analysis.amounts.size());
      analysis.amounts.emplace_back();
    } else {
      const std::string key(1, c);
      size_t i = 0;
      while (i < analysis.entities.size() && analysis.entities[i].key != key) {
        ++i;
      }
      if (i == analysis.entities.size()) {
        analysis.entities.emplace_back();
        analysis.entities[i].key = key;
        analysis.entities[i].type =
            c >= 'a' ? EntityType::kPlace : EntityType::kOrganization;
      }
      ++analysis.entities[i].mention_count;
      mention.entity = static_cast<int>(i);
    }
    analysis.mentions.push_back(mention);
  }
  LinkAmounts(analysis);
  return analysis;
}

std::string AnchorOf(const Analysis& analysis, size_t amount) {
  const int anchor = analysis.amounts[amount].anchor;
  return anchor < 0 ? "-" : analysis.entities[static_cast<size_t>(anchor)].key;
}

TEST(Anchors, NearestInTheSentenceElseTheMainEntity) {
  const struct {
    absl::string_view text;
    absl::string_view anchors;
  } kCases[] = {
      {"A $  B", "A"},                       // The nearest.
      {"A  $ B", "B"},      {"A $ B", "A"},  // The first of two.
      {"A | $ | B B", "B"},  // None in the sentence: the most mentioned.
      {"A B | $", "A"},      // The earlier of two.
      {"A  $ b", "A"},       // Not a place, where there is something else.
      {"$ b | A A", "b"},    // A place of the sentence comes before others.
      {"b | $", "b"},       {"$", "-"},     {"A $ | $ B", "AB"},
  };
  for (const auto& c : kCases) {
    const Analysis analysis = Of(c.text);
    std::string anchors;
    for (size_t i = 0; i < analysis.amounts.size(); ++i) {
      anchors += AnchorOf(analysis, i);
    }
    EXPECT_EQ(anchors, c.anchors) << c.text;
  }
}

TEST(Anchors, LinksAreTheSentenceAndTheMainEntities) {
  EXPECT_THAT(Of("A b $ | C").amounts[0].linked, ElementsAre(0, 1, 2));
  EXPECT_THAT(Of("b | A $").amounts[0].linked, ElementsAre(1));
  EXPECT_THAT(Of("b | c $").amounts[0].linked, ElementsAre(0, 1));
  EXPECT_THAT(Of("$").amounts[0].linked, IsEmpty());
  // Six of the eight most mentioned, and the one beside it.
  EXPECT_THAT(Of("B B C C D D E E F F G G | $ A").amounts[0].linked,
              ElementsAre(0, 1, 2, 3, 4, 5, 6));
  EXPECT_THAT(Of("A B B C C D D E E F F G G | $").amounts[0].linked,
              ElementsAre(1, 2, 3, 4, 5, 6));
}

}  // namespace
}  // namespace tocsin
