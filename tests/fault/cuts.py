#!/usr/bin/env python3
"""Cuts every connection at random, in the middle of messages.

    cuts.py [--articles 10000] [--kilobytes 400] [--seed N]

Senders and listeners reach the daemon through a proxy that resets each
connection after about so many kilobytes.
"""
import sys

import proxy
import world


def run(options):
    with world.World("cuts", options.seed, options.articles, keep=options.keep) as it:
        it.daemon.start()
        between = proxy.Proxy(it.daemon.port, options.seed, options.kilobytes << 10).start()
        it.address = between.address
        it.follow()
        it.wait_until_sent()
        between.cut_bytes = between.NEVER  # So that the last of them can finish.
        code = it.report(cycles=between.cuts)
        it.stop_followers()
        between.stop()
        return code if between.cuts > 0 else 1


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, articles=10000, kilobytes=400)))
