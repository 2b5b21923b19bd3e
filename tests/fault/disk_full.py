#!/usr/bin/env python3
"""Fills the disk under a daemon that ingests, and empties it again.

    disk_full.py [--cycles 4] [--articles 60000] [--seed N]

The store is on a small tmpfs, which needs root; without it the program says so
and ends with 77. In each cycle a file takes all the space there is, at once or
bit by bit: so the end of the disk is met by the log of writes or by a flush.
Then ingest must be refused with RESOURCE_EXHAUSTED while reads go on and the
daemon stays up; and within 10 s of the space coming back articles are acked
again. Nothing acked may be lost.
"""
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

import grpc
import world
import harness  # Found by way of world.

DISK = 192 << 20
RESUMES_WITHIN = 10.0
FULL_FOR = 3.0
SKIPPED = 77


def mount(folder):
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tocsin", folder],
                          capture_output=True, text=True)
    return done.returncode == 0, done.stderr.strip()


def free(folder):
    stat = os.statvfs(folder)
    return stat.f_bavail * stat.f_frsize


def fill(path, slowly):
    """Takes all the space there is; returns when there is none."""
    with open(path, "wb", buffering=0) as file:
        while True:
            left = free(path.parent)
            if left < 1 << 16:
                return
            try:
                file.write(b"x" * min(left, 1 << (18 if slowly else 22)))
            except OSError:
                return
            if slowly:
                time.sleep(0.01)


def while_full(it, chance, faults):
    """Reads must go on, and nothing must be acked that is not written."""
    api = world.Api(it.daemon.address)
    end = time.monotonic() + FULL_FOR
    try:
        while time.monotonic() < end:
            index = chance.choice(list(it.sender.acks))
            if api.body(world.article_name(index)) != world.make_article(index, it.seed).body:
                faults.append("a read was wrong while the disk was full")
            api.last_sequence()
            time.sleep(0.05)
    except grpc.RpcError as error:
        faults.append(f"a read failed while the disk was full: {error.code().name}: "
                      f"{error.details()}")
    finally:
        api.close()
    if it.daemon.process.poll() is not None:
        faults.append(f"the daemon ended with {it.daemon.process.returncode}")


def run(options):
    chance = random.Random(options.seed)
    with world.World("disk_full", options.seed, options.articles, keep=options.keep) as it:
        disk = it.folder / "data"
        mounted, why = mount(disk)
        if not mounted:
            print(f"disk_full: seed {options.seed}: SKIPPED, 0 cycles: cannot mount a tmpfs: {why}")
            return SKIPPED
        try:
            return cycles(it, disk, chance, options)
        finally:
            it.daemon.kill()
            subprocess.run(["umount", "-l", disk], check=False)


def cycles(it, disk, chance, options):
    it.daemon.options += ["--reserve", "48M"]
    it.sender.retry_rejected = True
    it.start()
    faults, slowest, refused = [], 0.0, 0
    ballast = pathlib.Path(disk) / "lost+found"
    for cycle in range(options.cycles):
        it.wait_for_acks(200, it.daemon.process)
        threading.Event().wait(chance.uniform(0, 0.5))
        before = it.sender.retried
        fill(ballast, slowly=cycle % 2 == 1)
        while_full(it, chance, faults)
        refused += it.sender.retried - before
        if it.daemon.process.poll() is not None:
            break
        acked = len(it.sender.acks)
        ballast.unlink()
        began = time.monotonic()
        harness.wait_until(lambda: len(it.sender.acks) > acked or it.sender.done()
                           or it.daemon.process.poll() is not None,
                           "articles to be acked again")
        slowest = max(slowest, time.monotonic() - began)
        if it.sender.done():
            break
    if it.daemon.process.poll() is not None:
        it.daemon.process = None
        it.daemon.start()
    code = it.report(cycles=cycle + 1, refused=refused, resumed_within=f"{slowest:.1f} s")
    for fault in faults:
        print(f"disk_full: {fault}", file=sys.stderr)
    return 1 if faults or slowest > RESUMES_WITHIN or not refused else code


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=4, articles=60000)))
