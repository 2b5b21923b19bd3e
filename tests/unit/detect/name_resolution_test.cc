#include "detect/name_resolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "small_lexicon.h"

namespace tocsin {
namespace {

using testing::ElementsAreArray;

// A candidate of the test's own, by its words.
struct Seen {
  const char* text;
  EntityType type = EntityType::kUnspecified;
  int points = 0;
  int belief = 0;
};

uint32_t WordCount(absl::string_view text) {
  uint32_t words = 1;
  for (char c : text) words += c == ' ';
  return words;
}

// Each is found behind the one before it.
std::vector<NameCandidate> Candidates(const Document& document,
                                      const std::vector<Seen>& seen) {
  std::vector<NameCandidate> candidates;
  size_t from = 0;
  for (const Seen& s : seen) {
    const size_t begin = document.Text(Field::kBody).find(s.text, from);
    const size_t end = begin + absl::string_view(s.text).size();
    from = end;
    NameCandidate c;
    c.begin = static_cast<uint32_t>(begin);
    c.end = c.base_end = static_cast<uint32_t>(end);
    while (document.tokens[c.first].begin < begin) ++c.first;
    c.last = c.first;
    while (c.last < document.tokens.size() &&
           document.tokens[c.last].begin < end) {
      ++c.last;
    }
    c.words = WordCount(s.text);
    c.belief = s.belief;
    Points(c, s.type) = s.points;
    candidates.push_back(c);
  }
  return candidates;
}

NamesFound Resolve(const Document& document, const std::vector<Seen>& seen,
                   const std::vector<uint32_t>& passed = {}) {
  return ResolveNames(document, TheSmallLexicon().words(),
                      TheSmallLexicon().lists(), Candidates(document, seen),
                      passed);
}

// Of the mentions, in order.
std::vector<std::string> Keys(const NamesFound& found) {
  std::vector<std::string> keys;
  for (const NameMention& m : found.mentions) {
    keys.push_back(found.entities[static_cast<size_t>(m.entity)].key);
  }
  return keys;
}

constexpr EntityType kPerson = EntityType::kPerson;
constexpr EntityType kOrganization = EntityType::kOrganization;

TEST(NameResolution, OneThingHasOneKeyInAnArticle) {
  const struct {
    const char* text;
    std::vector<Seen> seen;
    std::vector<std::string> keys;
  } kCases[] = {
      {"Anna Berg came. Berg left.",
       {{"Anna Berg", kPerson, 5, 5}, {"Berg", kPerson, 4, 4}},
       {"anna-berg", "anna-berg"}},
      {"Berg came. Anna Berg left.",
       {{"Berg", kPerson, 4, 4}, {"Anna Berg", kPerson, 5, 5}},
       {"anna-berg", "anna-berg"}},
      {"Anna Berg came. Anna left.",
       {{"Anna Berg", kPerson, 5, 5}, {"Anna", kPerson, 5, 4}},
       {"anna-berg", "anna-berg"}},
      {"Veldrix paid. VELDRIX left.",
       {{"Veldrix", kOrganization, 5, 4}, {"VELDRIX", kOrganization, 5, 4}},
       {"veldrix", "veldrix"}},
      {"The Green Foundation and Green Foundation paid.",
       {{"The Green Foundation", kOrganization, 6, 5},
        {"Green Foundation", kOrganization, 6, 5}},
       {"green-foundation", "green-foundation"}},
      {"Wise Council (WC) met.",
       {{"Wise Council", kOrganization, 6, 5}, {"WC", kOrganization, 3, 4}},
       {"wise-council", "wise-council"}},
      {"Sam Altmann came.", {{"Sam Altmann", kPerson, 5, 5}}, {"sam-altman"}},
  };
  for (const auto& c : kCases) {
    const auto parsed = TheSmallLexicon().Parse(c.text);
    EXPECT_THAT(Keys(Resolve(parsed->document, c.seen)),
                ElementsAreArray(c.keys))
        << c.text;
  }
}

TEST(NameResolution, DropsWhatNothingSpeaksFor) {
  const auto parsed = TheSmallLexicon().Parse("Veldrix paid Orban twice.");
  EXPECT_THAT(Keys(Resolve(parsed->document,
                           {{"Veldrix", kOrganization, 5, kBelieved},
                            {"Orban", kOrganization, 5, kBelieved - 1}})),
              ElementsAreArray({"veldrix"}));
}

TEST(NameResolution, ACertainNameSupportsADoubtfulOne) {
  const auto parsed =
      TheSmallLexicon().Parse("we saw Veldrix today. Veldrix paid.");
  EXPECT_THAT(
      Keys(Resolve(parsed->document, {{"Veldrix", kOrganization, 5, 5},
                                      {"Veldrix", kOrganization, 1, 0}})),
      ElementsAreArray({"veldrix", "veldrix"}));
}

TEST(NameResolution, RecallsAWordThatIsANameElsewhere) {
  const auto parsed =
      TheSmallLexicon().Parse("we saw Shell today. Shell paid.");
  const NamesFound found =
      Resolve(parsed->document, {{"Shell", kOrganization, 5, 5}}, {5});
  EXPECT_THAT(Keys(found), ElementsAreArray({"shell", "shell"}));
  EXPECT_EQ(found.mentions[1].span.begin, 20u);
  EXPECT_EQ(found.entities[0].type, kOrganization);
}

TEST(NameResolution, CutsAGenitiveWhereTheNameStandsWithoutIt) {
  const auto parsed =
      TheSmallLexicon().Parse("we saw Duffy today and Duffys brother.");
  const NamesFound found = Resolve(
      parsed->document, {{"Duffy", kPerson, 5, 5}, {"Duffys", kPerson, 2, 5}});
  EXPECT_THAT(Keys(found), ElementsAreArray({"duffy", "duffy"}));
}

// The type is that for which most speaks in the whole article, and mentions
// with one key agree.
TEST(NameResolution, AddsUpWhatSpeaksForAType) {
  const auto parsed =
      TheSmallLexicon().Parse("we saw Veldrix. then Veldrix and Veldrix.");
  const NamesFound found =
      Resolve(parsed->document, {{"Veldrix", kPerson, 4, 5},
                                 {"Veldrix", kOrganization, 3, 5},
                                 {"Veldrix", kOrganization, 3, 5}});
  ASSERT_EQ(found.mentions.size(), 3u);
  ASSERT_EQ(found.entities.size(), 1u);
  EXPECT_EQ(found.entities[0].type, kOrganization);
  EXPECT_EQ(found.entities[0].display_name, "Veldrix");
  EXPECT_FALSE(found.entities[0].listed);
}

}  // namespace
}  // namespace tocsin
