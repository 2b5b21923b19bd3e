#!/usr/bin/env python3
"""The five annotated articles through a real daemon, as a newsroom would send them.

  articles_test.py BIN_DIR SHARED_DIR [--verbose]

Starts tocsind on an empty store with the default rules, ingests the articles in
order, and checks what rang against SHARED_DIR/eval/seeds: each distinct sum once
and nothing else, nothing when the same files come again, and what the archive
says of an entity that all of them name. Exits with 77 (skipped) if SHARED_DIR
has no such data.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

BIN = pathlib.Path(sys.argv[1])
SHARED = pathlib.Path(sys.argv[2])
SEEDS = SHARED / "eval" / "seeds" / "amounts.jsonl"
ARTICLES = sorted((SHARED / "articles").glob("*.txt"))


class Daemon:
    """A tocsind on a store of its own, on a port of its own."""

    def __init__(self, directory):
        port_file = pathlib.Path(directory) / "port"
        self.log = open(pathlib.Path(directory) / "log", "w")
        self.process = subprocess.Popen(
            [BIN / "tocsind", "--data", f"{directory}/data",
             "--listen", "127.0.0.1:0", "--port-file", port_file],
            stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("tocsind did not start: " +
                                   open(self.log.name).read())
            time.sleep(0.02)
        self.server = "127.0.0.1:" + port_file.read_text().strip()

    def tocsin(self, *args):
        done = subprocess.run([BIN / "tocsin", "--server", self.server, *args],
                              capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f"tocsin {args[0]}: {done.stderr}")
        return done.stdout

    def alerts(self):
        lines = self.tocsin("alerts", "--json", "--limit", "0").splitlines()
        return [json.loads(line) for line in lines]

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


def sum_of(amount):
    # Counts of one thing are named differently by different people: their
    # value has to do.
    unit = "" if amount["kind"] == "COUNT" else amount["unit"]
    low = float(amount.get("low", amount.get("value", 0)))
    high = float(amount.get("high", amount.get("value", 0)))
    return amount["kind"], unit, low, high


class ArticlesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.daemon = Daemon(cls.folder.name)
        cls.summary = cls.daemon.tocsin("ingest", *map(str, ARTICLES))
        cls.alerts = cls.daemon.alerts()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()
        cls.folder.cleanup()

    def test_each_distinct_sum_rings_once_and_nothing_else(self):
        expected = set()
        for line in SEEDS.read_text().splitlines():
            expected |= {sum_of(m) for m in json.loads(line)["mentions"]}
        rung = [a["mention"]["amount"] for a in self.alerts
                if "amount" in a["mention"]]
        self.assertEqual([a for a in rung if a.get("vague")], [])
        self.assertEqual(sorted(map(sum_of, rung)), sorted(expected))

    def test_a_sum_told_by_four_articles_is_shown_once(self):
        self.assertEqual(
            self.daemon.tocsin("alerts", "--limit", "0").count(
                "USD 500,000,000,000"), 1)

    def test_every_passage_shows_its_mention(self):
        self.assertGreater(len(self.alerts), len(ARTICLES))
        for alert in self.alerts:
            passage = alert["passage"]
            text = passage["text"].encode()
            marked = text[passage.get("begin", 0):passage["end"]].decode()
            self.assertEqual(marked, alert["mention"]["surface"])

    def test_no_entity_rings_twice(self):
        names = [a["mention"]["entity"]["name"] for a in self.alerts
                 if "entity" in a["mention"]]
        self.assertEqual(sorted(names), sorted(set(names)))

    def test_an_entity_has_its_history_over_languages(self):
        entity = json.loads(self.daemon.tocsin("entity", "OpenAI", "--json"))
        history = entity["history"]
        self.assertTrue(history["firstArticle"].endswith(ARTICLES[0].stem))
        self.assertEqual(int(history["articleCount"]), len(ARTICLES))
        self.assertEqual({f["language"] for f in history["forms"]},
                         {"sv", "nl", "de", "da"})

    def test_sending_them_again_changes_nothing(self):
        before = json.loads(self.daemon.tocsin("status", "--json"))
        self.daemon.tocsin("ingest", *map(str, ARTICLES))
        after = json.loads(self.daemon.tocsin("status", "--json"))
        self.assertEqual(before["revisionCount"], after["revisionCount"])
        self.assertEqual(self.alerts, self.daemon.alerts())


if __name__ == "__main__":
    if not SEEDS.exists() or not ARTICLES:
        print(f"skipped: no annotated articles in {SHARED}")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
