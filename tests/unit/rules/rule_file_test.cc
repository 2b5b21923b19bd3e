#include "rules/rule_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/rule_set.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr absl::string_view kYaml = R"(# A comment.
rules:
  - name: full
    display_name: Full
    description: >-
      Over two
      lines.
    filter: |
      new(entity, 30d)
      AND entity.type = PERSON
    urgency: 2
    labels: {desk: economy, topic: "names"}
    once_per: 1d12h
    min_sources: 2 within 6h
    mute_until: 2026-12-01
    quiet_hours: {time_zone: Europe/Stockholm, start: "22:00", end: "06:30"}
    headline_template: "{entity.display_name}!"
    disabled: true
  - {name: rules/short, filter: new(amount), once_per: forever}
)";

TEST(RuleFileTest, ReadsEveryKeyOfYaml) {
  const auto rules = ParseRulesYaml(kYaml, "r.yaml");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->size(), 2u);
  Rule full;
  full.name = "full";
  full.display_name = "Full";
  full.description = "Over two lines.";
  full.filter = "new(entity, 30d)\nAND entity.type = PERSON\n";
  full.urgency = 2;
  full.labels = {{"desk", "economy"}, {"topic", "names"}};
  full.once_per = absl::Hours(36);
  full.min_sources = 2;
  full.min_sources_within = absl::Hours(6);
  full.mute_until =
      absl::FromCivil(absl::CivilDay(2026, 12, 1), absl::UTCTimeZone());
  full.quiet_hours = QuietHours{"Europe/Stockholm", 22 * 60, 6 * 60 + 30};
  full.headline_template = "{entity.display_name}!";
  full.disabled = true;
  EXPECT_EQ((*rules)[0].rule, full);
  EXPECT_EQ((*rules)[0].place, "r.yaml:3:5");
  EXPECT_EQ((*rules)[1].rule.name, "short");
  EXPECT_EQ((*rules)[1].rule.once_per, absl::InfiniteDuration());
  EXPECT_TRUE(ValidateRule((*rules)[0].rule).ok())
      << ValidateRule((*rules)[0].rule);
}

TEST(RuleFileTest, ReadsJsonLinesInBothCases) {
  const auto rules = ParseRulesJsonLines(
      "{\"name\":\"rules/"
      "a\",\"filter\":\"new(entity)\",\"oncePer\":\"3600s\",\"urgency\":3,"
      "\"etag\":\"x\"}\n"
      "\n"
      "{\"name\":\"b\",\"filter\":\"article.text:\\\"\\u00e5r\\\"\",\"quiet_"
      "hours\":{\"timeZone\":\"Europe/"
      "Berlin\",\"startMinute\":1320},\"disabled\":false}\r\n",
      "r.jsonl");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->size(), 2u);
  EXPECT_EQ((*rules)[0].rule.name, "a");
  EXPECT_EQ((*rules)[0].rule.once_per, absl::Hours(1));
  EXPECT_EQ((*rules)[0].rule.urgency, 3);
  EXPECT_EQ((*rules)[1].rule.filter, "article.text:\"\xC3\xA5r\"");
  EXPECT_EQ((*rules)[1].rule.quiet_hours,
            (QuietHours{"Europe/Berlin", 1320, 0}));
  EXPECT_EQ((*rules)[1].place, "r.jsonl:3");
}

TEST(RuleFileTest, ErrorsNameFileLineFieldAndWhatWasExpected) {
  const struct {
    std::string text;
    absl::string_view message;
  } kCases[] = {
      {"rules:\n  - name: a\n    fliter: x\n",
       "f:3:5: rule `a`: unknown key `fliter`; did you mean `filter`?"},
      {"rulse: []\n", "f:1:1: unknown key `rulse`; expected `rules`"},
      {"- a\n", "expected `rules:` with a list"},
      {"rules: x\n", "`rules` is a list"},
      {"rules:\n  - x\n", "f:2:5: a rule is a map"},
      {"rules:\n  - filter: x\n", "f:2:5: a rule without a `name`"},
      {"rules:\n  - name: a\n", "rule `a`: without a `filter`"},
      {"rules:\n  - name: a\n    urgency: high\n",
       "f:3:14: rule `a`: urgency: expected a whole number"},
      {"rules:\n  - name: a\n    once_per: soon\n",
       "once_per: expected a span of time"},
      {"rules:\n  - name: a\n    min_sources: two\n", "`2 within 6h`"},
      {"rules:\n  - name: a\n    min_sources: 2 within x\n", "after `within`"},
      {"rules:\n  - name: a\n    labels: [x]\n", "labels: expected a map"},
      {"rules:\n  - name: a\n    disabled: maybe\n",
       "disabled: expected true or false"},
      {"rules:\n  - name: a\n    quiet_hours: {start: \"25:00\"}\n",
       "quiet_hours.start: expected a time of day"},
      {"rules:\n  - name: a\n    quiet_hours: {begin: \"22:00\"}\n",
       "quiet_hours.begin"},
      {"rules:\n  - name: a\n    mute_until: tomorrow\n",
       "mute_until: expected a time"},
      {"rules:\n  - name: a\n    name: b\n", "f:3:5: `name` stands twice"},
      {"rules: &x []\n", "anchors (`&name`) are not supported"},
      {"rules: !!binary x\n", "tags"},
      {"rules:\n  - name: a\n   filter: b\n", "f:3:"},
      {"a: b\n---\nc: d\n", "more than one document"},
      {"rules: [[[[[[[[[[[]]]]]]]]]]]\n", "nested deeper than 8"},
      {"rules: \xFF\n", "not UTF-8"},
      {"? [a]\n: b\n", "a key must be text"},
  };
  for (const auto& c : kCases) {
    const auto rules = ParseRulesYaml(c.text, "f");
    ASSERT_FALSE(rules.ok()) << c.text;
    EXPECT_EQ(rules.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(rules.status().message()),
                HasSubstr(std::string(c.message)))
        << c.text;
  }
  for (const absl::string_view line :
       {"{", "[1,2", "{\"name\":1e}", "{\"a\":1,\"a\":2}", "nul",
        "{\"name\":\"a\"}x", "\"x\""}) {
    const auto rules = ParseRulesJsonLines(absl::StrCat("\n", line), "f");
    ASSERT_FALSE(rules.ok()) << line;
    EXPECT_THAT(std::string(rules.status().message()), StartsWith("f:2:"))
        << line;
  }
}

