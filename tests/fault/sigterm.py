#!/usr/bin/env python3
"""Stops the daemon with SIGTERM under load, again and again.

    sigterm.py [--cycles 4] [--articles 20000] [--seed N]

It has to end by itself with exit code 0, having answered what it took; then
senders and listeners go on with the next one, without loss.
"""
import random
import signal
import sys
import threading

import world


def run(options):
    chance = random.Random(options.seed)
    unclean = 0
    with world.World("sigterm", options.seed, options.articles, keep=options.keep) as it:
        it.start()
        cycles = 0
        while cycles < options.cycles and not it.sender.done():
            it.wait_for_acks(1)
            threading.Event().wait(chance.uniform(0, 1))
            code = it.daemon.stop(signal.SIGTERM)
            if code != 0:
                unclean += 1
                print(f"tocsind ended with {code}", file=sys.stderr)
            cycles += 1
            it.daemon.start()
        return it.report(cycles=cycles, unclean=unclean) or (1 if unclean else 0)


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=4, articles=20000)))
