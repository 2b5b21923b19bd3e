"""The Python examples, with stubs generated from the protos by Debian's packages."""
import subprocess
import unittest

import client_contract
import harness

PYTHON = "/usr/bin/python3"  # The one that Debian's python3-grpcio is for.
EXAMPLES = harness.SOURCE / "clients/examples/python"


class PythonClientTest(client_contract.ClientContract):

    def setUp(self):
        super().setUp()
        subprocess.run([EXAMPLES / "generate.sh", self.folder / "stubs"], check=True)

    def environment(self):
        return dict(super().environment(), PYTHONPATH=str(self.folder / "stubs"))

    def ingest_command(self):
        return [PYTHON, EXAMPLES / "ingest.py", "--server", self.daemon.address]

    def watch_command(self, token_file):
        return [PYTHON, EXAMPLES / "watch.py", "--server", self.daemon.address,
                "--state", token_file]

    def pull_command(self, subscription):
        return [PYTHON, EXAMPLES / "pull.py", "--server", self.daemon.address, subscription]

    def test_pull_hands_on_what_is_not_acked(self):
        self.check_pull_hands_on_what_is_not_acked()

    def test_ingest(self):
        self.check_ingest()

    def test_ingest_of_several_batches(self):
        self.check_ingest_of_several_batches()

    def test_every_alert_once_across_kills_of_both_sides(self):
        self.check_every_alert_once_across_kills_of_both_sides()


if __name__ == "__main__":
    unittest.main()
