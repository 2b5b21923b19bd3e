#!/usr/bin/env python3
"""Fills the disk under a daemon that ingests, and empties it again.

    disk_full.py [--cycles 6] [--articles 2000000] [--seed N]

The store is on a small tmpfs, which needs root; without it the program says so
and ends with 77. In each cycle a file takes all the space there is but for a
little, at once or bit by bit, and the daemon takes the rest, with a reserve and
without one: so the end of the disk is met by the log of writes, by a flush or by
whatever else is written. Then ingest must be refused with RESOURCE_EXHAUSTED
while reads go on and the daemon stays up; a change of a subscription is done or
refused, but answered; and within 10 s of the space coming back articles are
acked again. Every third cycle the daemon ends on the full disk and is started
there again. Nothing acked may be lost.
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
from google.protobuf import empty_pb2
import harness  # Found by way of world.

DISK = 96 << 20
RESUMES_WITHIN = 10.0
ANSWERS_WITHIN = 20.0
FULL_FOR = 2.0
REFUSES_WITHIN = 30.0  # What is claimed of the log's room may last for a while.
RESERVES = ("24M", "1")  # One byte is none.
SKIPPED = 77


def mount(folder):
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tocsin", folder],
                          capture_output=True, text=True)
    return done.returncode == 0, done.stderr.strip()


def free(folder):
    stat = os.statvfs(folder)
    return stat.f_bavail * stat.f_frsize


def fill(path, slowly, spare):
    """Takes all the space there is but for `spare` bytes."""
    with open(path, "wb", buffering=0) as file:
        while True:
            left = free(path.parent) - spare
            if left < 1 << 12:
                return
            try:
                file.write(b"x" * min(left, 1 << (19 if slowly else 22)))
            except OSError:
                return
            if slowly:
                time.sleep(0.01)


REFUSED = (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE,
           grpc.StatusCode.CANCELLED)


class Changes(world.Follower):
    """Makes a subscription and deletes it, again and again: each call is answered."""

    def __init__(self, faults):
        super().__init__()
        self.faults = faults

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def once(self):
        began = time.monotonic()
        try:
            self.change()
        except grpc.FutureCancelledError:
            return
        except grpc.RpcError as error:
            if error.code() not in REFUSED:
                self.faults.append(f"a change ended with {error.code().name}: {error.details()}")
        if time.monotonic() - began > ANSWERS_WITHIN:
            self.faults.append(f"a change took {time.monotonic() - began:.1f} s")

    def change(self):
        request = world.ALERT.CreateSubscriptionRequest(subscription_id="changed")
        self.call = self.api.begin("AlertService/CreateSubscription", request,
                                   world.ALERT.Subscription)
        if self.call.code() == grpc.StatusCode.ALREADY_EXISTS:
            self.call = self.api.begin(
                "AlertService/DeleteSubscription",
                world.ALERT.DeleteSubscriptionRequest(name="subscriptions/changed"),
                empty_pb2.Empty)
        self.call.result()


def while_full(it, before, chance, faults):
    """Reads must go on, and articles must be refused, more than `before`."""
    api = world.Api(it.daemon.address)
    began = time.monotonic()

    def goes_on():
        refused = it.sender.refusals() > before or it.daemon.process.poll() is not None
        return time.monotonic() < began + (FULL_FOR if refused else REFUSES_WITHIN)
    try:
        while goes_on():
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
            return cycles(it, chance, options)
        finally:
            it.daemon.kill()
            subprocess.run(["umount", "-l", disk], check=False)


def restart(it, faults):
    """Ends the daemon and starts it again; a start may be refused, with the reason."""
    code = it.daemon.stop()
    if code != 0:
        faults.append(f"SIGTERM on a full disk: the daemon ended with {code}")
    try:
        it.daemon.start()
    except AssertionError as error:
        code, it.daemon.process = it.daemon.process.returncode, None
        if code < 0 or "No space" not in str(error) and "full" not in str(error):
            faults.append(f"a start on a full disk ended with {code}: {str(error)[-500:]}")
        return False
    return True


def cycle(it, number, chance, faults):
    """Fills the disk and empties it; returns how often ingest was refused, and the
    seconds until articles were acked again."""
    it.daemon.options = ["--reserve", RESERVES[number % 2]]
    it.daemon.kill()
    it.daemon.start()
    it.wait_for_acks(200, it.daemon.process)
    threading.Event().wait(chance.uniform(0, 0.5))
    ballast = it.folder / "data" / "lost+found"
    before = it.sender.refusals()
    fill(ballast, slowly=number % 4 > 1, spare=chance.choice((0, chance.randrange(1 << 22))))
    with Changes(faults) as changes:
        changes.start(it.daemon.address)
        while_full(it, before, chance, faults)
        refused = it.sender.refusals() - before
        up = (number % 3 != 2 or it.daemon.process.poll() is not None
              or restart(it, faults))
    acked = len(it.sender.acks)
    ballast.unlink()
    began = time.monotonic()
    if not up:
        it.daemon.start()
    harness.wait_until(lambda: len(it.sender.acks) > acked
                       or it.daemon.process.poll() is not None, "articles to be acked again")
    return refused, time.monotonic() - began


def cycles(it, chance, options):
    it.sender.retry_rejected = True
    it.sender.pause = 0.05
    it.daemon.options = ["--reserve", RESERVES[0]]
    it.start()
    faults, refused, slowest = [], [], 0.0
    while len(refused) < options.cycles and it.daemon.process.poll() is None:
        count, seconds = cycle(it, len(refused), chance, faults)
        refused.append(count)
        slowest = max(slowest, seconds)
    it.sender.send_no_more()
    if it.daemon.process.poll() is not None:
        faults.append(f"the daemon ended with {it.daemon.process.returncode}")
        it.daemon.process = None
        it.daemon.start()
    code = it.report(cycles=len(refused), refused=sum(refused),
                     resumed_within=f"{slowest:.1f} s")
    for fault in faults:
        print(f"disk_full: {fault}", file=sys.stderr)
    return 1 if faults or slowest > RESUMES_WITHIN or not all(refused) else code


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=6, articles=2000000)))
