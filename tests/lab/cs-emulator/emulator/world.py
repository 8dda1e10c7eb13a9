"""One shared topology: the master's documents by version, each machine's local replica with its lag, services, sockets.

The world is a folder: world.json, document-<version>.xml for each write to the central store, and what was written to files.
Several machines (several sshd) use one folder; a lock makes each command whole."""

import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import subprocess
import time
import uuid

from emulator.document import Document
from emulator.values import UTC, Date, PsError

XMPP_PROXY = "EMUXMPPPROXY"  # the real short name is published nowhere (unknown U5)
STATUS = {"Stopped": 1, "StartPending": 2, "StopPending": 3, "Running": 4}


class World:
    def __init__(self, folder, machine):
        self.folder, self.machine = pathlib.Path(folder), machine
        self.data, self.depth, self.read = None, 0, None

    @contextlib.contextmanager
    def turn(self, writes=False):
        """The lock, and the state as it is now, with what time has done to it."""
        if self.depth:
            yield
            return
        with open(self.folder / "lock", "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.data = json.loads((self.folder / "world.json").read_text(encoding="utf-8"))
            before = json.dumps(self.data)
            self.depth = 1
            try:
                self.settle()
                yield
            finally:
                self.depth = 0
                if writes or json.dumps(self.data) != before:
                    self.keep()

    def keep(self):
        new = self.folder / "world.json.new"
        new.write_text(json.dumps(self.data, indent=1), encoding="utf-8")
        os.replace(new, self.folder / "world.json")

    # --- the machine that the session is on

    @property
    def here(self):
        return self.data["servers"].get(self.machine) or self.data.get("others", {}).get(self.machine, {})

    def computer_name(self):
        return self.here.get("computerName", self.machine)

    def account(self):
        return self.here.get("account", "EMULATOR\\poolshift")

    def groups(self):
        return self.here.get("groups", ["EMULATOR\\RTCUniversalServerAdmins"])

    def is_administrator(self):
        return self.here.get("administrator", True)

    def path(self, windows_path):
        folder = self.folder / "files" / self.machine
        folder.mkdir(parents=True, exist_ok=True)
        return folder / windows_path.replace("\\", "_").replace(":", "")

    def allow(self, cmdlet):
        if cmdlet in self.here.get("denied", []):
            raise PsError("ProcessingFailed,Microsoft.Rtc.Management", "Command execution failed: Access is denied. The account "
                          f"may not run {cmdlet}.", "PermissionDenied")

    # --- the central store

    def version(self):
        return len(self.data["writes"])

    def document(self, version=None):
        at = self.version() if version is None else version
        while at > 0:  # a write of a route leaves the document as it was
            file = self.folder / f"document-{at}.xml"
            if file.exists():
                return file.read_text(encoding="utf-8")
            at -= 1
        raise PsError("NoDocument", "There is no topology document.")

    def topology(self, fresh=False):
        """`fresh`: to be changed; else shared by all who read it in this command."""
        source = self.document()
        if fresh:
            return Document(source)
        if self.read is None or self.read[0] != source:
            self.read = (source, Document(source))
        return self.read[1]

    def need_master(self, cmdlet):
        if not self.data["master"].get("alive", True):
            raise PsError("ProcessingFailed," + cmdlet, "Could not connect to SQL server : [Exception=System.Data.SqlClient."
                          "SqlException: A network-related or instance-specific error occurred while establishing a "
                          "connection to SQL Server.]", "InvalidOperation")

    def write(self, document=None):
        self.data["writes"].append(time.time())
        if document is not None:
            (self.folder / f"document-{self.version()}.xml").write_text(document, encoding="utf-8")

    def sign(self, document):
        return Document(document).signed("{}".format(uuid.uuid4())) if self.data.get("signs", True) else document

    def settle(self):
        """Replicas take up what is due: `lag` after the later of the write and the moment they began to follow."""
        now = time.time()
        for server in self.data["servers"].values():
            if not self.follows(server):
                server["following"] = None
                continue
            server["following"] = server.get("following") or now
            while server["holds"] < self.version():
                due = max(self.data["writes"][server["holds"]], server["following"]) + self.data.get("lag", 0)
                if due > now:
                    break
                server["holds"] += 1
                server["created"] = self.data["writes"][server["holds"] - 1] + 0.001

    def follows(self, server):
        replica = server["services"].get("REPLICA", {"status": "Running"})
        return server.get("power", True) and replica["status"] == "Running" and self.data["master"].get("alive", True)

    # --- what happens in the world outside of the cmdlets

    def tell(self, *words):
        """The hook is a program that makes the effect visible elsewhere, for instance in a simulated world."""
        hook = self.data.get("hook")
        if hook:
            subprocess.run([hook, *[str(word) for word in words]], check=True, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL)

    def date(self, moment):
        return None if moment is None else Date(datetime.datetime.fromtimestamp(moment, UTC))
