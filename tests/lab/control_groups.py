"""Control groups of the machines. Each systemd needs a tree of its own: with one for all of them, one machine removes what another
is about to start a service in. They are not in any namespace, so somebody outside waits for the lab's end and removes them.
"""

import contextlib
import os
import pathlib
import select
import time


# Version 1 has a named tree for systemd, and may have that of version 2 beside it; else there is one tree.
ROOTS = [path for path in map(pathlib.Path, ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified")) if path.is_dir()]
ROOTS = ROOTS or [pathlib.Path("/sys/fs/cgroup")]


def _folders(lab):
    return [root / f"poolshift-lab-{lab}" for root in ROOTS]


def groups_of(lab, machine):
    """The files through which a process enters the machine's groups."""
    groups = [folder / machine for folder in _folders(lab)]
    for group in groups:
        group.mkdir(parents=True, exist_ok=True)
    return [str(group / "cgroup.procs") for group in groups]


def _remove(folder):
    for inner in sorted(folder.rglob("*"), key=lambda path: -len(path.parts)):
        if inner.is_dir():
            with contextlib.suppress(OSError):
                inner.rmdir()
    with contextlib.suppress(OSError):
        folder.rmdir()


def remove_after(lab):
    """In a process of its own: when the process `lab` has ended, however it did."""
    handle = os.pidfd_open(lab)
    if os.fork() > 0:
        os.close(handle)
        return
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    select.select([handle], [], [])
    end = time.monotonic() + 10
    while any(folder.exists() for folder in _folders(lab)) and time.monotonic() < end:
        for folder in _folders(lab):
            _remove(folder)
        time.sleep(0.1)
    os._exit(0)
