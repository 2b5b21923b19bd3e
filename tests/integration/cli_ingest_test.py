"""tocsin ingest: what goes in, what comes back, and what is said of it."""
import json
import os
import signal
import subprocess
import unittest

import harness


class IngestTest(harness.TestCase):

    def names(self):
        return {a["name"] for a in self.tocsin("articles", "--limit", 0, "--json").json}

    def test_text_files_directories_and_json_lines(self):
        self.write("in/b.txt", "A headline\n\nThe body names Microsoft.\n")
        self.write("in/a.jsonl", self.articles(1, 2))
        self.write("in/sub/c.txt", "Only a body here.\nIn two lines.\n")
        self.write("in/image.png", b"\x89PNG")
        done = self.tocsin("ingest", self.folder / "in", "--source", "ew", "--language", "en")
        self.assertRegex(done.out, r"^4 stored, 0 revised, 0 duplicates, 0 rejected; \d+ alerts? "
                                   r"\(4 articles in .* a second\)\n$")
        self.assertIn("left out 1 file", done.err)
        self.assertEqual(self.names(), {
            "sources/test/articles/1", "sources/test/articles/2",
            "sources/ew/articles/b", "sources/ew/articles/c"})
        b = self.tocsin("article", "ew/b", "--json").json[0]
        self.assertEqual(b["headline"], "A headline")
        self.assertEqual(b["body"], "The body names Microsoft.\n")
        self.assertNotIn("headline", self.tocsin("article", "ew/c", "--json").json[0])

        again = self.tocsin("ingest", self.folder / "in", "--source", "ew", "--language", "en")
        self.assertTrue(again.out.startswith("0 stored, 0 revised, 4 duplicates, 0 rejected; 0 al"))
        self.write("in/b.txt", "A headline\n\nThe body names Oracle.\n")
        third = self.tocsin("ingest", self.folder / "in/b.txt", "--source", "ew", "--language", "en")
        self.assertTrue(third.out.startswith("0 stored, 1 revised, 0 dup"), third)

    def test_standard_input_is_text_or_json(self):
        self.tocsin("ingest", "-", "--id", "from-a-pipe", input="Microsoft grows.\n")
        self.tocsin("ingest", "-", input=self.articles(7))
        text = "Another text of no name."
        first = self.tocsin("ingest", "-", "--json", input=text).json[0]
        second = self.tocsin("ingest", "-", "--json", input=text).json[0]
        self.assertEqual([first["outcome"], second["outcome"]], ["STORED", "DUPLICATE"])
        self.assertEqual(self.names(), {"sources/default/articles/from-a-pipe",
                                        "sources/test/articles/7", first["article"]})

    def test_bad_articles_are_named_and_the_rest_goes_in(self):
        self.write("utf8.txt", b"Stra\xdfe in Latin-1")
        self.write("empty.txt", "")
        self.write("large.txt", "word " * 500_000)  # Over 2 MiB.
        self.write("huge.txt", "word " * 2_000_000)  # Over what gRPC takes.
        self.write("lines.jsonl", self.articles(1) + '{"id":"2","text":"x"}\n' + "nonsense\n"
                   + '{"id":"3","body":"x","language":"not a tag"}\n' + self.articles(4))
        done = self.tocsin("ingest", *(self.folder / name for name in (
            "utf8.txt", "empty.txt", "large.txt", "huge.txt", "lines.jsonl")), code=1)
        self.assertTrue(done.out.startswith("2 stored, 0 revised, 0 duplicates, 7 rejected"), done)
        reasons = dict(line.replace(f"{self.folder}/", "").split(": rejected: ", 1)
                       for line in done.err.splitlines())
        self.assertIn("not UTF-8: byte 0xDF at offset 4, line 1", reasons["utf8.txt"])
        self.assertIn("body", reasons["empty.txt"])
        self.assertIn("body", reasons["large.txt"])
        self.assertIn("2 MiB", reasons["huge.txt"])
        self.assertIn("no field 'text'", reasons["lines.jsonl:2"])
        self.assertIn("not the JSON of an article", reasons["lines.jsonl:3"])
        self.assertIn("language", reasons["lines.jsonl:4"])
        self.assertEqual(len(reasons), 7)

    def test_json_results_are_in_order_and_name_their_input(self):
        path = self.write("x.jsonl", self.articles(1) + "{\n" + self.articles(2))
        done = self.tocsin("ingest", path, "--json", code=1)
        self.assertEqual([(r["outcome"], r["input"]) for r in done.json],
                         [("STORED", f"{path}:1"), ("REJECTED", f"{path}:2"),
                          ("STORED", f"{path}:3")])

    def test_suppressed_alerts_make_known(self):
        self.tocsin("ingest", "-", "--suppress-alerts", input=self.articles(1))
        self.assertEqual(self.tocsin("alerts", "--json").out, "")
        self.tocsin("ingest", "-", input=self.articles(1, 2).replace('"id": "1"', '"id": "9"'))
        rung = [a["mention"]["surface"] for a in self.tocsin("alerts", "--json").json]
        self.assertEqual(rung, ["1002 million dollars"])

    def test_what_comes_through_a_pipe_is_sent_without_waiting_for_its_end(self):
        process = self.start_process([harness.BIN / "tocsin", "ingest", "-", "--json"],
                                     stdin=subprocess.PIPE, env=self.environment())
        for i in (1, 2):
            process.stdin.write(self.articles(i))
            process.stdin.flush()
            harness.wait_until(
                lambda: f"sources/test/articles/{i}" in self.names(), "the article")
        process.stdin.close()
        self.assertEqual(process.wait(timeout=harness.TIMEOUT), 0)

    def test_many_articles_arrive_once_over_a_restart_of_the_daemon(self):
        count = 20_000
        path = self.write("many.jsonl", self.articles(*range(count)))
        process = self.start_tocsin("ingest", path, "--json")
        outcomes = {}
        for line in process.stdout:
            result = json.loads(line)
            outcomes[result["input"]] = result["outcome"]
            if len(outcomes) == 2000:
                self.daemon.stop(signal.SIGKILL)
                self.daemon.start()
        said = process.stderr.read()
        self.assertEqual(process.wait(timeout=harness.TIMEOUT), 0, said)
        # Each article got its result; what was stored and not acked came back
        # as a duplicate.
        self.assertEqual(len(outcomes), count)
        self.assertLessEqual(set(outcomes.values()), {"STORED", "DUPLICATE"})
        self.assertEqual(self.tocsin("status", "--json").json[0]["articleCount"], str(count))
        self.assertIn("trying again", said)

    def test_interrupted_says_what_was_acked(self):
        process = self.start_process([harness.BIN / "tocsin", "ingest", "-"],
                                     stdin=subprocess.PIPE, env=self.environment())
        process.stdin.write(self.articles(1, 2, 3))
        process.stdin.flush()
        harness.wait_until(lambda: len(self.names()) == 3, "the articles")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=harness.TIMEOUT), 130)
        self.assertTrue(process.stdout.read().startswith("3 stored, 0 revised"))

    def test_interrupted_while_the_daemon_is_away(self):
        process = self.start_process([harness.BIN / "tocsin", "ingest", "-"],
                                     stdin=subprocess.PIPE, env=self.environment())
        process.stdin.write(self.articles(1))
        process.stdin.flush()
        harness.wait_until(lambda: self.names(), "the article")
        self.daemon.stop()
        self.assertIn("trying again", self.send_until_it_says(process, 2))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=harness.TIMEOUT), 130)
        self.assertTrue(process.stdout.read().startswith("1 stored, 0 revised"))

    def send_until_it_says(self, process, article):
        process.stdin.write(self.articles(article))
        process.stdin.flush()
        return process.stderr.readline()


