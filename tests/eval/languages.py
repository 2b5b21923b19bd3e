"""Says how often the language of a text is identified rightly.

  languages.py GOLD PREDICTED BYTES   a line for each text longer than BYTES: the
                                      right language and the identified one
  languages.py --sum                  sums such lines up
"""
import collections
import json
import sys


def rows(path):
    with open(path) as lines:
        return [json.loads(line) for line in lines if line.strip()]


def compare(gold_path, predicted_path, min_bytes):
    identified = {row["articleId"]: row["language"] for row in rows(predicted_path)}
    for row in rows(gold_path):
        if len(row["text"].encode()) > min_bytes:
            print(row["language"], identified.get(row["id"], "-"), row["id"])


def sum_up(lines):
    right, wrong = collections.Counter(), collections.Counter()
    for line in lines:
        gold, identified, _ = line.split(" ", 2)
        if gold == identified:
            right[gold] += 1
        else:
            wrong[f"{gold} as {identified}"] += 1
    total = right.total() + wrong.total()
    if not total:
        return
    print(f"language right: {right.total()} of {total} texts longer than 200 bytes"
          f" ({100 * right.total() / total:.2f} %);"
          f" {', '.join(f'{k} {v}' for k, v in sorted(right.items()))}"
          + "".join(f"; wrong: {k} {v}" for k, v in sorted(wrong.items())))


if sys.argv[1] == "--sum":
    sum_up(sys.stdin.read().splitlines())
else:
    compare(sys.argv[1], sys.argv[2], int(sys.argv[3]))
