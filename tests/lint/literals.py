#!/usr/bin/env python3
"""Checks that no word of a human language stands in the daemon's C++.

  literals.py ROOT

Language knowledge is data (daemon/data). What can be told apart by a program:
- a string or character literal in daemon/ holds no letter outside ASCII,
  written out or as an escape;
- a literal in text/, lexicon/ and detect/ is not a word of a lexicon
  (daemon/data/lexicon/*/*.tsv). English words are left out of this: the data
  files' own keywords are English.
Prints each finding; exit code 1 if there is one.
"""

import pathlib
import re
import sys
import unicodedata

# The BCP 47 tag of an unknown language.
ALLOWED = {"und"}

# Not Lm: modifier letters, some of which are used as apostrophes.
LETTERS = ("Lu", "Ll", "Lt", "Lo")

LANGUAGE_FOLDERS = ("text", "lexicon", "detect")

# Comments are matched so that quotes inside them are not taken for literals.
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<tag>[^(\s]*)\((?P<raw>.*?)\)(?P=tag)"'
    r'|"(?P<string>(?:\\.|[^"\\\n])*)"'
    r"|(?<![0-9A-Za-z_])(?:u8|u|U|L)?'(?P<char>(?:\\.|[^'\\\n])+)'", re.S)
ESCAPE = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{1,2})|(.))", re.S)


def unescape(text):
    """What a literal stands for; bytes written as \\x are read as UTF-8."""
    out = bytearray()
    last = 0
    for match in ESCAPE.finditer(text):
        out += text[last:match.start()].encode("utf-8")
        last = match.end()
        if match.group(3):
            out.append(int(match.group(3), 16))
        elif match.group(4):
            out += b" " if match.group(4) in "nrtabfv0" else \
                match.group(4).encode("utf-8")
        else:
            out += chr(int(match.group(1) or match.group(2), 16)).encode(
                "utf-8", "replace")
    out += text[last:].encode("utf-8")
    return out.decode("utf-8", "ignore")


def literals(text):
    """(line, value) of every literal."""
    for match in TOKEN.finditer(text):
        if match.group("raw") is not None:
            value = match.group("raw")
        elif match.group("string") is not None:
            before = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
            if before.lstrip().startswith("#include"):
                continue
            value = unescape(match.group("string"))
        elif match.group("char") is not None:
            value = unescape(match.group("char"))
        else:
            continue
        yield text.count("\n", 0, match.start()) + 1, value


def foreign_letter(value):
    """The first letter outside ASCII that somebody writes words with."""
    for c in value:
        if ord(c) > 127 and unicodedata.category(c) in LETTERS:
            return c
    return None


def check(path, text, words):
    found = []
    folder = path.split("/")[1]
    for line, value in literals(text):
        letter = foreign_letter(value)
        if letter:
            found.append(f"{path}:{line}: {value!r} has the letter {letter!r}")
        elif folder in LANGUAGE_FOLDERS and value in words:
            found.append(f"{path}:{line}: {value!r} is a word of a lexicon")
    return found


def lexicon_words(root):
    """Words of three letters and more that a lexicon other than the English one
    has in the first column of a table. What four languages have there is a
    keyword of the table."""
    languages, english_and_keywords = {}, set(ALLOWED)
    for path in sorted((root / "daemon/data/lexicon").rglob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("#"):
                continue
            first, *others = [cell.strip() for cell in line.split("\t")]
            english_and_keywords.update(others)
            if path.parent.name in ("en", "common") or path.name == "format.tsv":
                english_and_keywords.add(first)
            elif len(first) >= 3 and "_" not in first:
                languages.setdefault(first, set()).add(path.parent.name)
    return {word for word, where in languages.items()
            if len(where) < 4} - english_and_keywords


def main():
    root = pathlib.Path(sys.argv[1])
    words = lexicon_words(root)
    found, count = [], 0
    for path in sorted((root / "daemon").rglob("*")):
        if path.suffix in (".h", ".cc"):
            count += 1
            found += check(path.relative_to(root).as_posix(),
                           path.read_text("utf-8"), words)
    print("\n".join(found + [f"{count} files, {len(words)} words of lexicons, "
                             f"{len(found)} findings"]))
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
