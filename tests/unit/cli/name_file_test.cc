#include "cli/name_file.h"

#include <cstring>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

using testing::ElementsAre;

TEST(NamesFromYamlTest, ReadsEveryField) {
  const auto names = NamesFromYaml("f",
                                   "names:\n"
                                   "  - name: Quarnell Group\n"
                                   "    type: organization\n"
                                   "    aliases: [Quarnell, ~qnl]\n"
                                   "    id: quarnell\n"
                                   "  - {name: Ada Brisk, type: PERSON}\n");
  ASSERT_TRUE(names.ok()) << names.status();
  ASSERT_EQ(names->size(), 2u);
  EXPECT_EQ((*names)[0].display_name(), "Quarnell Group");
  EXPECT_EQ((*names)[0].type(), v1::Entity::ORGANIZATION);
  EXPECT_THAT((*names)[0].aliases(), ElementsAre("Quarnell", "~qnl"));
  EXPECT_EQ((*names)[0].id(), "quarnell");
  EXPECT_EQ((*names)[1].type(), v1::Entity::PERSON);
}

TEST(NamesFromYamlTest, ErrorsNameTheLine) {
  const struct {
    const char* yaml;
    const char* message;
  } kCases[] = {
      {"- name: a\n", "f:1: expected `names:` with a list"},
      {"rules: []\n", "f:1: such a file has no key 'rules', only `names`"},
      {"names:\n - name: a\n   name: b\n", "f:3: 'name' is given twice"},
      {"names:\n - name: a\n", "f:2: 'a' has no type: person"},
      {"names:\n - type: person\n", "f:2: `name` is missing"},
      {"names:\n - name: a\n   type: dog\n", "f:3: type: 'dog' is not person"},
      {"names:\n - name: a\n   alias: b\n", "f:3: a name has no key 'alias'"},
      {"names:\n - name: a\n   aliases: b\n", "f:3: aliases: expected a list"},
      {"names:\n - name: [a]\n", "f:2: name: expected a single value"},
      {"names:\n - name: \"a\n", "f:"},
      {"\xff", "f: not UTF-8"},
  };
  for (const auto& c : kCases) {
    const auto names = NamesFromYaml("f", c.yaml);
    ASSERT_EQ(names.status().code(), absl::StatusCode::kInvalidArgument)
        << c.yaml;
    EXPECT_EQ(names.status().message().substr(0, strlen(c.message)), c.message)
        << c.yaml << names.status();
  }
}

TEST(NamesFromJsonLinesTest, ReadsALineAName) {
  const auto names = NamesFromJsonLines(
      "f", "{\"displayName\":\"A\",\"type\":\"PLACE\",\"aliases\":[\"B\"]}\n");
  ASSERT_TRUE(names.ok()) << names.status();
  ASSERT_EQ(names->size(), 1u);
  EXPECT_EQ((*names)[0].type(), v1::Entity::PLACE);
  const auto bad = NamesFromJsonLines("f", "{\"nam\":1}\n");
  EXPECT_EQ(bad.status().message().substr(0, 4), "f:1:") << bad.status();
}

}  // namespace
}  // namespace tocsin::cli
