"""What an example client must do, in whatever language it is written."""
import subprocess

import harness


class ClientContract(harness.TestCase):
    """Subclasses say how the two examples are started."""

    def ingest_command(self):
        raise NotImplementedError

    def watch_command(self, token_file):
        raise NotImplementedError

    def pull_command(self, subscription):
        raise NotImplementedError

    def ingest(self, lines, code=0):
        """[outcome, name or error] for each article."""
        done = subprocess.run(
            self.ingest_command(), input=lines, capture_output=True, text=True,
            env=self.environment(), timeout=harness.TIMEOUT)
        self.assertEqual(done.returncode, code, done)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def start_watch(self):
        return self.start_process(self.watch_command(self.folder / "token"))

    def logged(self):
        return self.tocsin("alerts", "--limit", 0, "--json").json

    def read_up_to(self, watcher, count, seen):
        """Reads from the watcher until `seen` holds so many alerts."""
        self.assertGreater(count, len(seen), "nothing new rang")
        while len(seen) < count:
            line = watcher.stdout.readline()
            self.assertTrue(line, line or "the watcher ended: " + watcher.stderr.read())
            seen.append(line.rstrip("\n").split("\t"))

    def check_ingest(self):
        results = self.ingest(self.articles(1, 2) + '{"id":"3"}\n' + self.articles(1), code=1)
        self.assertEqual([r[0] for r in results], ["STORED", "STORED", "REJECTED", "DUPLICATE"])
        self.assertEqual(results[0][1], "sources/test/articles/1")
        self.assertIn("body", results[2][1])

    def check_ingest_of_several_batches(self):
        results = self.ingest(self.articles(*range(1000)))
        self.assertEqual([r[1] for r in results],
                         [f"sources/test/articles/{i}" for i in range(1000)])

    def check_every_alert_once_across_kills_of_both_sides(self):
        seen = []
        self.ingest(self.articles(1, 2, 3))
        watcher = self.start_watch()
        self.read_up_to(watcher, len(self.logged()), seen)
        # Its place is saved after the alerts were handled.
        harness.wait_until((self.folder / "token").exists, "the token")
        last = self.logged()[-1]["resumeToken"]
        harness.wait_until(lambda: (self.folder / "token").read_text().strip() == last,
                           "the token of the last alert")
        watcher.kill()
        watcher.wait()

        self.ingest(self.articles(4, 5))
        watcher = self.start_watch()
        self.read_up_to(watcher, len(self.logged()), seen)

        # The daemon goes and comes back: the watcher connects again.
        self.daemon.stop()
        self.daemon.start()
        self.ingest(self.articles(6))
        self.read_up_to(watcher, len(self.logged()), seen)
        self.assertEqual([s[0] for s in seen], [a["sequence"] for a in self.logged()])
        self.assertEqual([s[2] for s in seen],
                         [a["mention"]["surface"] for a in self.logged()])

    def check_pull_hands_on_what_is_not_acked(self):
        """A puller is killed, another one goes on, the daemon comes back."""
        seen = []
        self.ingest(self.articles(1, 2, 3))
        puller = self.start_process(self.pull_command("desk"))
        self.read_up_to(puller, len(self.logged()), seen)

        def all_acked():
            got = self.tocsin("subscriptions", "get", "desk", "--json").json[0]
            return got.get("lag", "0") == "0"

        harness.wait_until(all_acked, "everything to be acked")
        puller.kill()
        puller.wait()
        self.ingest(self.articles(4, 5))
        puller = self.start_process(self.pull_command("desk"))
        self.read_up_to(puller, len(self.logged()), seen)
        harness.wait_until(all_acked, "everything to be acked")
        self.daemon.stop()
        self.daemon.start()
        self.ingest(self.articles(6))
        self.read_up_to(puller, len(self.logged()), seen)
        self.assertEqual([s[0] for s in seen], [a["sequence"] for a in self.logged()])
        self.assertEqual({s[4] for s in seen}, {"1"})
