#!/usr/bin/env python3
"""Fails when two places of the C++ sources share a run of 12 or more lines (spaces and comments aside).

A repeated run has one fault twice: give it a name and call it. A run that must be repeated goes to ALLOWED.
"""

import collections
import pathlib
import re
import sys

import tree

RUN = 12

# (part of one path, part of the other path): why the two may be alike.
ALLOWED = {}


def lines_of(text):
    """(number, normalised line) of all lines that say something: no blanks, comments, includes, lone brackets or lone names."""
    kept = []
    for number, line in enumerate(text.splitlines(), 1):
        says_something = re.search(r"\w\W+\w", re.sub(r"//.*", "", line))
        line = re.sub(r"\s+", "", re.sub(r"//.*", "", line))
        if says_something and not line.startswith(("#include", "#pragma", "namespace", "using", "}//")):
            kept.append((number, line))
    return kept


def is_allowed(first, second):
    return any((a in first and b in second) or (a in second and b in first) for a, b in ALLOWED)


def shared_run(a, i, b, j, same_file):
    """How many lines are alike from a[i] and b[j] on (within one file: without overlapping)."""
    length = 0
    while i + length < len(a) and j + length < len(b) and a[i + length][1] == b[j + length][1]:
        if same_file and i + length >= j:
            break
        length += 1
    return length


def faults(root):
    sources = {path.as_posix(): lines_of((pathlib.Path(root) / path).read_text())
               for path in tree.files(root, ".h", ".cc")}
    places = collections.defaultdict(list)
    for path, lines in sources.items():
        for i in range(len(lines) - RUN + 1):
            places[tuple(line for _, line in lines[i:i + RUN])].append((path, i))
    found, covered = [], set()
    for twins in places.values():
        (path, i), others = twins[0], twins[1:]
        for other, j in others:
            length = shared_run(sources[path], i, sources[other], j, path == other)
            if length < RUN or is_allowed(path, other) or (path, other, i - j) in covered:
                continue
            covered.add((path, other, i - j))
            found.append(f"{path}:{sources[path][i][0]}: {length} lines are the same as at "
                         f"{other}:{sources[other][j][0]}")
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    found = faults(root)
    for fault in found:
        print(fault)
    print(f"duplicates: {len(found)} found" if found else f"duplicates: no {RUN} lines are written twice")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
