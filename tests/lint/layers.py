#!/usr/bin/env python3
"""Checks the arrows between folders, read off the #include lines.

  layers.py ROOT

daemon/: a folder includes itself and the folders that stand before it in
LAYERS, nothing else of ours. RocksDB's headers stay inside storage/; gRPC's
and generated service stubs inside service/ and app/. clients/ know the protos
and nothing of the daemon. Prints each wrong arrow; exit code 1 if there is one.
"""

import pathlib
import re
import sys

LAYERS = ["base", "text", "lexicon", "detect", "filter", "rules", "storage",
          "pipeline", "service", "gateway", "app"]
ROCKSDB_IN = {"storage"}
GRPC_IN = {"service", "gateway", "app"}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
SUFFIXES = {".h", ".cc"}


def problem(path, header):
    """Why `path` (relative, such as daemon/text/utf8.cc) must not include
    `header`; None if it may."""
    area, folder = path.split("/")[:2]
    first = header.split("/")[0]
    is_grpc = (first in ("grpc", "grpcpp", "grpc++")
               or header.endswith(".grpc.pb.h"))
    if area == "clients":
        if first in LAYERS or first == "daemon":
            return "clients know nothing of the daemon"
        if first == "rocksdb":
            return "RocksDB is used in daemon/storage only"
        return None
    if folder not in LAYERS:
        return f"daemon/{folder} is not in the list of layers"
    if first == "rocksdb" and folder not in ROCKSDB_IN:
        return "RocksDB is used in storage/ only"
    if is_grpc and folder not in GRPC_IN:
        return "gRPC is used in service/, gateway/ and app/ only"
    if first in ("clients", "cli", "daemon"):
        return "includes are relative to daemon/"
    if first in LAYERS and LAYERS.index(first) > LAYERS.index(folder):
        return f"{folder} stands before {first}"
    return None


def check(path, text):
    """The wrong arrows of one file, as `path:line: header: reason`."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        why = match and problem(path, match.group(1))
        if why:
            found.append(f"{path}:{number}: includes {match.group(1)}: {why}")
    return found


def sources(root):
    for area in ("daemon", "clients"):
        for path in sorted((root / area).rglob("*")):
            if path.suffix in SUFFIXES and "node_modules" not in path.parts:
                yield path


def main():
    root = pathlib.Path(sys.argv[1])
    found, count = [], 0
    for path in sources(root):
        count += 1
        found += check(path.relative_to(root).as_posix(),
                       path.read_text("utf-8"))
    print("\n".join(found + [f"{count} files, {len(found)} wrong arrows"]))
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
