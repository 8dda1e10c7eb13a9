"""The ways in which a trial of `./dev verify kills` cuts a run off. Each says whether it happened."""

import os
import signal
import time

import controllers


def state_of(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


def plugins(process):
    return sorted(controllers.children(process.pid))


class Killed:
    """The process that reaches the boundary is killed there."""

    def __init__(self, point, number):
        self.point, self.number = point, number
        self.name = f"{point}#{number}"

    def carry_out(self, site, words):
        site.crossings()
        status = site.run(words, {"AT": self.name})
        crossed = site.crossings().count(self.point) >= self.number
        if self.point.startswith("controller/"):
            return status == -signal.SIGKILL and crossed
        return crossed


class Stopped:
    """The plugin that reaches the boundary is stopped there for a moment, and goes on; or its controller, or itself, is
    killed meanwhile."""

    def __init__(self, point, number, then, pause=0.2):
        self.point, self.number, self.then, self.pause = point, number, then, pause
        self.name = f"{point}#{number}, stopped, then {then}"

    def carry_out(self, site, words):
        site.crossings()
        process = site.start(words, {"AT": f"{self.point}#{self.number}", "STOP": "1"})
        stopped = []
        while process.poll() is None and not stopped:
            stopped = [pid for pid in plugins(process) if state_of(pid) == "T"]
            time.sleep(0.005)
        time.sleep(self.pause)
        end(self.then, site, process, stopped)
        return bool(stopped)


class AtTime:
    """Somebody is killed, or stopped for a moment, after a while."""

    def __init__(self, seconds, whom, what, pause=0.0):
        self.seconds, self.whom, self.what, self.pause = seconds, whom, what, pause
        self.name = f"{whom} {what} after {seconds:.3f} s"

    def carry_out(self, site, words):
        process = site.start(words)
        running = controllers.sleep_until(process, self.seconds)
        chosen = plugins(process)
        if self.whom == "controller":
            chosen = [process.pid]
        elif chosen:
            chosen = [chosen[int(self.seconds * 1e6) % len(chosen)]]
        if self.what == "killed":
            controllers.send(chosen if running else [], signal.SIGKILL)
            site.wait(process)
        else:
            controllers.send(chosen if running else [], signal.SIGSTOP)
            time.sleep(self.pause)
            end("continued", site, process, chosen)
        return running and bool(chosen)


class WriteFails:
    """A write to the state directory fails: this one only (EIO), or it and all after it (ENOSPC)."""

    def __init__(self, role, number, error):
        self.point, self.number, self.error = f"{role}/file: write", number, error
        self.name = f"{self.point}#{number} {error}"

    def carry_out(self, site, words):
        site.crossings()
        site.run(words, {"FAIL": f"{self.point}#{self.number}", "ERROR": self.error, "FOLDER": str(site.state)})
        return site.crossings().count(self.point) >= self.number


def end(how, site, process, stopped):
    if how == "continued":
        controllers.send(stopped, signal.SIGCONT)
    elif how == "killed":
        controllers.send(stopped, signal.SIGKILL)
    elif process.poll() is None:  # "controller killed"
        os.kill(process.pid, signal.SIGKILL)
    site.wait(process)
