#!/usr/bin/env python3
"""Runs the commands that README.md promises, and fails on a link of README.md or docs/ that leads nowhere.

`./dev test` is left out: it is a step of the gate by itself.
"""

import pathlib
import re
import subprocess
import sys

import tree

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def broken_links(root):
    for path in tree.files(root, ".md"):
        for target in LINK.findall((root / path).read_text()):
            if "://" not in target and not (root / path).parent.joinpath(target).exists():
                yield f"{path}: the link {target} leads nowhere"


def commands(text):
    """The command lines of the page's shell blocks, without their comments."""
    lines = [re.sub(r"\s+#.*", "", line).strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def failing_commands(root):
    for command in commands((root / "README.md").read_text()):
        if command.startswith("./dev test"):
            continue
        print(f"$ {command}", flush=True)
        status = subprocess.run(["bash", "-c", command], cwd=root, stdin=subprocess.DEVNULL).returncode
        if status != 0:
            yield f"README.md: `{command}` ended with status {status}"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    found = [*broken_links(root), *failing_commands(root)]
    for fault in found:
        print(fault)
    print(f"readme: {len(found)} faults" if found else "readme: its commands work and its links lead somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
