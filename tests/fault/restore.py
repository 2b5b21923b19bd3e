#!/usr/bin/env python3
"""Restores a backup under clients that have gone on since.

    restore.py [--cycles 2] [--articles 6000] [--seed N]

Each cycle makes a backup while articles go in, lets the log grow past it, kills
the daemon and goes on with the archive restored from the backup. A listener
from before the branch resumes as if nothing had been; one from beyond it is told
where the log branched (EPOCH_CHANGED) and goes on from there. The sender sends
again what the backup does not have.
"""
import random
import shutil
import subprocess
import sys

import grpc

import world

SKIPPED = 77
TRAILER = "grpc-status-details-bin"


def position_lost(error):
    """The PositionLost of a failed call, or None."""
    for key, value in error.trailing_metadata() or ():
        if key == TRAILER:
            for detail in world.ERROR.Error.FromString(value).details:
                lost = world.ALERT.PositionLost()
                if detail.Unpack(lost):
                    return lost
    return None


class Resuming:
    """A watcher that goes on where the log branched."""

    branches = 0

    def once(self):
        try:
            super().once()
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.OUT_OF_RANGE:
                raise
            lost = position_lost(error)
            if lost is None or lost.reason != world.ALERT.PositionLost.EPOCH_CHANGED:
                raise
            self.token = lost.resume_token
            self.position = 0
            self.resuming = True
            self.branches += 1

    def take(self, response):
        if getattr(self, "resuming", False):
            # The first response says where we are: what was seen beyond that
            # belongs to the log that ended.
            begin = response.alerts[0].sequence - 1 if response.alerts else response.sequence
            self.seen = [(sequence, seen) for sequence, seen in self.seen if sequence <= begin]
            self.resuming = False
        super().take(response)


class ResumingWatcher(Resuming, world.Watcher):
    pass


class ResumingHopper(Resuming, world.HoppingWatcher):
    pass


def backup(it):
    """The folder of a new backup."""
    api = world.Api(it.daemon.address)
    made = api.unary("AdminService/CreateBackup", world.ADMIN.CreateBackupRequest(),
                     world.ADMIN.Backup)
    api.close()
    return it.daemon.folder / "data" / made.name


def restore(it, folder):
    """Goes on with the archive of that backup, in the place of the old one."""
    kept = it.folder / "backup"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(folder.parent, kept)
    shutil.rmtree(it.daemon.folder / "data")
    subprocess.run([world.harness.BIN / "tocsind", "--restore", kept / folder.name,
                    "--data", it.daemon.folder / "data"],
                   check=True, timeout=world.harness.TIMEOUT, env=it.daemon.environment,
                   stdout=it.daemon.folder.joinpath("restore.log").open("a"),
                   stderr=subprocess.STDOUT)


def forget_later(it):
    """The sender sends again what the archive does not have."""
    api = world.Api(it.daemon.address)
    stored = set(api.all_articles())
    api.close()
    with it.sender.lock:
        lost = [index for index in it.sender.acks if str(index) not in stored]
        for index in lost:
            del it.sender.acks[index]
            it.sender.unacked[index] = None
    return len(lost)


def run(options):
    chance = random.Random(options.seed)
    listeners = [ResumingWatcher(),
                 ResumingWatcher("urgency <= 3", lambda alert: alert.urgency <= 3),
                 ResumingHopper(options.seed)]
    share = options.articles // (2 * options.cycles + 1)
    sent_again = 0
    with world.World("restore", options.seed, options.articles, listeners=listeners,
                     keep=options.keep) as it:
        it.start()
        for _ in range(options.cycles):
            it.wait_for_acks(share)
            folder = backup(it)
            it.wait_for_acks(chance.randrange(1, share))
            it.sender.stop()
            api = world.Api(it.daemon.address)
            last = api.last_sequence()
            api.close()
            # One of them is left before the branch, by chance.
            world.harness.wait_until(lambda: listeners[0].reached(last), "the first watcher")
            it.daemon.kill()
            restore(it, folder)
            it.daemon.start()
            sent_again += forget_later(it)
            it.sender.start(it.daemon.address)
        branches = sum(listener.branches for listener in listeners)
        code = it.report(cycles=options.cycles, sent_again=sent_again, branches=branches)
        return code if branches > 0 and sent_again > 0 else 1


def run_if_possible(options):
    try:
        return run(options)
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.UNIMPLEMENTED:
            raise
        print("restore: skipped, for this daemon makes no backups")
        return SKIPPED


if __name__ == "__main__":
    sys.exit(run_if_possible(world.arguments(__doc__, cycles=2, articles=6000)))
