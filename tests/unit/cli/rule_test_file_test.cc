#include "cli/rule_test_file.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kFile[] = R"(
rules:
  - {name: money, filter: new(amount)}
  - {name: name, filter: new(entity)}
tests:
  - name: one
    only: money
    articles:
      - {id: a, source: ew, language: en, headline: H, text: T, urgency: 1}
      - {id: b, after: 2h, text: T, suppress_alerts: true}
      - {id: c, text: T}
      - {id: d, time: 2026-01-02, text: T}
    alerts:
      - {rule: rules/money, article: a, subject: S, anchor: N, headline: H, passage: P}
  - name: two
    articles: [{id: a, text: T}]
    alerts: []
)";

TEST(RuleTestFile, ReadsArticlesTimesAndExpectations) {
  const auto file = ParseRuleTestFile("t.yaml", kFile);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->rules.size(), 2u);
  EXPECT_EQ(file->rules[0].name(), "money");
  ASSERT_EQ(file->tests.size(), 2u);
  const RuleTest& test = file->tests[0];
  EXPECT_EQ(test.name, "one");
  EXPECT_EQ(test.line, 6);
  ASSERT_EQ(test.articles.size(), 4u);
  EXPECT_EQ(test.articles[0].article().body(), "T");
  EXPECT_EQ(test.articles[0].article().urgency(), 1);
  EXPECT_TRUE(test.articles[1].suppress_alerts());
  const int64_t first = test.articles[0].receive_time().seconds();
  EXPECT_EQ(test.articles[0].article().published_at().seconds(), first);
  EXPECT_EQ(test.articles[1].receive_time().seconds(), first + 7200);
  EXPECT_EQ(test.articles[2].receive_time().seconds(), first + 7260);
  EXPECT_EQ(test.articles[3].receive_time().seconds(), 1767312000);
  ASSERT_EQ(test.alerts.size(), 1u);
  EXPECT_EQ(test.alerts[0].rule, "money");
  EXPECT_EQ(test.alerts[0].passage, "P");
  EXPECT_TRUE(file->tests[1].alerts.empty());
}

TEST(RuleTestFile, AnErrorNamesTheLine) {
  struct Case {
    const char* text;
    const char* said;
  };
  for (const Case& test : {
           Case{"tests: []", "t.yaml:1: there is no test in it"},
           Case{"- x", "t.yaml:1: a file of rule tests is a map"},
           Case{"tests:\n- nam: x",
                "t.yaml:2: a test has no key 'nam'; its "
                "keys are alerts, articles, name, only"},
           Case{"tests:\n- name: x\n  name: y", "t.yaml:3: 'name' is given"},
           Case{"tests:\n- alerts: []\n  articles:\n  - {text: x}",
                "t.yaml:4: the article has no `id`"},
           Case{"tests:\n- alerts: []\n  articles:\n  - {id: a, after: soon}",
                "t.yaml:4: after: 'soon' is not a duration"},
           Case{"tests:\n- alerts: []\n  articles:\n  - {id: a, time: 12:00}",
                "t.yaml:4: expected a time such as"},
           Case{"tests:\n- alerts: []\n  articles:\n  - {id: a}\n"
                "  - {id: b, time: 2020-01-01}",
                "t.yaml:5: the article comes before the one before it"},
           Case{"tests:\n- articles: [{id: a}]\n  alerts: [{article: a}]",
                "t.yaml:3: the alert has no `rule`"},
           Case{"rules: [{name: r}]\ntests: []", "t.yaml:1: rule 'r' has no"},
           Case{"tests: [", "t.yaml:"},
       }) {
    const auto file = ParseRuleTestFile("t.yaml", test.text);
    EXPECT_THAT(std::string(file.status().message()), HasSubstr(test.said))
        << test.text;
  }
}

v1::Alert AlertOf(const std::string& rule, const std::string& article,
                  const std::string& surface) {
  v1::Alert alert;
  alert.set_rule("rules/" + rule);
  alert.set_article("sources/default/articles/" + article);
  alert.set_headline("Of the article");
  alert.mutable_passage()->set_text("It says " + surface + " here.");
  alert.mutable_mention()->set_surface(surface);
  alert.mutable_mention()->mutable_entity()->set_display_name(surface + " Inc");
  alert.mutable_mention()->mutable_entity()->set_name("entities/" + surface);
  return alert;
}

TEST(JudgeRuleTest, AnExpectationIsFulfilledByWhatItSays) {
  const v1::Alert alert = AlertOf("r", "a", "acme");
  struct Case {
    ExpectedAlert expected;
    bool passes;
  };
  for (const Case& test :
       {Case{{.rule = "r"}, true}, Case{{.rule = "s"}, false},
        Case{{.rule = "r", .article = "a"}, true},
        Case{{.rule = "r", .article = "default/a"}, true},
        Case{{.rule = "r", .article = "b"}, false},
        Case{{.rule = "r", .subject = "acme Inc"}, true},
        Case{{.rule = "r", .subject = "acme"}, true},
        Case{{.rule = "r", .subject = "entities/acme"}, true},
        Case{{.rule = "r", .subject = "ac"}, false},
        Case{{.rule = "r", .headline = "Of the article"}, true},
        Case{{.rule = "r", .passage = "says acme"}, true},
        Case{{.rule = "r", .passage = "says nothing"}, false},
        Case{{.rule = "r", .anchor = "acme"}, false}}) {
    RuleTest rule_test;
    rule_test.alerts = {test.expected};
    const RuleTestResult result = Judge(rule_test, {alert});
    EXPECT_EQ(result.passed(), test.passes)
        << test.expected.rule << test.expected.subject << test.expected.passage;
    EXPECT_EQ(result.missing.size(), test.passes ? 0u : 1u);
    EXPECT_EQ(result.unexpected.size(), test.passes ? 0u : 1u);
  }
}

TEST(JudgeRuleTest, EachAlertFulfilsOneExpectationAndOthersAreUnexpected) {
  RuleTest test;
  test.only = {"r"};
  test.alerts = {{.rule = "r"}, {.rule = "r", .article = "b"}};
  EXPECT_TRUE(Judge(test, {AlertOf("r", "a", "x"), AlertOf("r", "b", "x"),
                           AlertOf("other", "a", "x")})
                  .passed());
  EXPECT_EQ(Judge(test, {AlertOf("r", "b", "x")}).missing.size(), 1u);
  const RuleTestResult more = Judge(
      test,
      {AlertOf("r", "a", "x"), AlertOf("r", "b", "x"), AlertOf("r", "c", "x")});
  ASSERT_EQ(more.unexpected.size(), 1u);
  EXPECT_THAT(more.unexpected[0].article(), HasSubstr("/c"));
}

}  // namespace
}  // namespace tocsin::cli
