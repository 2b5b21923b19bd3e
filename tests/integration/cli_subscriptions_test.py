"""tocsin subscriptions and tocsin pull."""
import json
import signal
import unittest

import harness


class SubscriptionsTest(harness.TestCase):

    def ingest(self, *ids):
        self.tocsin("ingest", "-", input=self.articles(*ids))

    def logged(self):
        return [int(a["sequence"]) for a in self.tocsin("alerts", "--limit", 0, "--json").json]

    def get(self, name="desk"):
        return self.tocsin("subscriptions", "get", name, "--json").json[0]

    def create(self, *options):
        return self.tocsin("subscriptions", "create", "desk", "--from", "oldest", *options)

    def pull(self, *options, **rest):
        return self.tocsin("pull", "desk", "--json", *options, **rest)

    def sequences_of(self, result):
        return [int(d["alert"]["sequence"]) for d in result.json]

    def test_pulls_each_alert_once_over_calls_and_a_kill_of_the_daemon(self):
        self.ingest(1, 2, 3)
        self.create()
        logged = self.logged()
        first = self.pull("--limit", 2)
        self.assertEqual(self.sequences_of(first), logged[:2])
        self.assertEqual(first.json[0]["attempt"], 1)
        self.daemon.kill()
        self.daemon.start()
        second = self.pull("--limit", len(logged) - 2)
        self.assertEqual(self.sequences_of(second), logged[2:])
        self.assertEqual(self.get().get("lag", "0"), "0")

    def test_looking_leaves_them_there(self):
        self.ingest(1, 2)
        self.create()
        for _ in range(2):
            self.assertEqual(self.sequences_of(self.pull("--limit", 2, "--ack", "never")),
                             self.logged()[:2])
        text = self.tocsin("pull", "desk", "--limit", 1).out
        self.assertIn("attempt 3", text)

    def test_goes_on_live_until_interrupted(self):
        self.create()
        puller = self.start_tocsin("pull", "desk", "--json")
        self.ingest(1)
        line = json.loads(puller.stdout.readline())
        self.assertEqual(int(line["alert"]["sequence"]), 1)
        puller.send_signal(signal.SIGINT)
        self.assertEqual(puller.wait(timeout=harness.TIMEOUT), 130)

    def test_makes_lists_changes_moves_and_deletes(self):
        self.ingest(1, 2)
        made = self.create("--filter", "urgency <= 3", "--max-attempts", 5, "--ack-deadline", "30s",
                           "--max-outstanding", 7, "--ordered").out
        for part in ("desk", "urgency <= 3", "30 s", "at most 5", "at most 7", "by rule and key"):
            self.assertIn(part, made)
        self.assertIn("urgency <= 3", self.tocsin("subscriptions", "list").out)
        self.tocsin("subscriptions", "update", "desk", "--max-attempts", 0)
        got = self.get()
        self.assertNotIn("maxAttempts", got)
        self.assertEqual(got["maxOutstanding"], 7)
        done = self.tocsin("subscriptions", "update", "desk", "--max-attempts", 1,
                           "--etag", "wrong", code=None)
        self.assertEqual(done.code, 4)
        self.tocsin("subscriptions", "seek", "desk", "--to", "now")
        self.assertEqual(self.get().get("lag", "0"), "0")
        self.tocsin("subscriptions", "seek", "desk", "--to", "1h")
        self.assertEqual(int(self.get()["lag"]), len(self.logged()))
        self.assertIn("deleted desk", self.tocsin("subscriptions", "delete", "desk").out)
        self.assertEqual(self.tocsin("subscriptions", "list", "--json").out, "")
        self.assertIn("desk", self.tocsin("subscriptions", "get", "desk", code=1).err)

    def test_dead_letters_are_shown_and_replayed(self):
        self.ingest(1)
        self.create("--max-attempts", 1, "--ack-deadline", "1s")
        count = len(self.logged())
        # It takes them and says nothing, until they are given up.
        puller = self.start_tocsin("pull", "desk", "--ack", "never")
        harness.wait_until(lambda: int(self.get().get("deadLetterCount", 0)) == count,
                           "the alerts to be given up")
        puller.kill()
        letters = self.tocsin("subscriptions", "dead-letters", "desk", "--json").json
        self.assertEqual([int(d["alert"]["sequence"]) for d in letters], self.logged())
        self.assertIn("given up after 1 attempt",
                      self.tocsin("subscriptions", "dead-letters", "desk").out)
        self.assertIn("1 dead letter", self.tocsin("subscriptions", "replay", "desk",
                                                   letters[0]["alert"]["sequence"]).out)
        self.tocsin("subscriptions", "replay", "desk")
        self.assertEqual(self.sequences_of(self.pull("--limit", count)), self.logged())
        self.assertEqual(self.tocsin("subscriptions", "dead-letters", "desk", "--json").out, "")

    def test_errors_name_the_field_and_the_fix(self):
        self.assertIn("subscription_id", self.tocsin(
            "subscriptions", "create", "No_Good", code=2).err)
        self.assertIn("^", self.tocsin(
            "subscriptions", "create", "desk", "--filter", "urgency <= ", code=2).err)
        self.assertIn("nothing to change", self.tocsin(
            "subscriptions", "update", "desk", code=2).err)
        self.assertIn("desk", self.tocsin("pull", "desk", code=1).err)


if __name__ == "__main__":
    unittest.main()
