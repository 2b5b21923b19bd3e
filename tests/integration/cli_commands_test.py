"""The other commands of tocsin, and what it says when something is wrong."""
import json
import subprocess
import unittest

import harness

COMMANDS = ["ingest", "watch", "alerts", "analyze", "entity", "entities", "mentions",
            "articles", "article", "names", "pull", "rules", "status", "subscriptions"]


class ArchiveTest(harness.TestCase):
    SHARED = True

    def fill(self):
        self.tocsin("ingest", "-", "--id", "väg 66/b", input="A text about nothing much.")
        self.tocsin("ingest", "-", input=self.articles(1, 2, 3))

    def test_entity(self):
        done = self.tocsin("entity", "microsoft", "--json").json[0]
        self.assertEqual(done["displayName"], "Microsoft")
        self.assertEqual(done["history"]["articleCount"], "3")
        self.assertEqual(done["history"]["firstArticle"], "sources/test/articles/1")
        people = self.tocsin("entity", "Microsoft").out
        self.assertIn("Microsoft, organization", people)
        self.assertIn("in test/1", people)
        self.assertIn("USD 1,003,000,000", people)

    def test_entities(self):
        names = [e["displayName"] for e in self.tocsin("entities", "--json").json]
        self.assertIn("Microsoft", names)
        self.assertRegex(self.tocsin("entities").out, r"Microsoft +organization +3 ")

    def test_mentions(self):
        mentions = self.tocsin("mentions", "Microsoft", "--json").json
        self.assertEqual({m["article"] for m in mentions},
                         {f"sources/test/articles/{i}" for i in (1, 2, 3)})
        self.assertIn("[Microsoft] said on Monday",
                      self.tocsin("mentions", "Microsoft").out)

    def test_articles(self):
        articles = self.tocsin("articles", "--json").json
        self.assertEqual([a["id"] for a in articles], ["3", "2", "1", "väg 66/b"])
        people = self.tocsin("articles", "--limit", 2)
        self.assertIn("Microsoft raises money, round 3", people.out)
        self.assertEqual(len(people.out.splitlines()), 3)
        self.assertIn("--limit 0 shows all", people.err)

    def test_article_in_every_form_of_its_name(self):
        for name in ("test/1", "sources/test/articles/1"):
            done = self.tocsin("article", name)
            self.assertIn("[1001 million dollars]", done.out)
            self.assertIn("revision 1 of 1", done.out)
        self.assertIn("nothing much", self.tocsin("article", "default/väg 66/b").out)

    def test_what_is_not_there(self):
        self.assertIn("sources/test/articles/99", self.tocsin("article", "test/99", code=1).err)
        self.assertIn("Nobody Known", self.tocsin("entity", "Nobody Known", code=1).err)
        # Words need no quotes.
        self.assertIn("Nobody Known", self.tocsin("entity", "Nobody", "Known", code=1).err)

    def test_status(self):
        status = self.tocsin("status", "--json").json[0]
        self.assertEqual(status["articleCount"], "4")
        people = self.tocsin("status").out
        self.assertRegex(people, r"articles +4, 4 revisions")
        self.assertIn("warning: the archive is young", people)


class AnalyzeTest(harness.TestCase):
    SHARED = True

    def test_json_as_programs_read_it(self):
        path = self.write("x.jsonl", self.articles(1, 2))
        results = self.tocsin("analyze", path, "--json").json
        self.assertEqual([r["articleId"] for r in results], ["1", "2"])
        for article, result in zip(map(json.loads, path.read_text().splitlines()), results):
            self.assertEqual(result["language"], "en")
            self.assertTrue(result["mentions"])
            for mention in result["mentions"]:
                span = mention["span"]
                text = article["headline" if span["field"] == "HEADLINE" else "body"].encode()
                self.assertEqual(text[span.get("begin", 0):span["end"]].decode(),
                                 mention["surface"])
        amounts = [m["amount"] for m in results[0]["mentions"] if "amount" in m]
        self.assertIn({"kind": "MONEY", "unit": "USD", "low": 1001000000, "high": 1001000000},
                      amounts)
        only = self.tocsin("analyze", path, "--json", "--mentions-only").json
        self.assertEqual(set(only[0]), {"articleId", "language", "mentions"})
        self.assertEqual(only[0]["mentions"], results[0]["mentions"])

    def test_people_see_the_text_and_what_would_ring(self):
        text = "Microsoft raised 20 million dollars.\n"
        done = self.tocsin("analyze", "-", "--language", "en", input=text)
        self.assertIn("[Microsoft] raised [20 million dollars].", done.out)
        self.assertRegex(done.out, r"USD 20,000,000 +amount +1 .* new, rings new-amount")
        # Nothing was stored.
        self.assertNotIn("articleCount", self.tocsin("status", "--json").json[0])

    def test_many_in_order_and_the_bad_ones_named(self):
        path = self.write("x.jsonl", self.articles(*range(200)) + "nope\n" + self.articles(200))
        done = self.tocsin("analyze", path, "--json", "--mentions-only", code=1)
        self.assertEqual([r["articleId"] for r in done.json], [str(i) for i in range(201)])
        self.assertIn("x.jsonl:201: rejected: not the JSON of an article", done.err)


