"""tocsin rules backtest."""
import json
import signal
import unittest

import harness


def day(number):
    return f"2026-03-{number:02}T12:00:00Z"


class BacktestTest(harness.TestCase):
    SHARED = True

    def fill(self):
        lines = []
        for i in range(1, 21):
            lines.append({
                "id": str(i), "source": ("ew", "tt")[i % 2], "language": "en",
                "published_at": day(i), "headline": f"Microsoft raises money, round {i}",
                "body": f"Microsoft said on Monday that it raised {100 * i} million dollars "
                        f"from its investors. Round {i} was the {i % 5}th of its kind."})
        lines.append(dict(lines[3], body=lines[3]["body"] + " It also raised 7 million euros."))
        self.tocsin("ingest", "-", input="".join(json.dumps(a) + "\n" for a in lines))

    def backtest(self, *arguments, **options):
        return self.tocsin("rules", "backtest", *arguments, "--json", **options).json

    def without_place(self, alerts):
        return [{k: v for k, v in a.items() if k not in ("sequence", "resumeToken")}
                for a in alerts]

    def test_a_stored_rule_gives_what_it_gave(self):
        for rule in ("new-amount", "new-organization"):
            live = self.tocsin("alerts", "--limit", 0, "--json", "--filter",
                               f'rule = "{rule}"').json
            self.assertGreater(len(live), 0)
            self.assertEqual(self.backtest(rule), self.without_place(live))

    def test_a_filter_over_a_span_of_time(self):
        alerts = self.backtest("new(amount) AND amount.high >= 1bn", "--since", "2026-03-12",
                               "--until", "2026-03-15")
        self.assertEqual([a["article"] for a in alerts],
                         [f"sources/{('ew', 'tt')[i % 2]}/articles/{i}" for i in (12, 13, 14)])
        self.assertNotIn("sequence", alerts[0])

    def test_people_see_alerts_and_a_summary_by_day(self):
        done = self.tocsin("rules", "backtest", "new(amount) AND amount.high >= 1.8bn")
        self.assertIn("USD 1,900,000,000 for Microsoft", done.out)
        for line in (r"2026-03-18 +1", r"2026-03-20 +1", r"all +3"):
            self.assertRegex(done.out, line)
        self.assertIn("3 alerts over 21 articles", done.out)
        short = self.tocsin("rules", "backtest", "new(amount)", "--summary")
        self.assertNotIn("Microsoft", short.out)
        self.assertRegex(short.out, r"2026-03-04 +2")  # The revision counts to its day.

    def test_a_changed_rule_shows_the_difference(self):
        rules = self.write("rules/changed.yaml", """
rules:
  - name: new-amount
    filter: new(amount) AND (amount.unit = EUR OR amount.high > 1.9bn)
""")
        done = self.tocsin("rules", "backtest", rules)
        self.assertEqual(done.out.count("\n- USD") + done.out.startswith("- USD"), 19)
        self.assertNotIn("EUR", done.out)  # Rings as before.
        self.assertIn("2 alerts over 21 articles, 0 more and 19 fewer than the stored", done.out)
        changes = [a["change"] for a in self.backtest(rules)]
        self.assertEqual((changes.count("REMOVED"), changes.count("UNCHANGED")), (19, 2))

        same = self.write("rules/same.yaml",
                          "rules: [{name: new-amount, filter: new(amount), urgency: 4}]")
        self.assertIn("as the stored rules ring", self.tocsin("rules", "backtest", same).out)

    def test_errors_name_what_is_wrong(self):
        for arguments, code, said in (
                (["no-such-rule"], 1, "no rule `no-such-rule`"),
                (["new(entty)"], 2, "^"),
                (["new(entity)", "--since", "yesterday"], 2, "--since"),
                (["new(entity)", "--since", "2026-03-02", "--until", "2026-03-01"], 2,
                 "end_time"),
                (["missing.yaml"], 2, "missing.yaml")):
            done = self.tocsin("rules", "backtest", *arguments, code=None)
            self.assertEqual(done.code, code, done)
            self.assertIn(said, done.err)


class BacktestStopTest(harness.TestCase):

    def test_can_be_stopped_and_the_daemon_goes_on(self):
        self.tocsin("ingest", "-", input=self.articles(*range(3000)))
        # It writes until the pipe is full, and then waits for its reader.
        process = self.start_tocsin("rules", "backtest", "article.source:*", "--json")
        self.assertIn("articles/", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        self.assertEqual(process.wait(timeout=harness.TIMEOUT), 130)
        self.assertIn("stopped after", process.stderr.read())
        self.assertEqual(len(self.tocsin("rules", "backtest", "article.source:*", "--json").json),
                         3000)
        # A daemon that stops does not wait for one.
        process = self.start_tocsin("rules", "backtest", "article.source:*", "--json")
        process.stdout.readline()
        self.assertEqual(self.daemon.stop(), 0)
        process.stdout.read()
        self.assertEqual(process.wait(timeout=harness.TIMEOUT), 3)


if __name__ == "__main__":
    unittest.main()
