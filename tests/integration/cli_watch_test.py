"""tocsin watch and tocsin alerts."""
import json
import os
import pty
import signal
import subprocess
import unittest

import harness


class WatchTest(harness.TestCase):

    def ingest(self, *ids):
        self.tocsin("ingest", "-", input=self.articles(*ids))

    def logged(self):
        return [int(a["sequence"])
                for a in self.tocsin("alerts", "--limit", 0, "--json").json]

    def read(self, watcher, count):
        """Sequences of the next so many alerts of a watch --json."""
        lines = [watcher.stdout.readline() for _ in range(count)]
        self.assertTrue(all(lines), "the watcher ended")
        return self.sequences(lines)

    def test_replays_the_log_and_goes_on_live(self):
        self.ingest(1, 2)
        before = self.logged()
        watcher = self.start_tocsin("watch", "--from", "oldest", "--json")
        self.assertEqual(self.read(watcher, len(before)), before)
        self.ingest(3)
        after = self.logged()
        self.assertGreater(len(after), len(before))
        self.assertEqual(self.read(watcher, len(after) - len(before)), after[len(before):])

    def test_starts_anywhere(self):
        self.ingest(1, 2, 3)
        alerts = self.tocsin("alerts", "--limit", 0, "--json").json
        every = [a["sequence"] for a in alerts]
        token = alerts[1]["resumeToken"]
        for start, expected in (("oldest", every), ("0", every), ("2", every[2:]),
                                (token, every[2:]), ("1h", every), ("2000-01-01", every)):
            done = self.tocsin("watch", "--from", start, "--limit", len(expected), "--json")
            self.assertEqual([a["sequence"] for a in done.json], expected, start)

    def test_interrupt_tells_where_to_go_on(self):
        self.ingest(1, 2)
        watcher = self.start_tocsin("watch", "--from", "oldest", "--json")
        seen = self.read(watcher, len(self.logged()))
        watcher.send_signal(signal.SIGINT)
        self.assertEqual(watcher.wait(timeout=harness.TIMEOUT), 130)
        token = watcher.stderr.read().rsplit("--from ", 1)[1].strip()
        self.ingest(3)
        rest = self.tocsin("watch", "--from", token, "--json",
                           "--limit", len(self.logged()) - len(seen))
        self.assertEqual(seen + self.sequences(rest.out.splitlines()), self.logged())

    def test_state_file_keeps_the_place_over_kills(self):
        state = self.folder / "place"
        seen = []
        for round_number in range(3):
            self.ingest(2 * round_number, 2 * round_number + 1)
            wanted = len(self.logged()) - len(seen)
            self.assertGreater(wanted, 0)
            watcher = self.start_tocsin("watch", "--from", "oldest", "--state", state, "--json")
            seen += self.read(watcher, wanted)
            # A kill between an alert and its place in the file repeats it, as
            # printing and remembering cannot be one step; wait for the latter.
            last = self.tocsin("alerts", "--limit", 1, "--json").json[0]["resumeToken"]
            harness.wait_until(lambda: state.exists() and state.read_text().strip() == last,
                               "the place in the file")
            watcher.kill()
            watcher.wait()
        self.assertEqual(seen, self.logged())

    def test_connects_again_and_misses_nothing(self):
        self.ingest(1)
        watcher = self.start_tocsin("watch", "--from", "oldest", "--json")
        seen = self.read(watcher, len(self.logged()))
        self.daemon.stop(signal.SIGKILL)
        self.assertIn("trying again", watcher.stderr.readline())
        self.daemon.start()
        self.ingest(2)
        seen += self.read(watcher, len(self.logged()) - len(seen))
        self.assertEqual(seen, self.logged())
        self.assertIn("connected again", watcher.stderr.readline())

    def test_waits_for_a_daemon_that_is_not_there_yet(self):
        self.daemon.stop()
        watcher = self.start_tocsin("watch", "--from", "oldest", "--json")
        said = watcher.stderr.readline()
        self.assertIn("no daemon at", said)
        self.assertIn("trying again", said)
        self.daemon.start()
        self.assertEqual(watcher.stderr.readline(), "tocsin: connected\n")
        self.ingest(1)
        logged = self.logged()
        self.assertEqual(self.read(watcher, len(logged)), logged)

    def test_no_retry_ends_when_the_daemon_goes_away(self):
        watcher = self.start_tocsin("watch", "--from", "oldest", "--json", "--no-retry")
        harness.wait_until(
            lambda: self.tocsin("status", "--json").json[0].get("watcherCount"), "the watcher")
        self.daemon.kill()
        self.assertEqual(watcher.wait(timeout=harness.TIMEOUT), 3)

    def test_a_watch_from_now_misses_nothing_over_a_restart(self):
        self.ingest(1)
        watcher = self.start_tocsin("watch", "--json")
        harness.wait_until(
            lambda: self.tocsin("status", "--json").json[0].get("watcherCount"), "the watcher")
        self.daemon.stop()
        self.assertIn("trying again", watcher.stderr.readline())
        self.daemon.start()
        before = len(self.logged())
        self.ingest(2)
        self.assertEqual(self.read(watcher, len(self.logged()) - before),
                         self.logged()[before:])

    def test_ends_quietly_when_its_reader_goes_away(self):
        self.ingest(*range(20))
        watcher = self.start_tocsin("watch", "--from", "oldest", "--json")
        watcher.stdout.readline()
        watcher.stdout.close()
        self.assertEqual(watcher.wait(timeout=harness.TIMEOUT), 128 + signal.SIGPIPE)
        self.assertEqual(watcher.stderr.read(), "")
        watcher.stdout = None


