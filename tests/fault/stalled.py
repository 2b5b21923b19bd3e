#!/usr/bin/env python3
"""One watcher of a hundred stops reading.

    stalled.py [--rounds 5] [--articles 2000] [--alerts 300000] [--seed N]

Runs stall_bench (tests/bench), which says what it costs the others: they get
everything, their throughput with and without the stalled one is printed, and
the daemon's memory may not grow by 10 MB.
"""
import subprocess
import sys

import world


def run(options):
    return subprocess.run(
        [world.harness.BIN / "stall_bench", "--dir", "/tmp", "--seed", str(options.seed),
         "--rounds", str(options.rounds), "--articles", str(options.articles),
         "--alerts", str(options.alerts)],
        check=False).returncode


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, rounds=5, articles=2000, alerts=300_000)))
