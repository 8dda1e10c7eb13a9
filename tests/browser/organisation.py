"""A daemon with pages for the browser: an organisation on the simulated platform in which a run is done, somebody has
changed something by hand, another plan waits for people, and a site is paused."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/serve"))

from authority import Authority  # noqa: E402
from daemon import Daemon  # noqa: E402
from waiting import processes_in, until  # noqa: E402

PROGRAMS = pathlib.Path(os.environ.get("POOLSHIFT_BUILD", ROOT / "build")).resolve() / "bin"
HOSTS = "hosts: {federation: edgepool1, xmpp: edgepool1}"
POLICY = """apiVersion: poolshift/v1
kind: Policy
metadata: {name: contoso}
spec:
  probes: {vantages: [vantage-a, vantage-b, vantage-c], required: 2, successes: 1}
  dns: {moveTtl: 1s, negativeTtl: 1s}
  automation: {mode: approve, approvals: 2, drill: 24h}
"""


class Organisation:
    def __init__(self, over_tls=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolshift-pages-")).resolve()
        source = ROOT / "manifests/nothing-to-do"
        (self.folder / "contoso").mkdir()
        (self.folder / "contoso/world.sim").write_text((source / "world.sim").read_text().replace("ttl: 300", "ttl: 1"))
        text = (source / "contoso.yaml").read_text().replace("ttl: 300", "ttl: 1")
        self.manifest = text[:text.index("---\napiVersion: poolshift/v1\nkind: Policy")]
        self.declare(HOSTS, POLICY.replace(", approvals: 2", ""))
        listen = self.tls() if over_tls else ("--listen", "127.0.0.1:0")
        self.daemon = Daemon(PROGRAMS, self.folder, "--every", "1h", *listen, "contoso")
        try:
            self.daemon.start()
            self.origin = re.search(r"pages (?:at|over TLS at) (https?://[^/\s]+)/", self.daemon.said())[1]
            self.look(lambda status: status["sentence"] == "As declared.")
        except BaseException:
            self.end()
            raise

    def tls(self):
        certificate, key = Authority(self.folder / "tls", "ca").make("pages", "/CN=pages", "serverAuth", names="IP:127.0.0.1")
        return "--listen-tls", "127.0.0.1:0", "--listen-cert", certificate, "--listen-key", key

    def declare(self, hosts, policy=POLICY):
        (self.folder / "contoso/contoso.yaml").write_text(self.manifest.replace(HOSTS, hosts))
        (self.folder / "contoso/policy.yaml").write_text(policy)

    def look(self, fits):
        return until(self.daemon.look, fits)

    def tell(self, *words):
        done = self.daemon.run(*words)
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def live_through_a_day(self):
        xmpp = "hosts: {federation: edgepool1, xmpp: edgepool2}"
        self.declare(xmpp, POLICY.replace(", approvals: 2", ""))
        self.tell("approve", self.look(lambda status: status["plan"]["actions"] > 0)["plan"]["digest"])
        self.look(lambda status: status["sentence"] == "As declared.")
        for path, value in (("dns/records/xmpp.contoso.com/A/records", "[198.51.100.21]"),
                            ("edgePools/edgepool1.contoso.com/servers/edgeserver1b.contoso.com/services/avRelay", "stopped")):
            subprocess.run([PROGRAMS / "poolshift-provider-sim", "world", "set", self.folder / "state/providers/contoso.world",
                            path, value], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=self.folder)
        self.declare("hosts: {federation: edgepool2, xmpp: edgepool2}")
        self.look(lambda status: status["plan"]["actions"] > 0)

    def pause(self):
        self.tell("pause", "Site2", "--for", "2h", "--reason", "power test of the second line")
        self.look(lambda status: status["pauses"])

    def end(self):
        try:
            self.daemon.end()
            until(lambda: processes_in(self.folder), lambda left: not left)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