class RulesTest(harness.TestCase):

    FILE = """
rules:
  - name: big-money
    filter: new(amount) AND amount.unit = "USD" AND amount.high >= 1bn
    urgency: 2
    once_per: 30d
  - name: acme
    filter: new(entity) AND entity.display_name = "Microsoft"
"""

    def test_apply_list_get_delete(self):
        path = self.write("desk.yaml", self.FILE)
        check = self.tocsin("rules", "check", "-f", path)
        self.assertIn("2 rules right: 2 new, 0 changed, 0 gone", check.out)
        names = lambda: {r["name"] for r in self.tocsin("rules", "list", "--json").json}
        self.assertEqual(names(), {"rules/new-amount", "rules/new-organization"})
        done = self.tocsin("rules", "apply", "-f", path, "--set", "desk")
        self.assertIn("2 rules applied: 2 new", done.out)
        self.assertEqual(names(), {"rules/new-amount", "rules/new-organization",
                                   "rules/big-money", "rules/acme"})
        self.assertIn("2 as before", self.tocsin("rules", "apply", "-f", path, "--set", "desk").out)
        rule = self.tocsin("rules", "get", "big-money", "--json").json[0]
        self.assertEqual((rule["urgency"], rule["oncePer"], rule["ruleSet"]),
                         (2, "2592000s", "desk"))
        self.assertIn("30 days", self.tocsin("rules", "get", "rules/big-money").out)
        self.assertRegex(self.tocsin("rules", "list").out, r"big-money +desk +2 +30 days")

        self.tocsin("ingest", "-", input=self.articles(1))
        rung = {a["rule"] for a in self.tocsin("alerts", "--json").json}
        self.assertIn("rules/big-money", rung)
        self.tocsin("rules", "delete", "big-money")
        self.assertNotIn("rules/big-money", names())
        self.assertIn("nope", self.tocsin("rules", "get", "nope", code=1).err)

    def test_nothing_changes_if_anything_is_wrong(self):
        path = self.write("desk.yaml", self.FILE + "  - name: bad\n    filter: new(amount) AND\n")
        before = self.tocsin("rules", "list", "--json").out
        done = self.tocsin("rules", "apply", "-f", path, code=2)
        self.assertIn("^", done.err)
        self.assertIn("bad", done.err)
        typo = self.write("typo.yaml", "rules:\n  - name: a\n    filtr: x\n")
        self.assertIn("typo.yaml:3: a rule has no key 'filtr'",
                      self.tocsin("rules", "apply", "-f", typo, code=2).err)
        self.assertEqual(self.tocsin("rules", "list", "--json").out, before)

    def test_rules_of_the_daemons_files_are_read_only(self):
        done = self.tocsin("rules", "delete", "new-amount", code=4)
        self.assertIn("new-amount", done.err)


