#!/usr/bin/env python3
"""Damages the files of a store, one at a time, and looks at what comes of it.

    damage.py [--count 24] [--articles 400] [--seed N]

Each trial takes a copy of a store as kill -9 left it, flips a bit of one of its
files, cuts the file or deletes it, and asks `tocsind --check` about it, and then
a daemon for everything that was acked. Damage must be refused, with the name of
a file, when the store is opened or by --check, or be an error of the read that
meets it: never wrong data, never something missing in silence, never a crash.
What changes nothing that is read (a bit of an unused byte) may pass.
"""
import collections
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import grpc
import validators
import world
import harness  # Found by way of world.

KINDS = {"wal": "*.log", "sst": "*.sst", "blob": "*.blob", "manifest": "MANIFEST-*",
         "current": "CURRENT"}
ACTS = ("flip", "flip", "flip", "cut", "delete")


def make_store(folder, options):
    """A store that was killed, with files of every kind, and what it acked."""
    daemon = harness.Daemon(folder, world.RULES)
    # Small buffers, so that there are tables and blob files beside the log.
    daemon.options = ["--reserve", "16M"]
    sender = world.Sender(options.seed, options.articles)
    for part in (options.articles // 2, options.articles):
        sender.limit = part
        daemon.start()
        sender.start(daemon.address)
        harness.wait_until(sender.done, "everything to be acked")
        sender.stop()
        api = world.Api(daemon.address)
        alerts = api.all_alerts()
        api.close()
        if part < options.articles:
            daemon.stop()  # Flushes: tables and blobs of the first half.
    daemon.kill()
    bodies = {world.article_name(i): world.make_article(i, options.seed).body
              for i in range(options.articles)}
    return bodies, alerts


def files_of(store):
    found = [("high-water", store / "HIGH-WATER"), ("marker", store / "TOCSIN")]
    for kind, pattern in KINDS.items():
        found += [(kind, path) for path in (store / "db").glob(pattern)
                  if path.stat().st_size > 0]
    return found


def damage(path, act, chance):
    """Returns what was done."""
    content = bytearray(path.read_bytes())
    if act == "delete":
        path.unlink()
        return "deleted"
    # Logs are made longer than what is in them; only what is in them counts.
    end = len(content.rstrip(b"\0"))
    if act == "cut":
        at = chance.randrange(end)
        path.write_bytes(content[:at])
        return f"cut at {at}"
    at, bit = chance.randrange(end), chance.randrange(8)
    content[at] ^= 1 << bit
    path.write_bytes(content)
    return f"bit {bit} of byte {at} flipped"


def check(store):
    """Whether --check refused or found something, and what it said."""
    done = subprocess.run([harness.BIN / "tocsind", "--check", "--json", "--data", store],
                          capture_output=True, text=True, timeout=harness.TIMEOUT)
    if done.returncode == 1:
        return True, "\n".join(f"{f['where']}: {f['what']}"
                               for f in json.loads(done.stdout)["findings"])
    if done.returncode == 3:
        return True, done.stderr
    if done.returncode != 0:
        raise Crash(f"--check ended with {done.returncode}: {done.stderr[-300:]}")
    return False, ""


class Crash(Exception):
    pass


def read_all(folder, bodies, alerts, faults):
    """Reads everything that can be read; counts what is wrong or missing without
    an error. Returns whether there was an error."""
    daemon = harness.Daemon(folder, world.RULES)
    try:
        daemon.start()
    except AssertionError:
        if daemon.process.returncode != 3:
            raise Crash(f"tocsind ended with {daemon.process.returncode}") from None
        return True
    api = world.Api(daemon.address)
    errors = 0
    try:
        for name, body in bodies.items():
            try:
                faults["wrong"] += api.body(name) != body
            except grpc.RpcError as error:
                errors += 1
                faults["lost"] += error.code() == grpc.StatusCode.NOT_FOUND
                if error.code() == grpc.StatusCode.UNAVAILABLE:
                    break
        try:
            got = api.all_alerts()
            faults["lost"] += len(set(alerts) - set(got))
            faults["wrong"] += len(set(got) - set(alerts))
        except grpc.RpcError:
            errors += 1
        if daemon.process.poll() is not None:
            raise Crash(f"tocsind ended with {daemon.process.returncode}")
    finally:
        api.close()
        daemon.kill()
    return errors > 0


def trial(folder, original, number, options, expected, faults, chance):
    """One copy, one damage. Returns how it was met: refused, error, harmless."""
    copy = folder / f"trial{number}"
    copy.mkdir()
    shutil.copytree(original, copy / "data")
    # Kinds in turn, so that a small count meets each.
    files = files_of(copy / "data")
    kinds = sorted({kind for kind, _ in files})
    kind = kinds[number % len(kinds)]
    path = chance.choice([path for k, path in files if k == kind])
    what = f"{kind} {path.name}: {damage(path, chance.choice(ACTS), chance)}"
    shutil.copytree(copy / "data", copy / "checked")
    before = faults.total()
    try:
        refused, said = check(copy / "checked")
        error = read_all(copy, *expected, faults)
    except Crash as crash:
        faults["crashes"] += 1
        refused, error, said = False, True, str(crash)
    if refused and path.name not in said and "HIGH-WATER" not in said:
        faults["unnamed"] += 1
    if faults.total() > before:
        print(f"trial {number}: {what}: {said}", file=sys.stderr)
    shutil.rmtree(copy)
    return "refused" if refused else "error" if error else "harmless"


def run(options):
    chance = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-damage-"))
    try:
        (folder / "made").mkdir()
        expected = make_store(folder / "made", options)
        faults = collections.Counter()
        met = collections.Counter(
            trial(folder, folder / "made" / "data", number, options, expected, faults, chance)
            for number in range(options.count))
        print(f"damage: seed {options.seed}: " + validators.line(
            faults, cycles=options.count, acked=options.articles, **met), flush=True)
        return 0 if faults.total() == 0 and met["refused"] > 0 else 1
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, count=24, articles=400)))
