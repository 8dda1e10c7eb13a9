"""The Debian package on a machine with systemd of its own: installed, started, killed, upgraded, stopped, removed."""

import pathlib
import shutil
import subprocess
import time
import types

import network
from machine import LAB, Machine
from stage import Stage

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "manifests/nothing-to-do"
UNIT = "poolshift.service"


def _until(look, seconds=60):
    end = time.monotonic() + seconds
    while not look():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


class Desk:
    def __init__(self, package):
        for folder in ("log", "ssh", "machines"):
            (LAB / folder).mkdir()
        network.build()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(LAB / "ssh/id")], check=True)
        self.machine = Machine("s1e1")
        # What the machine below has of the package's is not this machine's.
        for path in ("etc/poolshift", "var/lib/poolshift"):
            shutil.rmtree(self.machine.root / path, ignore_errors=True)
        shutil.copy(package, self.machine.root / "root/poolshift.deb")
        self.machine.boot()
        self.machine.wait()

    def run(self, *words):
        return self.machine.run(*words, check=False)

    def said(self, *words):
        done = self.run(*words)
        return (done.stdout + done.stderr).strip()

    def show(self, *properties):
        text = self.run("systemctl", "show", UNIT, *(f"--property={name}" for name in properties)).stdout
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def is_active(self):
        return self.run("systemctl", "is-active", UNIT).stdout.strip() == "active"

    def declare(self):
        """As somebody does who has read /etc/default/poolshift."""
        root = self.machine.root / "etc/poolshift"
        (root / "manifests").mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLE / "contoso.yaml", root / "manifests")
        for folder in (root, root / "manifests"):
            shutil.copy(SAMPLE / "world.sim", folder)


def play(stage, desk):
    done = desk.run("dpkg", "--install", "/root/poolshift.deb")
    stage.check(done.returncode == 0, f"it installs: {done.stderr.strip()[-300:]}")
    stage.check(desk.show("ActiveState", "LoadState") == {"ActiveState": "inactive", "LoadState": "loaded"}, "nothing is started by that")
    stage.check(desk.run("getent", "passwd", "poolshift").returncode == 0, "the account is there")
    stage.check("SIP and XMPP" in desk.said("/usr/bin/poolshift", "--help"), "the program runs")
    stage.check(desk.run("test", "-s", "/usr/share/man/man1/poolshift.1.gz").returncode == 0, "the page for man is there")

    desk.declare()
    began = time.monotonic()
    done = desk.run("systemctl", "start", UNIT)
    stage.check(done.returncode == 0, f"it starts, and systemd waits until it has looked: {done.stderr.strip()[-300:]}")
    stage.fact("from start to ready", f"{time.monotonic() - began:.1f} s")
    shown = desk.show("ActiveState", "StatusText", "NRestarts", "MainPID", "WatchdogUSec")
    stage.check(shown["ActiveState"] == "active" and shown["StatusText"] == "As declared.", f"it says how it stands: {shown}")
    stage.check(desk.said("ps", "-o", "user=", "-p", shown["MainPID"]) == "poolshift", "it runs as its own account")
    status = desk.run("/usr/bin/poolshift", "status")
    stage.check(status.returncode == 0 and "As declared." in status.stdout, f"root asks it: {(status.stdout + status.stderr).strip()[:200]}")
    stage.check(desk.said("stat", "--format=%U %a", "/var/lib/poolshift") == "poolshift 700", "its state is nobody else's")
    security = desk.said("systemd-analyze", "security", UNIT, "--no-pager").splitlines()
    stage.fact("systemd-analyze security", security[-1].strip("→ ") if security else "nothing said")

    desk.run("kill", "-9", shown["MainPID"])
    stage.check(_until(lambda: desk.is_active() and desk.show("NRestarts")["NRestarts"] == "1"), "killed, it is there again")
    before = desk.show("MainPID")["MainPID"]
    done = desk.run("dpkg", "--install", "/root/poolshift.deb")
    stage.check(done.returncode == 0 and _until(lambda: desk.is_active() and desk.show("MainPID")["MainPID"] != before),
                f"an upgrade goes on with the new program: {done.stderr.strip()[-300:]}")
    began = time.monotonic()
    stage.check(desk.run("systemctl", "stop", UNIT).returncode == 0 and desk.show("Result")["Result"] == "success", "it stops cleanly")
    stage.fact("to stop", f"{time.monotonic() - began:.1f} s")
    stage.check(desk.run("pgrep", "poolshift").returncode == 1, "nothing of it runs on")

    desk.run("systemctl", "start", UNIT)
    done = desk.run("dpkg", "--remove", "poolshift")
    stage.check(done.returncode == 0 and desk.run("pgrep", "poolshift").returncode == 1, f"it is stopped and removed: {done.stderr.strip()[-300:]}")
    stage.check(desk.show("LoadState")["LoadState"] == "not-found" and desk.run("test", "-e", "/usr/bin/poolshift").returncode == 1,
                "unit and programs are gone")
    done = desk.run("dpkg", "--purge", "poolshift")
    stage.check(done.returncode == 0 and desk.run("test", "-e", "/etc/default/poolshift").returncode == 1, "purged, its settings are gone")
    kept = desk.run("ls", "/var/lib/poolshift").stdout.split()
    stage.check("providers" in kept and any(name.endswith(".db") for name in kept),
                f"the record of runs stays: only a person decides to lose it: {kept}")


def hold(package, programs):
    """The stage, and something that the report takes for the lab."""
    began = time.monotonic()
    desk = Desk(package)
    laboratory = types.SimpleNamespace(seconds=time.monotonic() - began, laps=["one machine"])
    stage = Stage(laboratory, programs, "debian_package", "the Debian package on a machine with systemd of its own")
    play(stage, desk)
    if not stage.passed:
        print(desk.said("journalctl", "--no-pager", "--lines=60", "--unit", UNIT))
    stage.seconds = time.monotonic() - began
    return [stage], laboratory
