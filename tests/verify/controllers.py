"""Controllers and one simulated platform for the trials of `./dev verify`: the real programs, as processes.

A trial has a folder of its own: the platform lives in `platform`, every accepted change is a line of `writes`, and each
controller has its manifests and its state directory."""

import fcntl
import os
import pathlib
import signal
import subprocess
import time

PATIENCE = 120  # seconds that no single program takes


def edited(text, old, new, count=1):
    """A part of a manifest or world replaced, `count` times (-1: everywhere); nothing to replace is a fault of the trial."""
    if old not in text:
        raise SystemExit(f"nothing is `{old}` in what the trials begin with")
    return text.replace(old, new, count)


class Programs:
    def __init__(self, build):
        self.poolshift = str(pathlib.Path(build).resolve() / "bin" / "poolshift")
        self.sim = str(pathlib.Path(build).resolve() / "bin" / "poolshift-provider-sim")


class Controller:
    """One place from which the organisation is changed."""

    def __init__(self, programs, folder, name, manifest, world):
        self.programs, self.folder, self.name = programs, folder, name
        (folder / name).mkdir()
        (folder / name / "world.sim").write_text(world)
        (folder / name / "contoso.yaml").write_text(manifest)

    def command(self, *words):
        return [self.programs.poolshift, *words, "--state-dir", str(self.folder / f"{self.name}-state"), self.name]

    def start(self, *words):
        output = open(self.folder / f"{self.name}.log", "ab")
        return subprocess.Popen(self.command(*words), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output,
                                stderr=output, env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "USER": self.name},
                                start_new_session=True)

    def run(self, *words):
        return wait(self.start(*words))

    def log(self):
        path = self.folder / f"{self.name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


def wait(process):
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "hangs"


def children(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
        found = {int(word) for word in text.split()}
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            found |= {int(word) for word in (task / "children").read_text().split()}
        return found
    except FileNotFoundError:
        return set()


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def platform_is_locked(folder):
    """Whether a process is within a change of the simulated platform, which is kept in files."""
    try:
        with open(folder / "platform" / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


class Pause:
    """Stops a controller, its plugins, or both, as a suspended machine or a long collection of garbage would.

    The platform does not stand still with its plugin, as a real one would not: a plugin stopped while it writes the
    platform's files is let go on until it has written them, else everybody else would wait for it."""

    def __init__(self, process, whom, folder):
        plugins = children(process.pid)
        self.pids = {"controller": {process.pid}, "plugin": plugins, "both": {process.pid} | plugins}[whom]
        send(self.pids, signal.SIGSTOP)
        while plugins & self.pids and platform_is_locked(folder):
            send(plugins, signal.SIGCONT)
            time.sleep(0.002)
            send(plugins, signal.SIGSTOP)

    def end(self):
        send(self.pids, signal.SIGCONT)


def writes(folder):
    """(token, resource) of each change that the platform accepted, in order; resource `fence`: it was only raised."""
    path = folder / "writes"
    if not path.exists():
        return []
    return [(int(token), resource) for token, resource in (line.split(" ", 1) for line in path.read_text().splitlines())]


def stale(accepted):
    """Changes under a token that is smaller than one accepted before."""
    greatest, found = 0, []
    for token, resource in accepted:
        if token < greatest and resource != "fence":
            found.append((token, resource))
        greatest = max(greatest, token)
    return found


def sleep_until(process, seconds):
    """False when it ended before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            return False
        time.sleep(0.002)
    return process.poll() is None
