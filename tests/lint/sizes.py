#!/usr/bin/env python3
"""Checks that files stay small enough to be read in one go.

  sizes.py ROOT

Lists C++ files of more than 450 lines; a main.cc has at most 60. Exit code 1 if
one is over LIMIT.
"""

import pathlib
import sys

LISTED, LIMIT, MAIN_LIMIT = 450, 600, 60


def check(path, lines):
    """(what to print, whether it is an error); None if all is well."""
    if path.endswith("/main.cc") and lines > MAIN_LIMIT:
        return f"{path}: {lines} lines; main has at most {MAIN_LIMIT}", True
    if lines > LISTED:
        return f"{path}: {lines} lines; a file should have about 400", lines > LIMIT
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    count, failed = 0, False
    for area in ("daemon", "clients", "tests"):
        for path in sorted((root / area).rglob("*")):
            if path.suffix in (".h", ".cc") and "node_modules" not in path.parts:
                count += 1
                lines = len(path.read_text("utf-8").splitlines())
                found = check(path.relative_to(root).as_posix(), lines)
                if found:
                    print(found[0])
                    failed |= found[1]
    print(f"{count} files")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
