#!/usr/bin/env python3
"""Starts a second daemon on the directory of a running one.

    two_daemons.py [--cycles 3] [--articles 3000] [--seed N]

The second is refused with a message that says why, and the first, which is
taking articles, does not notice.
"""
import subprocess
import sys

import world


def refused(it):
    """Whether a second daemon ends at once, saying who is in the way."""
    done = subprocess.run(
        [world.harness.BIN / "tocsind", "--data", it.daemon.folder / "data", "--listen", "127.0.0.1:0"],
        capture_output=True, text=True, timeout=world.harness.TIMEOUT)
    clear = (done.returncode == 3 and "another daemon" in done.stderr
             and str(it.daemon.folder / "data") in done.stderr
             and done.stderr.count("tocsind:") == 1)
    if not clear:
        print(f"exit code {done.returncode}\n{done.stderr}", file=sys.stderr)
    return clear


def run(options):
    with world.World("two_daemons", options.seed, options.articles, keep=options.keep) as it:
        it.start()
        count = 0
        for _ in range(options.cycles):
            it.wait_for_acks(100)
            count += refused(it)
        code = it.report(cycles=options.cycles, refused=count)
        return code if count == options.cycles else 1


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=3, articles=3000)))
