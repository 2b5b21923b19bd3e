"""The Node examples, which load the protos at run time with @grpc/grpc-js."""
import unittest

import client_contract
import harness

EXAMPLES = harness.SOURCE / "clients/examples/node"
MODULES = harness.SOURCE / "tests/integration/node/node_modules"


class NodeClientTest(client_contract.ClientContract):

    def setUp(self):
        self.assertTrue((MODULES / "@grpc/grpc-js").is_dir(),
                        "run `npm ci --prefix tests/integration/node` first (tests/run.sh does)")
        super().setUp()

    def environment(self):
        return dict(super().environment(), NODE_PATH=str(MODULES))

    def ingest_command(self):
        return ["node", EXAMPLES / "ingest.js", self.daemon.address]

    def watch_command(self, token_file):
        return ["node", EXAMPLES / "watch.js", self.daemon.address, token_file]

    def test_ingest(self):
        self.check_ingest()

    def test_ingest_of_several_batches(self):
        self.check_ingest_of_several_batches()

    def test_every_alert_once_across_kills_of_both_sides(self):
        self.check_every_alert_once_across_kills_of_both_sides()


if __name__ == "__main__":
    unittest.main()
