#!/usr/bin/env python3
"""Kills the daemon in the middle of everything, again and again.

    kill9.py [--cycles 5] [--articles 20000] [--seconds 1.5] [--seed N]

Each cycle starts tocsind on the same directory and kills it with SIGKILL at a
random time, at most --seconds, after its first ack, while articles go in, at
most --articles of them, and listeners follow.
"""
import random
import sys
import threading

import world


def run(options):
    chance = random.Random(options.seed)
    with world.World("kill9", options.seed, options.articles, keep=options.keep) as it:
        it.start()
        cycles = 0
        # With everything acked there is nothing left to kill in the middle of.
        while cycles < options.cycles and not it.sender.done():
            it.wait_for_acks(1)
            threading.Event().wait(chance.uniform(0, options.seconds))
            it.daemon.kill()
            cycles += 1
            it.daemon.start()
        it.sender.send_no_more()
        if cycles < options.cycles:
            print(f"kill9: all {options.articles} articles were acked after {cycles} of "
                  f"{options.cycles} cycles: more need more --articles", file=sys.stderr)
        return it.report(cycles=cycles)


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=5, articles=20000, seconds=1.5)))
