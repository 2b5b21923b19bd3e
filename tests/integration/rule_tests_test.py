"""tocsin rules test: the tests of the shipped rules, of those in the READMEs, and the command."""
import json
import re
import unittest

import yaml

import harness

RULES = harness.SOURCE / "deploy/rules"

# What the rules that are printed in a README ring for.
DOCUMENTED = {
    "README.md": """
tests:
  - name: the rules of README.md
    articles:
      - {id: a, language: sv, text: "Microsoft bygger en fabrik i Skellefteå."}
      - {id: b, language: en, text: "Volvo builds a plant in the south."}
      - {id: c, language: en, text: "Microsoft will spend 300 million dollars."}
      - {id: d, language: sv, text: "Microsoft lägger 90 miljoner euro."}
      - {id: e, language: en, text: "Angela Merkel opened the fair in the morning."}
      - {id: f, after: 80d, language: en, text: "Angela Merkel closed the fair at night."}
      - {id: g, after: 100d, language: en, text: "Angela Merkel was at the fair again."}
      - {id: h, after: 100d, source: blog, language: en, text: "I met Angela Merkel."}
    alerts:
      - {rule: new-company-in-skelleftea, article: a, subject: Microsoft}
      - {rule: big-money, article: c, subject: "USD 300,000,000", anchor: Microsoft}
      - {rule: back-after-a-quarter, article: e, subject: Angela Merkel}
      - {rule: back-after-a-quarter, article: g, subject: Angela Merkel}
""",
    "deploy/rules/README.md": """
tests:
  - name: the rule of deploy/rules/README.md
    articles:
      - {id: a, source: tt, time: 2027-01-01, language: en,
         text: "Microsoft pays 2 billion dollars for land."}
      - {id: b, source: blog, language: en, text: "Microsoft pays 3 billion dollars for me."}
      - {id: c, source: dpa, after: 2h, language: en,
         text: "For its land Microsoft gave 2 billion dollars."}
    alerts:
      - {rule: big-money, article: c, subject: "USD 2,000,000,000",
         headline: "2,000,000,000 USD: Microsoft"}
""",
}

DESK = """
rules:
  - name: big-money
    filter: new(amount) AND amount.unit = USD AND amount.high >= 1bn
    headline_template: "{entity.display_name} and its money"
  - name: name
    filter: new(entity) AND entity.type = ORGANIZATION
"""

TEST = """
rule_files: [desk.yaml]
tests:
  - name: right
    only: [big-money]
    articles: [{id: a, language: en, text: Microsoft paid 2 billion dollars.}]
    alerts: [{rule: big-money, article: default/a, subject: "USD 2,000,000,000",
              anchor: Microsoft, headline: Microsoft and its money, passage: paid 2 billion}]
  - name: wrong
    articles: [{id: a, language: en, text: Microsoft paid 2 billion dollars.}]
    alerts:
      - {rule: big-money, subject: "USD 3,000,000,000"}
      - {rule: name, subject: Microsoft}
"""


