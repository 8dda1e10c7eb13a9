"""BIND's named for one trial: a zone on a free loopback port, and every change of it that was accepted."""

import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time

KEY = "poolshift-key"
SECRET = "a2V5LW9mLXRoZS1jcmFzaC10cmlhbHMtMDEyMzQ1Njc="
CHANGED = re.compile(r"updating zone '[^']*': (adding an RR|deleting an RR|deleting rrset) at '([^']*)' (.*)")


def free_port():
    """Free for UDP and TCP, and below those that the kernel hands out; another process may still take it first, so whoever
    uses it tries again."""
    while True:
        port = random.randint(20000, 31999)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, socket.socket() as streams:
            try:
                datagrams.bind(("127.0.0.1", port))
                streams.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class NameServer:
    def __init__(self, programs, folder, zone, records, sets):
        self.folder, self.zone = folder / "named", zone
        self.folder.mkdir()
        grants = subprocess.run([programs.dns, "grant", "--server", "bind", "--key", KEY, "--zone", zone, *sets],
                                capture_output=True, text=True, check=True).stdout
        self.grants = "\n".join(line for line in grants.splitlines() if line.strip().startswith("grant "))
        lines = [f"$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 1\n@ NS ns\nns A 127.0.0.1", *records]
        (self.folder / "zone").write_text("\n".join(lines) + "\n")
        self.process = None
        for _ in range(5):
            self.port = free_port()
            if self.start():
                return
        raise SystemExit(f"named does not start:\n{self.log()}")

    def configuration(self):
        place = self.folder
        return (f'key "{KEY}" {{ algorithm hmac-sha256; secret "{SECRET}"; }};\n'
                f'options {{ directory "{place}"; pid-file "{place}/pid"; session-keyfile "{place}/session";\n'
                f'  managed-keys-directory "{place}"; recursion no; dnssec-validation no; notify no;\n'
                f"  listen-on port {self.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; }};\n"
                f'controls {{ }};\nzone "{self.zone}" {{ type primary; file "zone"; update-policy {{\n{self.grants}\n}}; }};\n')

    def start(self):
        (self.folder / "conf").write_text(self.configuration())
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(["/usr/sbin/named", "-n", "1", "-g", "-c", str(self.folder / "conf")],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for _ in range(1500):
            if " running\n" in self.log():
                if "address in use" not in self.log():
                    return True
                self.stop()
                return False
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        self.stop()
        return False

    def stop(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self):
        path = pathlib.Path(self.folder / "log")
        return path.read_text(errors="replace") if path.exists() else ""

    def added(self):
        """("xmpp.contoso.com", "A 192.0.2.1") of each address and service record that was added, in order. The marks of
        owner and fence are TXT records and no part of it."""
        found = [(name, what) for kind, name, what in CHANGED.findall(self.log()) if kind == "adding an RR"]
        return [(name, what) for name, what in found if not what.startswith("TXT")]

    def short(self, name, kind):
        return sorted(subprocess.run(["dig", "+tries=3", "+time=5", "+short", "-p", str(self.port), "@127.0.0.1", name, kind],
                                     capture_output=True, text=True, check=False).stdout.split("\n")[:-1])
