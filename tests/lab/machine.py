"""A machine: systemd booted by systemd-nspawn over an overlay of the machine's own /, in a namespace of the network.

Its files lie in an upper layer that survives a power failure. Commands of the harness run inside it directly, not over its
network, so that they work in a black hole too.
"""

import os
import pathlib
import shutil
import subprocess
import time

import control_groups
import isolation
import network

LAB = pathlib.Path("/run/lab")
TARGET = """[Unit]
Description=Lab machine
Requires=basic.target
After=basic.target
Wants=ssh.service dbus.service
AllowIsolate=yes
"""
MASKED = ("systemd-networkd", "systemd-resolved", "systemd-timesyncd", "systemd-udevd", "systemd-udev-trigger", "networking",
          "apparmor", "e2scrub_reap")
SSHD = """Port {port}
ListenAddress {address}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
MaxSessions 50
MaxStartups 200
Subsystem sftp internal-sftp
"""
ENVIRONMENT = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"]


class Machine:
    def __init__(self, name):
        self.name = name
        self.folder = LAB / "machines" / name
        self.root = self.folder / "root"
        self.process = None
        for part in ("upper", "work", "root"):
            (self.folder / part).mkdir(parents=True)
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        f"lowerdir=/,upperdir={self.folder}/upper,workdir={self.folder}/work", str(self.root)], check=True)
        self._prepare()

    def write(self, path, text, owner=None, mode=0o644):
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)
        if owner:
            shutil.chown(target, *owner)

    def _prepare(self):
        oob = network.PLACES[self.name][2]
        address = network.management(self.name) if oob else network.outside(self.name)
        resolver = network.RESOLVERS.get(self.name, "10.99.9.53")
        self.write("/etc/resolv.conf", f"nameserver {resolver}\noptions timeout:1 attempts:2\n")
        self.write("/etc/hostname", self.name + "\n")
        self.write("/etc/hosts", f"127.0.0.1 localhost {self.name}\n")
        self.write("/etc/systemd/system/lab.target", TARGET)
        for unit in MASKED:
            link = self.root / "etc/systemd/system" / f"{unit}.service"
            link.unlink(missing_ok=True)
            link.symlink_to("/dev/null")
        self.write("/etc/ssh/sshd_config", SSHD.format(address=address, port=22))
        for path in (self.root / "etc/ssh").glob("ssh_host_*"):
            path.unlink()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.root / "etc/ssh/ssh_host_ed25519_key")],
                       check=True)
        for name in (".bashrc", ".profile"):
            self.write(f"/root/{name}", "")
        self.write("/root/.ssh/authorized_keys", (LAB / "ssh/id.pub").read_text(), mode=0o600)
        (self.root / "root/.ssh").chmod(0o700)

    def host_key(self):
        return " ".join((self.root / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()[:2])

    def boot(self):
        log = open(LAB / "log" / f"machine-{self.name}.log", "ab")
        groups = control_groups.groups_of(os.environ[isolation.INSIDE], self.name)
        enter = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit; shift; done; shift; exec "$@"'
        self.process = subprocess.Popen(
            ["sh", "-c", enter, "machine", *groups, "--", "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "-D", str(self.root),
             f"--network-namespace-path=/run/netns/{self.name}", f"--machine={self.name}", "--resolv-conf=off", "--timezone=off",
             "--link-journal=no", "--console=pipe", "--capability=CAP_NET_ADMIN", "-b", "systemd.unit=lab.target",
             "systemd.log_level=warning"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def init(self):
        """The process of its systemd, seen from here; None when it is not up."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next((pid for pid in children if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "systemd"), None)

    def run(self, *command, check=True, text=None):
        init = self.init()
        if init is None:
            raise RuntimeError(f"{self.name} is not up")
        result = subprocess.run(["nsenter", "-t", init, "-m", "-u", "-p", "-n", "-i", "-C", *ENVIRONMENT, *map(str, command)],
                                capture_output=True, text=True, input=text, check=False)
        if check and result.returncode != 0:
            raise RuntimeError(f"{self.name}: {' '.join(map(str, command))}: {result.stdout}{result.stderr}")
        return result

    def wait(self, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            if self.init() and self.run("systemctl", "is-active", "lab.target", check=False).stdout.strip() == "active":
                return
            time.sleep(0.05)
        log = (LAB / "log" / f"machine-{self.name}.log").read_text(errors="replace")
        raise RuntimeError(f"{self.name} does not boot: {log[-2000:]}")

    def power_off(self):
        """As when the plug is pulled: nothing is said to anybody."""
        network.run("ip", "link", "set", f"x-{self.name}", "down", place="core")
        network.run("ip", "link", "set", f"m-{self.name}", "down", place="core", check=False)
        self.process.kill()
        for pid in network.run("ip", "netns", "pids", self.name).stdout.split():
            subprocess.run(["kill", "-9", pid], check=False, capture_output=True)
        self.process.wait()

    def power_on(self):
        network.run("ip", "link", "set", f"x-{self.name}", "up", place="core")
        network.run("ip", "link", "set", f"m-{self.name}", "up", place="core", check=False)
        self.boot()
        self.wait()
