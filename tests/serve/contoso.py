"""The organisation of the manifests in a git repository: the zone contoso.com on a real BIND, everything else on the
simulated platform, and a daemon that follows the repository."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/verify"))

from daemon import Daemon  # noqa: E402
from name_server import KEY, SECRET, NameServer  # noqa: E402
from repository import Repository  # noqa: E402
from waiting import processes_in, until  # noqa: E402

PROGRAMS = pathlib.Path(os.environ.get("POOLSHIFT_BUILD", ROOT / "build")).resolve() / "bin"
XMPP = "xmpp.contoso.com"
AT_POOL1, AT_POOL2 = ["203.0.113.11", "203.0.113.12"], ["198.51.100.21", "198.51.100.22"]
RECORD = re.compile(r"^    (\S+)/(A|SRV): \[?([^\]\n]+)\]?$", re.MULTILINE)
SETS = [f"{XMPP}/A", "_sipfederationtls._tcp.contoso.com/SRV", "_xmpp-server._tcp.contoso.com/SRV"]
ZONE_PROVIDER = """---
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
    tsig: {{name: {key}, algorithm: hmac-sha256}}
  secrets: {{tsig: "file:{file}"}}
"""
POLICY = """apiVersion: poolshift/v1
kind: Policy
metadata: {{name: contoso}}
spec:
  probes: {{vantages: [vantage-a, vantage-b, vantage-c], required: 2, successes: 1}}
  dns: {{moveTtl: 1s, negativeTtl: 1s}}
  automation: {automation}
  commits:
    signers:
      - {{name: alice, ssh: {alice}}}
      - {{name: bob, ssh: {bob}}}
"""


def zone_lines(world):
    lines = []
    for name, kind, values in RECORD.findall(world):
        for value in values.split(","):
            lines.append(f"{name}. 1 {kind} {value.strip()}{'.' if kind == 'SRV' else ''}")
    return lines


class Programs:
    """What the name server of the trials asks for."""

    dns = str(PROGRAMS / "poolshift-provider-dns")


class Contoso:
    """A world, a repository with one commit of alice, and a daemon that is not started."""

    def __init__(self, automation, world="", every="1h"):
        """`automation`: of the policy. `world`: lines that are added to the simulated platform's."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolshift-serve-")).resolve()
        source = ROOT / "manifests/nothing-to-do"
        text = (source / "world.sim").read_text()
        self.server = NameServer(Programs, self.folder, "contoso.com", zone_lines(text), SETS)
        try:
            self._make(source, text, automation, world, every)
        except BaseException:
            self.server.stop()
            raise

    def _make(self, source, text, automation, world, every):
        (self.folder / "base").mkdir()
        self.simulated = text[:text.index("\ndns:\n") + 1]
        (self.folder / "base/world.sim").write_text(self.simulated + world)
        self.world = self.folder / "state/providers/contoso.world"
        for made in (self.folder / "state", self.world.parent):
            made.mkdir(mode=0o700)
        self._simulator("init", self.folder / "base/world.sim", self.world)
        (self.folder / "tsig.key").write_text(SECRET)
        (self.folder / "tsig.key").chmod(0o600)
        self.repository = Repository(self.folder, ["alice", "bob", "mallory"])
        manifest = (source / "contoso.yaml").read_text()
        manifest = manifest[:manifest.index("---\napiVersion: poolshift/v1\nkind: Policy")].replace("ttl: 300", "ttl: 1")
        self.manifest = manifest + ZONE_PROVIDER.format(port=self.server.port, key=KEY, file=self.folder / "tsig.key")
        self.first = self.repository.commit("alice", "the organisation as it is", {
            "contoso.yaml": self.manifest, "policy.yaml": self.policy(automation)})
        self.daemon = Daemon(PROGRAMS, self.folder, "--git", self.repository.url, "--ref", "main", "--base",
                             self.folder / "base", "--allowed-signers", self.repository.allowed_signers("alice"),
                             "--every", every)

    def policy(self, automation):
        return POLICY.format(automation=automation, alice=self.repository.key("alice"), bob=self.repository.key("bob"))

    def end(self):
        """Ends what was started; a failed test when something lives on."""
        try:
            self.daemon.end()
            self.server.stop()
            until(lambda: processes_in(self.folder), lambda left: not left)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def xmpp_at(self, pool):
        """The manifest with XMPP hosted by another pool."""
        return self.manifest.replace("xmpp: edgepool1}", f"xmpp: {pool}}}")

    def records(self):
        return self.server.short(XMPP, "A")

    def edit_zone(self, *statements):
        """As a person does, behind the daemon's back."""
        lines = [f"server 127.0.0.1 {self.server.port}", "zone contoso.com", *(f"update {one}" for one in statements), "send"]
        subprocess.run(["nsupdate", "-y", f"hmac-sha256:{KEY}:{SECRET}"], input="\n".join(lines) + "\n", text=True,
                       capture_output=True, check=True)

    def point_xmpp_at(self, addresses):
        self.edit_zone(f"delete {XMPP}. A", *(f"add {XMPP}. 1 A {address}" for address in addresses))

    def _simulator(self, *words):
        return subprocess.run([PROGRAMS / "poolshift-provider-sim", "world", *words], text=True, capture_output=True, check=True,
                              cwd=self.folder).stdout

    def edit_platform(self, path, value):
        self._simulator("set", self.world, path, value)

    def platform(self, resource):
        return self._simulator("observe", self.world, resource)
