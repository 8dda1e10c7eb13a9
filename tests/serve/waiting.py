"""Waiting for a condition, and for processes to be gone. No test says how long something takes: the limit is what hangs."""

import pathlib
import time

LIMIT = 120  # seconds; far above what anything here takes


def until(look, fits, limit=LIMIT):
    """What `look` returns once it `fits`; a failed test when that never happens."""
    end = time.monotonic() + limit
    while True:
        seen = look()
        if fits(seen):
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"this never came to be; last seen: {seen}")
        time.sleep(0.05)


def processes_in(folder):
    """The command lines of processes that work in the folder or below it."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve().is_relative_to(folder):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # gone since, or somebody else's
            continue
    return found
