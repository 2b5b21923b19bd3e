#!/usr/bin/env python3
"""Breaks a guarantee inside the daemon and checks that its validator notices.

    validate_validators.py [--seed N] [--articles 1500]

Each guarantee has a place in the code where it can be switched off
(TOCSIN_BROKEN in daemon/base/failpoint.h). For each of them articles go in, the
power is cut once, and the faults named here must be found; with nothing
broken, none.
"""
import collections
import contextlib
import io
import sys

import power
import world

# What to break: which of these faults have to show.
BREAKS = {
    "": set(),
    "store.unwritten=break@9": {"lost", "torn", "holes"},
    "store.unsynced=break@1": {"lost", "torn", "holes", "not resumed", "refused"},
    "store.torn=break@50": {"damaged", "lost"},
    "watch.skip=break@100": {"lost"},
    "watch.repeat=break@100": {"duplicated"},
    "watch.swap=break@100": {"out of order"},
    "watch.token=break@1": {"lost", "not resumed"},
    "pull.forget_ack=break@100": {"redelivered"},
    "pull.skip=break@100": {"lost"},
}


def faults_of(broken, options):
    with world.World("broken", options.seed, options.articles,
                     environment={"TOCSIN_FAILPOINTS": broken}) as it:
        supply = power.Power(it)
        it.start()
        it.wait_for_acks(options.articles // 3)
        supply.cut()
        try:
            it.daemon.start()
        except AssertionError as error:
            print(error)
            return {"refused"}  # The daemon noticed by itself.
        it.report()
        return {name for name, count in it.faults.items() if count}


def run(options):
    figures = collections.Counter()
    for broken, expected in BREAKS.items():
        with contextlib.redirect_stdout(io.StringIO()) as said, \
                contextlib.redirect_stderr(said):
            found = faults_of(broken, options)
        if found & expected if expected else not found:
            figures["noticed"] += bool(broken)
        else:
            figures["missed"] += 1
            print(f"{broken or 'nothing broken'}: expected {sorted(expected) or 'nothing'}, "
                  f"found {sorted(found) or 'nothing'}\n{said.getvalue()}", file=sys.stderr)
    print(f"validate_validators: seed {options.seed}: cycles {len(BREAKS)}, broken guarantees "
          f"noticed {figures['noticed']}, missed {figures['missed']}")
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, articles=1500)))
