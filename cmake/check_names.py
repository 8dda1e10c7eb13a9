#!/usr/bin/env python3
"""Fails on a name that says nothing (file, folder, class or struct) and on a file that has grown past reading.

docs/architecture.md lists the words. A type or file is named by what it is: the noun of its one concept.
"""

import pathlib
import re
import sys

import tree

VAGUE = {"manager", "helper", "helpers", "util", "utils", "common", "handler", "processor", "data", "info", "base", "impl",
         "new", "old", "legacy"}
LONGEST_FILE = 400  # the habit is 300
LONGEST_TEST = 600
NAMED = (".h", ".cc", ".py", ".proto", ".md", ".cmake")  # samples of tests are called as people would call them

TYPE = re.compile(r"^\s*(?:class|struct|enum class)\s+(\w+)[^;]*$", re.MULTILINE)


def words_of(name):
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)]


def path_faults(path):
    for part in path.parts if path.suffix in NAMED else path.parts[:-1]:
        for word in set(words_of(part.split(".")[0] or part)) & VAGUE:
            yield f"{path}: `{word}` says nothing; name it by what it is"


def source_faults(path, text):
    for found in TYPE.finditer(text):
        for word in set(words_of(found.group(1))) & VAGUE:
            line = text.count("\n", 0, found.start(1)) + 1
            yield f"{path}:{line}: `{found.group(1)}`: `{word}` says nothing; name it by what it is"
    length = text.count("\n")
    limit = LONGEST_TEST if path.parts[0] == "tests" else LONGEST_FILE
    if length > limit:
        yield f"{path}: {length} lines; a file is one concept (habit 300 lines, limit {limit})"


def faults(root):
    found = []
    for path in tree.files(root):
        found += path_faults(path)
        if path.suffix in (".h", ".cc"):
            found += source_faults(path, (pathlib.Path(root) / path).read_text())
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    found = faults(root)
    for fault in found:
        print(fault)
    print(f"names: {len(found)} faults" if found else "names: all say what they are")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