class DigestTest(harness.TestCase):

    def setUp(self):
        super().setUp()
        # Quiet all day long, so that the hour does not matter.
        rules = self.write("quiet.yaml", """
rules:
  - name: quiet-amount
    filter: new(amount)
    quiet_hours: {time_zone: UTC, start: "00:00", end: "00:00"}
""")
        self.tocsin("rules", "apply", "-f", rules)

    def test_holds_what_rings_in_quiet_hours_until_the_watch_ends(self):
        self.tocsin("ingest", "-", input=self.articles(1, 2))
        arguments = ("watch", "--from", "oldest", "--idle-exit", "1s", "--digest")
        rules = [a["rule"] for a in self.tocsin(*arguments, "--json").json]
        self.assertEqual(rules[-2:], ["rules/quiet-amount"] * 2)
        self.assertNotIn("rules/quiet-amount", rules[:-2])
        self.assertEqual(sorted(rules), sorted(
            a["rule"] for a in self.tocsin("alerts", "--limit", 0, "--json").json))
        self.assertIn("In quiet hours: 2 alerts", self.tocsin(*arguments).out)

    def test_what_is_held_is_seen_again_after_a_kill(self):
        state = self.folder / "place"
        self.tocsin("ingest", "-", input=self.articles(1))
        watcher = self.start_tocsin("watch", "--from", "oldest", "--state", state, "--digest",
                                    "--json")
        loud = [json.loads(watcher.stdout.readline())["rule"] for _ in range(2)]
        self.assertNotIn("rules/quiet-amount", loud)
        watcher.kill()
        watcher.wait()
        again = self.tocsin("watch", "--from", "oldest", "--state", state, "--digest", "--json",
                            "--idle-exit", "1s")
        self.assertEqual([a["rule"] for a in again.json][-1], "rules/quiet-amount")
        # Shown at the end, so not again.
        again = self.tocsin("watch", "--state", state, "--digest", "--json", "--idle-exit", "1s")
        self.assertEqual(again.json, [])


