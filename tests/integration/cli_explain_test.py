"""tocsin explain."""
import json
import unittest

import harness

RULES = """
rules:
  - name: big-money
    filter: new(amount) AND amount.unit = (USD OR EUR) AND amount.high >= 1bn
  - name: company
    filter: new(entity) AND entity.type = ORGANIZATION
  - name: not-blogs
    filter: entity.listed AND NOT article.source = "blog" AND article.text:"raised"
    once_per: 7d
  - name: two-sources
    filter: new(entity) AND entity.type = ORGANIZATION
    min_sources: 2 within 6h
  - name: asleep
    filter: new(entity)
    mute_until: 2099-01-01
  - name: off
    filter: new(entity)
    disabled: true
"""


class ExplainTest(harness.TestCase):
    SHARED = True

    def fill(self):
        rules = self.write("desk.yaml", RULES)
        def article(i, source="ew", million=None, **more):
            return dict({
                "id": str(i), "source": source, "language": "en",
                "headline": f"Microsoft raises money, round {i}",
                "body": f"Microsoft said on Monday that it raised {million or 1000 + int(i)} "
                        f"million dollars from its investors."}, **more)
        self.tocsin("rules", "apply", "-f", rules)
        lines = [article(1), article(2), article(3, million=5), article(1, million=1001)]
        lines[3]["body"] += " It also raised 7 billion euros."
        self.tocsin("ingest", "-", input="".join(json.dumps(a) + "\n" for a in lines))
        long = "The makers of clocks met in the old town hall on Tuesday to speak of springs, " \
               "wheels and hands, and of apprentices who come late. " * 3 + \
               "Microsoft gave 8 billion dollars."
        for i, source in ((4, "ew"), (5, "tt")):
            self.tocsin("ingest", "-", input=json.dumps(
                {"id": str(i), "source": source, "language": "en", "body": long}))
        self.tocsin("ingest", "-", "--suppress-alerts",
                    input=json.dumps(article(6, million=9999)))
        # A rule that came when everything had happened.
        late = self.write("late.yaml", "rules: [{name: late, filter: 'new(amount)'}]")
        self.tocsin("rules", "apply", "-f", late, "--set", "late")

    def explain(self, article, *arguments):
        return self.tocsin("explain", "--article", article, *arguments, "--json").json[0]

    def outcomes(self, article, rule, **kind):
        rules = self.explain(article, "--rule", rule)["rules"]
        return [s["outcome"] for s in rules[0].get("subjects", [])]

    def test_says_what_became_of_each_rule(self):
        for article, rule, outcomes in (
                ("ew/2", "big-money", ["RANG"]),
                ("ew/3", "big-money", ["NO_MATCH"]),
                ("ew/1", "big-money", ["RANG"]),        # Revision 2: the euros.
                ("ew/2", "company", ["NO_MATCH"]),      # Known from ew/1.
                ("ew/2", "not-blogs", ["REPEAT"]),
                ("ew/1", "company", []),                # Revision 2 has no news of it.
                ("ew/6", "big-money", ["SUPPRESSED"]),
                ("ew/2", "late", ["NOT_THEN"])):
            self.assertEqual(self.outcomes(article, rule), outcomes, (article, rule))
        first = ("--revision", 1)
        for rule, outcome in (("company", "RANG"), ("two-sources", "WAITING"),
                              ("asleep", "MUTED"), ("off", "DISABLED")):
            found = self.explain("ew/1", "--rule", rule, *first)["rules"][0]["subjects"]
            self.assertEqual(found[0]["outcome"], outcome, rule)

    def test_a_rang_one_names_its_alert(self):
        subject = self.explain("ew/2", "--rule", "big-money")["rules"][0]["subjects"][0]
        alerts = self.tocsin("alerts", "--limit", 0, "--json").json
        alert = next(a for a in alerts if a["sequence"] == subject["sequence"])
        self.assertEqual((alert["article"], alert["rule"]),
                         ("sources/ew/articles/2", "rules/big-money"))

    def test_shows_each_condition_with_its_value(self):
        done = self.tocsin("explain", "--article", "ew/3", "--rule", "big-money")
        self.assertRegex(done.out, r"USD 5,000,000 for Microsoft: does not match")
        self.assertRegex(done.out, r"yes +new\(amount\) +never seen before")
        self.assertRegex(done.out, r"no +amount.high >= 1bn +5000000\b|no +amount.high >= 1bn +5e\+06")
        self.assertRegex(done.out, r"yes +amount.unit = \(USD OR EUR\) +.USD.")
        done = self.tocsin("explain", "--article", "ew/2", "--rule", "not-blogs")
        self.assertRegex(done.out, r'yes +NOT article.source = "blog" +"ew"')
        self.assertRegex(done.out, r'yes +article.text:"raised" +in the text')
        self.assertIn("silent, for it rang for the same before (alert", done.out)

    def test_a_near_copy_and_a_revision_say_what_is_not_asked_about(self):
        done = self.explain("tt/5")
        self.assertEqual(done["nearCopyOf"], "sources/ew/articles/4")
        self.assertEqual({m["surface"] for m in done["covered"] if "entity" in m}
                         & {"Microsoft"}, {"Microsoft"})
        self.assertIn("a near-copy of ew/4", self.tocsin("explain", "--article", "tt/5").out)
        revised = self.explain("ew/1")
        self.assertEqual(revised["revision"], 2)
        self.assertIn("Microsoft", {m["surface"] for m in revised["covered"]})

    def test_without_a_rule_those_that_match_come_first(self):
        rules = self.explain("ew/2")["rules"]
        names = [r["rule"]["name"] for r in rules]
        self.assertEqual(len(names), 9)  # And the two that the daemon began with.
        matching = [any(s["outcome"] != "NO_MATCH" for s in r.get("subjects", []))
                    for r in rules]
        self.assertEqual(matching, sorted(matching, reverse=True))
        self.assertIn("rules/big-money", names[:matching.count(True)])

    def test_errors(self):
        for arguments, code, said in (
                (("--article", "ew/99"), 1, "sources/ew/articles/99"),
                (("--article", "ew/1", "--revision", "7"), 1, "revision 7"),
                (("--article", "ew/1", "--rule", "none"), 1, "no rule `none`"),
                ((), 2, "--article")):
            done = self.tocsin("explain", *arguments, code=None)
            self.assertEqual(done.code, code, done)
            self.assertIn(said, done.err)


if __name__ == "__main__":
    unittest.main()
