"""Contoso, whose Edge pool 1 is dead, for one trial of `./dev verify kills`: `poolshift` moves both federations with the
real programs, the simulated platform and BIND. Here is what must hold whenever a run was cut off, and at the end."""

import collections
import contextlib
import dataclasses
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile

import controllers
import name_server

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
SCENARIO = SOURCE / "manifests" / "both-failover"
XMPP, SIP = "xmpp.contoso.com", "_sipfederationtls._tcp.contoso.com"
SETS = {f"{XMPP}/A": (XMPP, "A"), f"{SIP}/SRV": (SIP, "SRV")}
# Of the platform's state: what only tells when something happened, or follows by itself.
BY_THE_WAY = {"bookkeeping", "links", "replica", "recent", "settled", "cached", "cachedUntil"}


class Programs(controllers.Programs):
    def __init__(self, build):
        super().__init__(build)
        build = pathlib.Path(build).resolve()
        self.dns = str(build / "bin" / "poolshift-provider-dns")
        self.boundaries = str(build / "verify" / "libpoolshift-boundaries.so")


def zone_lines(world):
    """The records of the world, as lines of a zone file that is cached for a second."""
    lines = []
    for name, kind, values in re.findall(r"^    (\S+)/(A|SRV): \[?([^\]\n]+)\]?$", world, re.MULTILINE):
        dot = "." if kind == "SRV" else ""
        lines += [f"{name}. 1 {kind} {value.strip()}{dot}" for value in values.split(",")]
    return lines


def zone_provider(port, secret):
    return f"""---
apiVersion: poolshift/v1
kind: Provider
metadata: {{name: zone}}
spec:
  type: dns
  serves:
    - {{kinds: [DnsRecordSet], zones: [contoso.com]}}
  config:
    zones:
      - zone: contoso.com
        servers: [{{address: 127.0.0.1, port: {port}}}]
        adopt: declared
    tsig: {{name: {name_server.KEY}, algorithm: hmac-sha256}}
    timeouts: {{query: 10s, update: 10s}}
  secrets: {{tsig: "file:{secret}"}}
"""


@dataclasses.dataclass
class Record:
    intents: list  # (key, action, run, seq)
    results: dict  # (run, seq) -> outcome
    runs: int