class WatchOutputTest(harness.TestCase):
    SHARED = True

    def fill(self):
        self.tocsin("ingest", "-", input=self.articles(1, 2))

    def test_filter_and_idle_exit(self):
        done = self.tocsin("watch", "--from", "oldest", "--filter", "urgency <= 3",
                           "--idle-exit", "1s", "--json")
        self.assertEqual({a["rule"] for a in done.json}, {"rules/new-organization"})

    def test_a_wrong_filter_is_shown_with_its_place(self):
        for command in ("watch", "alerts"):
            done = self.tocsin(command, "--filter", "urgency <= AND", code=2)
            lines = done.err.splitlines()
            self.assertIn("column 12", lines[0])
            self.assertEqual(lines[1].index("AND"), lines[2].index("^"))

    def test_wrong_places_and_state_files(self):
        self.assertIn("not a token", self.tocsin("watch", "--from", "not.a.token", code=2).err)
        notes = self.write("notes", "my own notes\n")
        self.assertIn("something else", self.tocsin("watch", "--state", notes, code=2).err)
        self.assertEqual(notes.read_text(), "my own notes\n")

    def test_people_see_what_rang_and_why(self):
        done = self.tocsin("watch", "--from", "oldest", "--idle-exit", "1s")
        self.assertIn("USD 1,001,000,000 for Microsoft", done.out)
        self.assertIn("it raised [1001 million dollars] from its investors.", done.out)
        self.assertIn("new-amount, urgency 4; never seen before; Microsoft is new too",
                      done.out)
        self.assertIn("test/1 (en)", done.out)
        self.assertNotIn("\x1b", done.out)

    def test_colour_only_on_a_terminal_that_wants_it(self):
        command = [harness.BIN / "tocsin", "alerts"]
        self.assertIn("\x1b[1;33m1001 million dollars\x1b[0m", self.on_terminal(command))
        for variable, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
            self.assertNotIn("\x1b", self.on_terminal(command, **{variable: value}))

    def test_fits_the_terminal(self):
        for columns in (60, 100):
            output = self.on_terminal([harness.BIN / "tocsin", "alerts"], NO_COLOR="1",
                                      COLUMNS=str(columns))
            self.assertLessEqual(max(map(len, output.splitlines())), columns)

    def on_terminal(self, command, **environment):
        ours, theirs = pty.openpty()
        subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, check=True,
                       env=dict(self.environment(), **{"TERM": "xterm", **environment}),
                       timeout=harness.TIMEOUT)
        os.close(theirs)
        output = b""
        try:
            while chunk := os.read(ours, 65536):
                output += chunk
        except OSError:  # The end, on Linux.
            pass
        os.close(ours)
        return output.decode()


class AlertsTest(harness.TestCase):

    def test_the_latest_last_grouped_by_article(self):
        self.assertIn("No alerts yet.", self.tocsin("alerts").err)
        self.tocsin("ingest", "-", input=self.articles(1, 2, 3))
        alerts = self.tocsin("alerts", "--json").json
        self.assertEqual([int(a["sequence"]) for a in alerts], list(range(1, len(alerts) + 1)))
        for alert in alerts:
            begin = alert["passage"].get("begin", 0)
            marked = alert["passage"]["text"].encode()[begin:alert["passage"]["end"]]
            self.assertEqual(marked.decode(), alert["mention"]["surface"])
        people = self.tocsin("alerts").out
        for i in (1, 2, 3):
            self.assertEqual(people.count(f"test/{i} (en)"), 1)
        self.assertLess(people.index("test/1"), people.index("test/3"))
        self.assertEqual(self.tocsin("alerts", "--limit", 0).out, people)

        latest = self.tocsin("alerts", "--limit", 2, "--json").json
        self.assertEqual(latest, alerts[-2:])
        self.assertIn("The latest 2 alerts", self.tocsin("alerts", "--limit", 2).err)

    def test_filter(self):
        self.tocsin("ingest", "-", input=self.articles(1, 2))
        done = self.tocsin("alerts", "--filter", "rule = \"rules/new-amount\"", "--json")
        self.assertEqual([a["mention"]["surface"] for a in done.json],
                         ["1001 million dollars", "1002 million dollars"])
        self.assertIn("No alert matches.", self.tocsin("alerts", "--filter", "urgency = 9").err)

    def test_head_ends_it_quietly(self):
        self.tocsin("ingest", "-", input=self.articles(*range(500)))
        done = subprocess.run(
            f"{harness.BIN}/tocsin alerts --limit 0 --json 2>&1 | head -n 1", shell=True,
            capture_output=True, text=True, env=self.environment(), timeout=harness.TIMEOUT)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertEqual(json.loads(done.stdout)["sequence"], "1")


if __name__ == "__main__":
    unittest.main()