class FollowTest(harness.TestCase):

    def setUp(self):
        super().setUp()
        self.drop = self.folder / "drop"
        self.drop.mkdir()

    def follow(self):
        process = self.start_tocsin("ingest", "--follow", self.drop, "--source", "drop")
        self.assertIn("following", process.stderr.readline())
        return process

    def count(self):
        return int(self.tocsin("status", "--json").json[0].get("articleCount", 0))

    def test_takes_files_when_they_are_complete_and_moves_them(self):
        (self.drop / "before.txt").write_text("Here before it began.")
        follower = self.follow()
        harness.wait_until((self.drop / ".done/before.txt").exists, "the file of before")
        half = open(self.drop / "slow.jsonl", "w")
        half.write(self.articles(1)[:40])
        half.flush()
        (self.drop / "quick.txt").write_text("A quick one.")
        harness.wait_until((self.drop / ".done/quick.txt").exists, "the quick file")
        self.assertTrue((self.drop / "slow.jsonl").exists())
        half.write(self.articles(1)[40:])
        half.close()
        harness.wait_until((self.drop / ".done/slow.jsonl").exists, "the slow file")
        part = self.drop / "moved.txt.part"
        part.write_text("Moved in.")
        part.rename(self.drop / "moved.txt")
        harness.wait_until((self.drop / ".done/moved.txt").exists, "the moved file")
        (self.drop / "bad.txt").write_bytes(b"\xff")
        harness.wait_until((self.drop / ".rejected/bad.txt").exists, "the bad file")
        self.assertEqual(self.count(), 4)
        follower.send_signal(signal.SIGINT)
        self.assertEqual(follower.wait(timeout=harness.TIMEOUT), 130)
        self.assertTrue(follower.stdout.read().startswith("4 stored, 0 revised, 0 duplicates, 1 re"))
        self.assertIn("bad.txt: rejected: not UTF-8", follower.stderr.read())

    def test_waits_for_a_daemon_that_is_away(self):
        self.daemon.stop()
        follower = self.follow()
        (self.drop / "a.txt").write_text("Written while the daemon was away.")
        self.assertIn("trying again", follower.stderr.readline())
        self.assertTrue((self.drop / "a.txt").exists())
        self.daemon.start()
        harness.wait_until((self.drop / ".done/a.txt").exists, "the file")
        self.assertEqual(self.count(), 1)

    def test_a_folder_that_is_not_there(self):
        done = self.tocsin("ingest", "--follow", self.folder / "nowhere", code=2)
        self.assertIn("nowhere: cannot be followed: No such file or directory", done.err)


if __name__ == "__main__":
    unittest.main()
