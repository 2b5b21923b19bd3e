"""What Tocsin promises, as functions over what was seen.

Each takes evidence and returns a Counter of what is wrong with it; empty is
well. The names of the faults are those that every program here prints.

  store: what is acked is there, as it was sent, and whole
  log:   sequences are 1, 2, 3 ...; nothing rings twice
  watch: every alert that matches once, in order, as logged, over any resume
  pull:  every alert that matches at least once; what is acked stays acked
"""
import collections

PRINTED = ("lost", "duplicated", "out of order")


def store(acks, wanted, stored, alerts):
    """acks: {name: (outcome is 'stored', alert count)}; wanted(name): the body
    that was sent; stored: {name: body, or None if it was not looked up}; alerts:
    of the log."""
    faults = collections.Counter()
    rung = collections.Counter(alert.article for alert in alerts)
    always = collections.Counter(alert.article for alert in alerts if alert.rule == ALWAYS)
    for name, (first, alert_count) in acks.items():
        if name not in stored:
            faults["lost"] += 1
            continue
        if stored[name] is not None and stored[name] != wanted(name):
            faults["damaged"] += 1
        if first and rung[name] != alert_count:
            faults["lost" if rung[name] < alert_count else "duplicated"] += 1
    for name in stored:  # Acked or not: all of it, or nothing.
        if always[name] != 1:
            faults["torn"] += 1
    faults["torn"] += len(set(rung) - set(stored))
    return faults


# A rule that every article rings exactly once.
ALWAYS = "rules/every-article"


def log(alerts):
    """alerts: the log, in the order in which it is listed."""
    faults = collections.Counter()
    numbers = [alert.sequence for alert in alerts]
    faults["out of order"] += descents(numbers)
    if numbers:
        faults["holes"] += max(numbers) - len(set(numbers))
    faults["duplicated"] += repeats((a.rule, a.article, a.subject) for a in alerts)
    return faults


def watch(alerts, seen, wanted):
    """alerts: the log; seen: what the watcher got, in order, as pairs of sequence
    and digest; wanted(alert): whether its filter matches."""
    faults = collections.Counter()
    expected = {alert.sequence: alert.digest for alert in alerts if wanted(alert)}
    numbers = [sequence for sequence, _ in seen]
    faults["lost"] += len(set(expected) - set(numbers))
    faults["duplicated"] += repeats(numbers)
    faults["out of order"] += descents(numbers)
    for sequence, digest in dict(seen).items():
        if sequence not in expected:
            faults["unasked"] += 1
        elif digest != expected[sequence]:
            faults["damaged"] += 1
    return faults


def pull(alerts, deliveries, wanted):
    """deliveries: what all consumers of a subscription got, in order, as pairs of
    sequence and digest, and between them (sequence, None) for an ack that the
    daemon confirmed."""
    faults = collections.Counter()
    expected = {alert.sequence: alert.digest for alert in alerts if wanted(alert)}
    acked, delivered = set(), set()
    for sequence, digest in deliveries:
        if digest is None:
            acked.add(sequence)
            continue
        delivered.add(sequence)
        if sequence in acked:
            faults["redelivered"] += 1
        if sequence not in expected:
            faults["unasked"] += 1
        elif digest != expected[sequence]:
            faults["damaged"] += 1
    faults["lost"] += len(set(expected) - delivered)
    return faults


def repeats(things):
    return sum(count - 1 for count in collections.Counter(things).values())


def descents(numbers):
    return sum(a > b for a, b in zip(numbers, numbers[1:]))


def line(faults, **figures):
    """One line for people: figures first, then faults; zero only for the usual."""
    words = [f"{name.replace('_', ' ')} {value}" for name, value in figures.items()]
    words += [f"{name} {faults[name]}" for name in PRINTED]
    words += [f"{name} {count}" for name, count in sorted(faults.items())
              if count and name not in PRINTED]
    return ", ".join(words)