TEST(RuleFileTest, ABombIsRefusedQuickly) {
  std::string aliases = "a: &a [x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'p'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    aliases += absl::StrCat(std::string(1, c), ": &", std::string(1, c), " [*",
                            before, ", *", before, ", *", before, "]\n");
  }
  std::string keys = "rules:\n";
  for (int i = 0; i < 100'000; ++i) keys += "? ";
  for (const std::string& text :
       {aliases, std::string(100'000, '['), std::string(5 << 20, 'x'), keys,
        std::string(100'000, '{'), std::string(20'000, '-')}) {
    const absl::Time start = absl::Now();
    EXPECT_FALSE(ParseRulesYaml(text, "f").ok()) << text.substr(0, 40);
    EXPECT_LT(absl::Now() - start, absl::Seconds(2)) << text.substr(0, 40);
  }
  EXPECT_FALSE(ParseRulesJsonLines(std::string(60'000, '['), "f").ok());
  EXPECT_FALSE(ParseRulesJsonLines(std::string(100'000, ' ') + "{}", "f").ok());
}

class RuleDirectoryTest : public testing::Test {
 protected:
  RuleDirectoryTest() { fs::create_directories(path_); }
  ~RuleDirectoryTest() override { fs::remove_all(path_); }

  void Write(const std::string& name, absl::string_view text) const {
    std::ofstream(path_ / name) << text;
  }

  const fs::path path_ =
      fs::path(testing::TempDir()) / absl::StrCat("rules_", getpid());
};

TEST_F(RuleDirectoryTest, ReadsTheFilesOfADirectory) {
  Write("b.yaml", "rules:\n  - {name: b, filter: new(entity)}\n");
  Write("a.jsonl", "{\"name\":\"a\",\"filter\":\"new(amount)\"}\n");
  Write("notes.txt", "not a rule");
  const auto rules = ReadRules(path_.string());
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->size(), 2u);
  EXPECT_EQ((*rules)[0].name, "a");
  EXPECT_EQ((*rules)[1].name, "b");

  Write("c.yaml", "rules:\n  - {name: b, filter: new(entity)}\n");
  EXPECT_THAT(std::string(ReadRules(path_.string()).status().message()),
              HasSubstr("c.yaml:2:5: rule `b`: there is one of this name at"));
  Write("c.yaml", "rules:\n  - {name: c, filter: new(entty)}\n");
  EXPECT_THAT(
      std::string(ReadRules(path_.string()).status().message()),
      HasSubstr(
          "c.yaml:2:5: rule `c`: filter: line 1, column 5: expected entity"));
  EXPECT_THAT(
      std::string(ReadRules((path_ / "notes.txt").string()).status().message()),
      HasSubstr("expected a file named *.yaml"));
  EXPECT_EQ(ReadRules((path_ / "none.yaml").string()).status().code(),
            absl::StatusCode::kNotFound);
}

// Every rule that ships compiles.
TEST(RuleFileTest, ShippedRulesCompile) {
  for (const char* const name : {"default.yaml", "newsroom.yaml"}) {
    const auto rules =
        ReadRules(absl::StrCat(TOCSIN_SOURCE_DIR, "/deploy/rules/", name));
    ASSERT_TRUE(rules.ok()) << rules.status();
    EXPECT_FALSE(rules->empty());
    EXPECT_TRUE(RuleSet::Create(*rules).ok());
  }
}

}  // namespace
}  // namespace tocsin
