#!/usr/bin/env python3
"""Holds README.md to what it shows: runs its commands, in one shell and in their order, and looks for every line of its
excerpts in what they printed. Also fails on a link of any page that leads nowhere.

A command is a line of a `sh` block; a comment that begins with `exit N` says that it ends so. The lines of `text` and
`mermaid` blocks must have been printed as they stand, but for those that are only "…". `./dev test` is left out: it is
a step of the gate by itself.
"""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import tree

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def anchors(text):
    """The fragments under which a page's headings can be linked to."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken_links(root):
    for path in tree.files(root, ".md"):
        for link in LINK.findall(CODE.sub("", (root / path).read_text())):
            name, _, fragment = link.partition("#")
            target = (root / path).parent / name if name else root / path
            if "://" in link:
                continue
            if not target.exists():
                yield f"{path}: the link {link} leads nowhere"
            elif fragment and target.suffix == ".md" and fragment not in anchors(target.read_text()):
                yield f"{path}: the link {link} leads to no heading of that page"


def commands(text):
    """The commands of the page's shell blocks, without their comments, each with the status that it promises."""
    found = []
    for kind, block in BLOCK.findall(text):
        for line in block.splitlines() if kind == "sh" else []:
            command, _, comment = line.partition(" # ") if not line.startswith("#") else ("", "", "")
            status = re.match(r"exit (\d+)", comment.strip())
            if command.strip() and not command.startswith("./dev test"):
                found.append((command.strip(), int(status.group(1)) if status else 0))
    return found


def excerpts(text):
    lines = [line for kind, block in BLOCK.findall(text) if kind in ("text", "mermaid") for line in block.splitlines()]
    return [line.rstrip() for line in lines if line.strip() not in ("", "…")]


def run(root, wanted):
    """What the commands printed, and the statuses of those that ended before the shell did, then the shell's own."""
    with tempfile.NamedTemporaryFile("r") as statuses:
        script = "".join(f"echo; echo {shlex.quote('$ ' + command)}\n{command}\necho $? >>{statuses.name}\n"
                         for command, _ in wanted)
        printed = []
        with subprocess.Popen(["bash", "-c", script], cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace") as shell:
            for line in shell.stdout:
                print(line, end="", flush=True)
                printed.append(line)
        return "".join(printed), [int(line) for line in statuses] + [shell.returncode]


def broken_promises(root):
    text = (root / "README.md").read_text()
    wanted = commands(text)
    printed, statuses = run(root, wanted)
    for (command, promised), status in zip(wanted, statuses):
        if status != promised:
            yield f"README.md: `{command}` ended with status {status}, promised is {promised}"
    for command, _ in wanted[len(statuses):]:
        yield f"README.md: `{command}` was not reached"
    for line in excerpts(text):
        if line not in printed:
            yield f"README.md: no command printed `{line.strip()}`"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    found = [*broken_links(root), *broken_promises(root)]
    for fault in found:
        print(fault)
    print(f"readme: {len(found)} faults" if found else
          "readme: its commands and excerpts are true, and every link leads somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
