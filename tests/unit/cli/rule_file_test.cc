#include "cli/rule_file.h"

#include <cstring>
#include <string>

#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

TEST(RulesFromYamlTest, ReadsEveryKey) {
  const auto rules = RulesFromYaml("f.yaml", R"(
rules:
  - name: big-money
    display_name: Big money
    description: Sums of a billion or more.
    filter: new(amount) AND amount.unit = "USD" AND amount.high >= 1bn
    urgency: 2
    labels: {desk: business}
    once_per: 30d
    min_sources: 2 within 6h
    mute_until: 2025-02-19T10:00:00Z
    quiet_hours: {time_zone: Europe/Stockholm, start: "22:00", end: "07:30"}
    headline_template: "{amount} by {article.source}"
    disabled: true
  - name: second
    filter: new(entity)
    min_sources: 3
    min_sources_within: 90m
)");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->size(), 2u);
  const v1::Rule& rule = (*rules)[0];
  EXPECT_EQ(rule.name(), "big-money");
  EXPECT_EQ(rule.display_name(), "Big money");
  EXPECT_EQ(rule.filter(),
            "new(amount) AND amount.unit = \"USD\" AND amount.high >= 1bn");
  EXPECT_EQ(rule.urgency(), 2);
  EXPECT_EQ(rule.labels().at("desk"), "business");
  EXPECT_EQ(rule.once_per().seconds(), 30 * 86400);
  EXPECT_EQ(rule.min_sources(), 2);
  EXPECT_EQ(rule.min_sources_within().seconds(), 6 * 3600);
  EXPECT_EQ(rule.mute_until().seconds(), 1739959200);
  EXPECT_EQ(rule.quiet_hours().time_zone(), "Europe/Stockholm");
  EXPECT_EQ(rule.quiet_hours().start_minute(), 22 * 60);
  EXPECT_EQ(rule.quiet_hours().end_minute(), 7 * 60 + 30);
  EXPECT_TRUE(rule.disabled());
  EXPECT_EQ((*rules)[1].min_sources_within().seconds(), 5400);
}

TEST(RulesFromYamlTest, NamesTheLineAndTheFault) {
  const struct {
    const char* yaml;
    const char* message;
  } kCases[] = {
      {"rules:\n - name: a\n   filtr: x\n", "f:3: a rule has no key 'filtr'"},
      {"rules:\n - name: a\n   name: b\n", "f:3: 'name' is given twice"},
      {"rule: []\n", "f:1: such a file has no key 'rule'"},
      {"- name: a\n", "f:1: expected `rules:`"},
      {"rules:\n - name: a\n", "f:2: rule 'a' has no filter"},
      {"rules:\n - filter: a\n", "f:2: the rule has no name"},
      {"rules:\n - name: a\n   filter: [x]\n", "f:3: filter: expected"},
      {"rules:\n - name: a\n   filter: x\n   once_per: 30\n",
       "f:4: once_per: '30' is not a duration"},
      {"rules:\n - name: a\n   filter: x\n   urgency: high\n",
       "f:4: urgency: 'high' is not"},
      {"rules:\n - name: a\n   filter: x\n   min_sources: two\n",
       "f:4: min_sources: 'two' is not"},
      {"rules:\n - name: a\n   filter: x\n   quiet_hours: {start: 1}\n",
       "f:4: quiet_hours: expected"},
      {"rules:\n - name: \"a\n", "f:"},
      {"rules: 7\n", "f:1: `rules` must be a list"},
      {"\xff", "f: not UTF-8"},
  };
  for (const auto& c : kCases) {
    const auto rules = RulesFromYaml("f", c.yaml);
    ASSERT_EQ(rules.status().code(), absl::StatusCode::kInvalidArgument)
        << c.yaml;
    EXPECT_EQ(rules.status().message().substr(0, strlen(c.message)), c.message)
        << c.yaml << rules.status();
  }
}

TEST(RulesFromYamlTest, AnEmptySetIsNoError) {
  const auto rules = RulesFromYaml("f", "rules:\n");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_TRUE(rules->empty());
}

TEST(RulesFromJsonLinesTest, ReadsALineARule) {
  const auto rules = RulesFromJsonLines(
      "f",
      "{\"name\":\"a\",\"filter\":\"x\",\"oncePer\":\"60s\"}\n\n"
      "{\"name\":\"b\",\"filter\":\"y\"}\n");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->size(), 2u);
  EXPECT_EQ((*rules)[0].once_per().seconds(), 60);
  const auto bad = RulesFromJsonLines("f", "{\"name\":\"a\"}\n{\"nam\":1}\n");
  EXPECT_EQ(bad.status().message().substr(0, 4), "f:2:") << bad.status();
}

}  // namespace
}  // namespace tocsin::cli
