"""tocsin backup, tocsind --check and --restore, and clients that go on."""
import json
import subprocess
import unittest

import harness


class BackupTest(harness.TestCase):
    def tocsind(self, *arguments, code=0):
        done = subprocess.run([harness.BIN / "tocsind", *map(str, arguments)],
                              capture_output=True, text=True, timeout=harness.TIMEOUT)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def ingest(self, first, last):
        self.tocsin("ingest", "-", input=self.articles(*range(first, last)))

    def last_token(self):
        return self.tocsin("alerts", "--limit", 1, "--json").json[0]["resumeToken"]

    def test_a_restored_archive_goes_on_where_clients_are(self):
        self.ingest(0, 5)
        shared = self.last_token()
        made = self.tocsin("backup", "create", "--json").json[0]
        self.assertEqual((made["name"], made["state"]), ("backups/1", "READY"))
        branch = int(made["lastSequence"])
        self.assertGreater(branch, 4)
        self.ingest(5, 8)
        beyond = self.last_token()
        self.assertIn("made backups/2", self.tocsin("backup", "create").out)
        names = [backup["name"] for backup in self.tocsin("backup", "list", "--json").json]
        self.assertEqual(names, ["backups/1", "backups/2"])
        self.assertIn("ready", self.tocsin("backup", "list").out)
        self.assertIn("every checksum", self.tocsin("backup", "verify", 1).out)
        self.assertIn("no backup 7", self.tocsin("backup", "verify", 7, code=1).err)
        self.daemon.stop()

        data = self.folder / "data"
        self.tocsind("--restore", data / "backups/1", "--data", data, code=3)
        done = self.tocsind("--restore", data / "backups/1", "--data", self.folder / "new")
        self.assertIn(f"alerts up to {branch}", done.stdout)
        self.assertIn("everything is as it should be",
                      self.tocsind("--check", "--data", self.folder / "new").stdout)
        data.rename(self.folder / "old")
        (self.folder / "new").rename(data)
        self.daemon.start()

        # From before the branch a client goes on as if nothing had been.
        self.ingest(20, 22)
        last = json.loads(self.tocsin("alerts", "--limit", 1, "--json").out)["sequence"]
        watch = self.start_tocsin("watch", "--json", "--from", shared)
        seen = []
        while not seen or seen[-1] != int(last):
            seen.append(int(json.loads(watch.stdout.readline())["sequence"]))
        self.assertEqual(seen, list(range(branch + 1, int(last) + 1)))
        # From beyond it, it is told, and goes on at the branch.
        told = self.tocsin("watch", "--json", "--from", beyond, "--limit", len(seen))
        self.assertEqual(self.sequences(told.out.splitlines()), seen)
        self.assertIn(f"branched at {branch}", told.err)

    def test_check_finds_what_is_damaged_by_its_name(self):
        self.ingest(0, 5)
        self.daemon.stop()
        data = self.folder / "data"
        self.assertEqual(
            json.loads(self.tocsind("--check", "--json", "--data", data).stdout)["findingCount"], 0)
        table = max((data / "db").glob("*.sst"), key=lambda path: path.stat().st_size)
        whole = table.read_bytes()
        content = bytearray(whole)
        content[len(content) // 2] ^= 1
        table.write_bytes(content)
        found = json.loads(self.tocsind("--check", "--json", "--data", data, code=1).stdout)
        self.assertTrue(any(table.name in finding["where"] + finding["what"] for finding in found["findings"]), found)
        self.tocsind("--check", "--data", self.folder / "nowhere", code=3)
        table.write_bytes(whole)
        (data / "HIGH-WATER").unlink()
        self.assertIn("HIGH-WATER", self.tocsind("--check", "--data", data, code=1).stdout)


if __name__ == "__main__":
    unittest.main()
