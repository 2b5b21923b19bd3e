#!/usr/bin/env python3
"""Kills or fails the daemon before and after each write, ack and send.

    failpoints.py [--cycles 1] [--articles 6000] [--seed N]

Every failpoint (daemon/base/failpoint.h) is hit at a random count, once by a
kill and, where the code can fail there, once by an error; then the next daemon
goes on with the same archive. So often, `--cycles` times over.
"""
import random
import re
import sys

import world

MOST_HITS = 10  # Of a failpoint, before it acts.


def failpoints():
    """(name, action) of each, as the sources have them."""
    found = set()
    for path in sorted((world.SOURCE / "daemon").rglob("*.cc")):
        text = path.read_text()
        for match in re.finditer(r'(\(void\))?\s*TOCSIN_FAILPOINT\(\s*"([^"]+)"\)', text):
            found.add((match[2], "kill"))
            if not match[1]:
                found.add((match[2], "error"))
    return sorted(found)


def run(options):
    chance = random.Random(options.seed)
    points = failpoints() * options.cycles
    hit = 0
    with world.World("failpoints", options.seed, sys.maxsize, keep=options.keep) as it:
        it.daemon.start()
        it.follow()
        for name, action in points:
            it.daemon.kill()
            it.daemon.environment["TOCSIN_FAILPOINTS"] = (
                f"{name}={action}@{chance.randrange(1, MOST_HITS)}")
            if broken(it, name, options.articles):
                hit += 1
            else:
                print(f"{name}={action} was not hit", file=sys.stderr)
        it.daemon.kill()
        del it.daemon.environment["TOCSIN_FAILPOINTS"]
        it.daemon.start()
        it.sender.send_no_more()
        code = it.report(cycles=len(points), hit=hit)
        return code if hit == len(points) else 1


def broken(it, name, articles):
    """Runs the daemon until its failpoint acts, which it says in its log."""
    def acted():
        log = it.daemon.folder / "tocsind.log"
        return log.exists() and log.read_text().count(f"failpoint {name}\n") > before

    before = 0
    if acted():
        before = (it.daemon.folder / "tocsind.log").read_text().count(f"failpoint {name}\n")
    try:
        it.daemon.start()
    except AssertionError:
        return acted()  # Hit while it started.
    acks = len(it.sender.acks)
    world.harness.wait_until(
        lambda: acted() or len(it.sender.acks) - acks >= articles, "the failpoint")
    return acted()


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=1, articles=6000)))
