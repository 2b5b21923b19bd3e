#!/usr/bin/env python3
"""Cuts the power in the middle of everything, again and again.

    powercut.py [--cycles 4] [--articles 12000] [--seconds 1] [--seed N]

Like kill9, but what the daemon wrote and did not sync is taken from its log
after each kill: what it acked, and what it showed to a watcher, has to be there
all the same.
"""
import random
import sys
import threading

import power
import world


def run(options):
    chance = random.Random(options.seed)
    with world.World("powercut", options.seed, options.articles, keep=options.keep) as it:
        supply = power.Power(it)
        it.start()
        cycles = 0
        while cycles < options.cycles and not it.sender.done():
            it.wait_for_acks(1)
            threading.Event().wait(chance.uniform(0, options.seconds))
            supply.cut()
            cycles += 1
            it.daemon.start()
        return it.report(cycles=cycles, unsynced_bytes=supply.bytes_lost)


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=4, articles=12000, seconds=1.0)))