class RuleTestsTest(harness.TestCase):
    SHARED = True

    def expected_rules(self, text):
        return {alert["rule"] for test in yaml.safe_load(text)["tests"]
                for alert in test["alerts"]}

    def test_shipped_rules_ring_as_their_tests_say(self):
        done = self.tocsin("rules", "test", RULES / "tests", code=None)
        self.assertEqual(done.code, 0, done)
        for file in RULES.glob("*.yaml"):
            rules = {rule["name"] for rule in yaml.safe_load(file.read_text())["rules"]}
            tests = RULES / "tests" / f"{file.stem}_test.yaml"
            self.assertEqual(rules, self.expected_rules(tests.read_text()), tests)

    def test_rules_in_the_readmes_ring(self):
        for page, tests in DOCUMENTED.items():
            blocks = re.findall(r"```yaml\n(rules:\n.*?)```",
                                (harness.SOURCE / page).read_text(), re.DOTALL)
            names = [rule["name"] for block in blocks for rule in yaml.safe_load(block)["rules"]]
            self.assertEqual(set(names), self.expected_rules(tests), page)
            file = self.write("documented.yaml", "".join(blocks[:1]) + tests)
            done = self.tocsin("rules", "test", file, code=None)
            self.assertEqual(done.code, 0, done)

    def test_shows_what_differs(self):
        self.write("desk.yaml", DESK)
        file = self.write("desk_test.yaml", TEST)
        done = self.tocsin("rules", "test", file, code=1)
        self.assertIn(f"ok    {file}:4: right", done.out)
        self.assertIn(f"FAIL  {file}:9: wrong", done.out)
        self.assertIn("did not ring: big-money  subject USD 3,000,000,000", done.out)
        self.assertRegex(done.out, r"rang: +big-money  article a  subject USD 2,000,000,000")
        self.assertIn("2 tests, 1 failed", done.out)
        right, wrong = self.tocsin("rules", "test", file, "--json", code=1).json
        self.assertEqual((right["passed"], right["test"]), (True, "right"))
        self.assertFalse(wrong["passed"])
        self.assertEqual(wrong["missing"], [{"rule": "big-money", "subject": "USD 3,000,000,000"}])
        self.assertEqual([a["subject"] for a in wrong["unexpected"]], ["USD 2,000,000,000"])
        # Nothing of it is stored.
        self.assertEqual(self.tocsin("articles", "--json").json, [])

    def test_embargoes_revisions_and_time(self):
        file = self.write("time_test.yaml", """
rules: [{name: any, filter: new(entity)}]
tests:
  - name: an embargo holds until the next article
    articles:
      - {id: a, time: 2026-01-01, embargo_until: 2026-01-02, language: en, text: Microsoft sold it.}
      - {id: b, time: 2026-01-01T12:00:00Z, language: en, text: Volvo bought it.}
      - {id: c, after: 13h, language: en, text: Nobody has it.}
    alerts: [{rule: any, article: a}, {rule: any, article: b}]
""")
        self.tocsin("rules", "test", file)

    def test_errors_name_the_line(self):
        article = "articles: [{id: a, text: x}]"
        for text, said in (
                ("tests: [{articles: [{id: a}]}]", ":1: the test does not say which `alerts`"),
                ("tests:\n  - {name: x, alerts: []}", ":2: the test has no `articles`"),
                ("test: []", ":1: a file of rule tests has no key 'test'"),
                (f"tests: [{{{article}, alerts: [{{rule: none}}]}}]", "no rule 'none'"),
                ("rules: [{name: r, filter: new(entty)}]\n"
                 f"tests: [{{{article}, alerts: []}}]", "new(entty)"),
                ("rule_files: [gone.yaml]\ntests: []", "gone.yaml")):
            done = self.tocsin("rules", "test", self.write("bad.yaml", text), code=2)
            self.assertIn(said, done.err)

    def test_a_private_daemon_where_none_is_running(self):
        self.write("desk.yaml", DESK)
        file = self.write("desk_test.yaml", TEST)
        done = self.tocsin("rules", "test", "--private", file, server="127.0.0.1:1", code=1)
        self.assertIn("2 tests, 1 failed", done.out)
        # One that was named is not replaced in silence.
        self.tocsin("rules", "test", file, server="127.0.0.1:1", code=3)


class RulesDiffTest(harness.TestCase):
    SHARED = True

    def test_shows_fields_that_change(self):
        before = self.write("rules/desk.yaml", DESK)
        done = self.tocsin("rules", "diff", "-f", before, "--set", "desk", code=1)
        self.assertIn("+ big-money", done.out)
        self.assertEqual(self.tocsin("rules", "list", "--json").json[0]["ruleSet"], "file")
        self.tocsin("rules", "apply", "-f", before, "--set", "desk")
        self.tocsin("rules", "diff", "-f", before, "--set", "desk", code=0)

        after = self.write("rules/after.yaml", DESK.replace("1bn", "2bn").replace(
            "name: name\n", "name: other\n") + "    urgency: 2\n    once_per: 30d\n")
        done = self.tocsin("rules", "diff", "-f", after, "--set", "desk", code=1)
        self.assertIn("~ big-money", done.out)
        self.assertRegex(done.out, r"filter\n +- .*>= 1bn\n +\+ .*>= 2bn")
        self.assertIn("1 new, 1 changed, 1 gone, 0 as before", done.out)
        changes = self.tocsin("rules", "diff", "-f", after, "--set", "desk", "--json",
                              code=1).json
        by_rule = {c["rule"]: c for c in changes}
        self.assertEqual(by_rule["rules/name"]["change"], "REMOVED")
        self.assertEqual(by_rule["rules/big-money"]["fields"][0]["field"], "filter")
        self.assertIn({"field": "once_per", "old": "", "new": "30 days"},
                      by_rule["rules/other"]["fields"])

    def test_a_wrong_file_is_refused_with_its_place(self):
        bad = self.write("bad.yaml", "rules: [{name: bad, filter: new(entty)}]")
        done = self.tocsin("rules", "diff", "-f", bad, code=2)
        self.assertIn("^", done.err)


if __name__ == "__main__":
    unittest.main()