class Site:
    def __init__(self, programs):
        self.programs = programs
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolshift-kills-"))
        world = controllers.edited((SCENARIO / "world.sim").read_text(), "lag: 200ms", "lag: 20ms")
        self.server = name_server.NameServer(programs, self.folder, "contoso.com", zone_lines(world),
                                             [*SETS, "_xmpp-server._tcp.contoso.com/SRV"])
        secret = self.folder / "tsig.key"
        secret.write_text(name_server.SECRET)
        secret.chmod(0o600)
        manifest = controllers.edited((SCENARIO / "contoso.yaml").read_text(), "successes: 3", "successes: 1")
        manifest = controllers.edited(manifest, "ttl: 5", "ttl: 1", -1)
        manifest = controllers.edited(manifest, "world: world.sim", "world: world.sim, state: ../platform, writes: ../writes")
        (self.folder / "platform").mkdir(mode=0o700)
        manifest += zone_provider(self.server.port, secret)
        self.controller = controllers.Controller(programs, self.folder, "contoso", manifest, world[:world.index("\ndns:\n") + 1])
        self.state = self.folder / "contoso-state"
        self.crossed = self.folder / "crossed"
        self.hangs = []

    def end(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, words, boundary=None):
        """Starts `poolshift`; `boundary` is what is asked of the preloaded library (boundaries/settings.h)."""
        extra = {}
        if boundary is not None:
            extra = {"LD_PRELOAD": self.programs.boundaries, "POOLSHIFT_BOUNDARY_LOG": str(self.crossed)}
            extra |= {f"POOLSHIFT_BOUNDARY_{name}": value for name, value in boundary.items()}
        with open(self.folder / "contoso.log", "ab") as output:
            output.write(f"$ poolshift {' '.join(words)} {boundary or ''}\n".encode())
            output.flush()
            return subprocess.Popen(self.controller.command(*words), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=output, start_new_session=True,
                                    env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "USER": "trial", **extra})

    def wait(self, process):
        status = controllers.wait(process)
        if status == "hangs":
            self.hangs.append(f"does not end within {controllers.PATIENCE} s: {process.args}")
        return status

    def run(self, words, boundary=None):
        return self.wait(self.start(words, boundary))

    def log(self):
        return self.controller.log()

    def crossings(self):
        """Names of the boundaries that were crossed since it was asked last, in order."""
        if not self.crossed.exists():
            return []
        names = self.crossed.read_text().splitlines()
        self.crossed.unlink()
        return names

    def planned(self):
        """Resource -> its action, and the resources that must have been changed before it."""
        shown = subprocess.run(self.controller.command("plan", "--json"), cwd=self.folder, capture_output=True, check=False)
        actions = {action["id"]: action for action in json.loads(shown.stdout)["actions"]}

        def before(action):
            return set().union(*({need} | before(actions[need]) for need in action["needs"]), set())

        name = {key: f"{action['kind']}/{action['name']}" for key, action in actions.items()}
        return {name[key]: (key, {name[need] for need in before(action) if actions[need]["verb"] != "gate"})
                for key, action in actions.items() if action["verb"] != "gate"}

    def applied(self):
        """(key, resource) of each change that the platform made."""
        path = self.folder / "platform" / "world.state.yaml"
        text = path.read_text() if path.exists() else ""
        return re.findall(r"^ +- ([0-9a-f]{64}\S*) (\S+)$", text, re.MULTILINE)

    def moved(self):
        """Record sets that were changed, once for each record that was added."""
        return [f"DnsRecordSet/{key}" for name, what in self.server.added() for key, (owner, kind) in SETS.items()
                if owner == name and what.startswith(kind)]

    def changes(self):
        return collections.Counter([resource for _, resource in self.applied()] + self.moved())

    def end_state(self):
        lines, path = [], []
        for line in (self.folder / "platform" / "world.state.yaml").read_text().splitlines():
            key, _, value = line.strip().partition(":")
            path = path[:(len(line) - len(line.lstrip())) // 2] + [key]
            if value and not BY_THE_WAY & set(path):
                lines.append(f"{'/'.join(path)}:{value}")
        return "\n".join(lines + [f"{key}: {self.server.short(*place)}" for key, place in SETS.items()])

    def record(self):
        """The store as it is on disk, in a copy: looking must not repair what a crash left."""
        copy = pathlib.Path(tempfile.mkdtemp(dir=self.folder, prefix="copy-"))
        for name in ("poolshift.db", "poolshift.db-wal"):
            if (self.state / name).exists():
                shutil.copy(self.state / name, copy / name)
        record = Record([], {}, 0)
        with contextlib.closing(sqlite3.connect(copy / "poolshift.db")) as database:
            if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'intents'").fetchone():
                record.intents = database.execute("SELECT key, action, run, seq FROM intents").fetchall()
                record.results = {(run, seq): outcome for run, seq, outcome in
                                  database.execute("SELECT run, seq, outcome FROM results")}
                record.runs = database.execute("SELECT count(*) FROM runs").fetchone()[0]
        shutil.rmtree(copy)
        return record

    def runs(self):
        return self.record().runs

    def faults_when_cut_off(self, planned):
        """What must hold after any crash: no change without a durable intent, and none before what it waits for."""
        intents = self.record().intents
        keys, begun = {key for key, *_ in intents}, {action for _, action, *_ in intents}
        changed = set(self.changes())
        found = [f"{resource} was changed without an intent on record" for key, resource in self.applied() if key not in keys]
        for resource in sorted(changed):
            action, before = planned.get(resource, ("", set()))
            found += [f"{resource} was changed before {each}" for each in sorted(before - changed)]
            if action not in begun:
                found.append(f"{resource} was changed without its action in the plan and on record")
        late = controllers.stale(controllers.writes(self.folder))
        return found + [f"accepted under the old token {token}: {resource}" for token, resource in late]

    def faults_at_end(self, whole):
        """`whole`: end state and changes of an undisturbed run."""
        found = []
        for words, what in ((["plan"], "the next plan is not empty"), (["drift"], "there is drift"),
                            (["history", "verify"], "the record is not whole")):
            if self.run(words) != 0:
                found.append(what)
        if self.end_state() != whole.state:
            found.append(f"another end state:\n{self.end_state()}\n-- whole run:\n{whole.state}")
        if self.changes() != whole.changes:
            found.append(f"other changes: {self.changes() - whole.changes} too many, {whole.changes - self.changes()} missing")
        record = self.record()
        intents, results = record.intents, record.results
        for key, action, run, seq in intents:
            if (run, seq) not in results:
                found.append(f"intent {seq} of run {run} ({action}) has no result")
        done = {key for key, _, run, seq in intents if results.get((run, seq)) == "done"}
        found += [f"the change of {resource} is not on record as done" for key, resource in self.applied() if key not in done]
        return found
