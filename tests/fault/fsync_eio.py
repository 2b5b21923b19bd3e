#!/usr/bin/env python3
"""Lets every fsync fail from the n-th on, in the middle of an ingest.

    fsync_eio.py [--cycles 3] [--articles 6000] [--seed N]

A shim (eio_shim.c, built here with cc) makes fsync and fdatasync of the log of
writes, or of the high-water file, return EIO after n calls. From then on nothing
may be acked: the log on disk is no longer known. The daemon must say so, stay
up, and a restart on a disk that works must have everything that was acked.
"""
import random
import subprocess
import sys
import threading

import grpc
import world
import harness  # Found by way of world.

QUIET = 2.0  # Seconds without an ack, after the failure.


def build_shim(folder):
    shim = folder / "eio_shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim,
                    world.SOURCE / "tests/fault/eio_shim.c", "-ldl"], check=True)
    return shim


def acks_after_failure(it):
    """Waits for the failure; returns how many acks came after it."""
    log = it.folder / "tocsind.log"
    harness.wait_until(lambda: b"eio_shim:" in log.read_bytes() or it.sender.done(),
                       "a sync to fail")
    if it.sender.done():
        return 0, False
    # What was acked by earlier syncs may still be on its way.
    threading.Event().wait(QUIET)
    before = len(it.sender.acks)
    threading.Event().wait(QUIET)
    return len(it.sender.acks) - before, True


def says_so(it):
    """Whether the daemon is up, serves reads, and warns of its state."""
    api = world.Api(it.daemon.address)
    try:
        status = api.unary("AdminService/GetStatus", world.ADMIN.GetStatusRequest(),
                           world.ADMIN.GetStatusResponse)
        api.all_articles()
        return any("nothing more is written" in warning or "cannot sync" in warning
                   for warning in status.warnings)
    except grpc.RpcError:
        return False
    finally:
        api.close()


def run(options):
    chance = random.Random(options.seed)
    with world.World("fsync_eio", options.seed, options.articles, keep=options.keep) as it:
        shim = build_shim(it.folder)
        late = silent = failures = 0
        clean = dict(it.daemon.environment)
        it.sender.retry_rejected = True
        for cycle in range(options.cycles):
            log = it.folder / "tocsind.log"
            if log.exists():
                log.unlink()
            it.daemon.environment = dict(
                clean, LD_PRELOAD=str(shim), TOCSIN_EIO_AFTER=str(chance.randrange(20, 60)),
                TOCSIN_EIO_PATH=".log" if cycle % 2 == 0 else "HIGH-WATER")
            if cycle % 2:  # Synced once a second.
                it.daemon.environment["TOCSIN_EIO_AFTER"] = str(chance.randrange(1, 3))
            if cycle == 0:
                it.start()
            else:
                it.daemon.start()
            acked, failed = acks_after_failure(it)
            late += acked
            failures += failed
            if failed:
                silent += not says_so(it)
            it.daemon.kill()
            it.daemon.environment = clean
        it.daemon.start()
        code = it.report(cycles=options.cycles, failures=failures, acked_late=late, unsaid=silent)
        return 1 if late or silent or not failures else code


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=3, articles=6000)))