class NamesTest(harness.TestCase):

    FILE = """
names:
  - name: Quarnell Group
    type: organization
    aliases: [qnl kvast]
"""

    def test_apply_list_merge(self):
        path = self.write("names.yaml", self.FILE)
        self.assertIn("No names of your own", self.tocsin("names", "list").err)
        check = self.tocsin("names", "check", "-f", path)
        self.assertIn("1 name right: 1 new, 0 changed, 0 gone", check.out)
        self.assertEqual(self.tocsin("names", "list", "--json").json, [])
        self.assertIn("1 name applied: 1 new", self.tocsin("names", "apply", "-f", path).out)
        self.assertRegex(self.tocsin("names", "list").out,
                         r"Quarnell Group +organization +quarnell-group +qnl kvast")
        self.tocsin("ingest", "-", "--id", "a", input="They met at qnl kvast yesterday.")
        self.tocsin("ingest", "-", input=self.articles(1))
        self.assertIn("Quarnell Group, organization", self.tocsin("entity", "qnl kvast").out)
        merged = self.tocsin("names", "merge", "Microsoft", "qnl kvast")
        self.assertIn("qnl kvast is Microsoft from now on (2 articles)", merged.out)
        self.assertEqual(self.tocsin("entity", "quarnell-group", "--json").json[0]["name"],
                         "entities/microsoft")
        self.assertIn("are one already",
                      self.tocsin("names", "merge", "Microsoft", "qnl kvast", code=2).err)
        self.assertIn("nobody", self.tocsin("names", "merge", "Microsoft", "nobody", code=1).err)

    def test_nothing_changes_if_anything_is_wrong(self):
        path = self.write("names.yaml", self.FILE + "  - {name: Beta, type: person, "
                          "aliases: [qnl kvast]}\n")
        done = self.tocsin("names", "apply", "-f", path, code=2)
        self.assertIn("names[1].aliases[0]: `qnl kvast` is a form of names[0] already (Beta)",
                      done.err)
        typo = self.write("typo.yaml", "names:\n  - name: a\n    typ: x\n")
        self.assertIn("typo.yaml:3: a name has no key 'typ'",
                      self.tocsin("names", "apply", "-f", typo, code=2).err)
        self.assertEqual(self.tocsin("names", "list", "--json").json, [])


class ErrorsTest(harness.TestCase):
    SHARED = True

    def test_every_command_has_help_with_examples(self):
        top = self.tocsin("--help").out
        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", top)
            text = self.tocsin(command, "--help").out
            self.assertIn("Examples:\n", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 90, text)
        for code in ("0 ", "1 ", "2 ", "3 ", "4 ", "130 "):
            self.assertIn(f"\n  {code}", top)
        self.assertRegex(self.tocsin("--version").out, r"^tocsin \d+\.\d+\.\d+\n$")

    def test_no_daemon(self):
        away = "127.0.0.1:1"
        for arguments in (["status"], ["alerts"], ["watch", "--no-retry"],
                          ["watch", "--idle-exit", "1s"], ["entity", "X"], ["rules", "list"],
                          ["ingest", "-"], ["analyze", "-"]):
            done = self.tocsin(*arguments, server=away, input="Some text.", code=3)
            self.assertEqual(done.err.splitlines()[-1].split("; ")[0],
                             f"tocsin: no daemon at {away}: start it with `tocsind --data DIR`, "
                             "or name another with --server HOST:PORT")

    def test_wrong_command_lines(self):
        for arguments, said in (
                ([], "which command?"),
                (["nope"], "'nope'"),
                (["alerts", "--limit", "x"], "--limit: 'x' is not a whole number"),
                (["status", "--timeout", "soon"], "--timeout"),
                (["status", "--bogus"], "--bogus"),
                (["entity"], "name is required"),
                (["ingest"], "--follow DIR"),
                (["ingest", "/no/such/file"], "/no/such/file: no such file or directory"),
                (["rules"], "which command?"),
                (["rules", "apply", "-f", "/no/such/file"], "/no/such/file"),
                (["watch", "--idle-exit", "3"], "is not a duration"),
        ):
            done = self.tocsin(*arguments, code=2)
            self.assertIn(said, done.err, arguments)
            self.assertEqual(done.out, "")

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([harness.BIN / "tocsin", "status"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, env=self.environment(),
                                  timeout=harness.TIMEOUT)
        self.assertEqual(done.returncode, 4)
        self.assertIn("No space left on device", done.stderr)

    def test_an_answer_that_does_not_come_in_time(self):
        done = self.tocsin("status", "--timeout", "0.000001", code=3)
        self.assertIn("--timeout", done.err)


if __name__ == "__main__":
    unittest.main()
