"""What the cases of this folder share: an organisation each, and a few ways to ask it."""

import subprocess
import unittest

from contoso import AT_POOL1, Contoso
from waiting import LIMIT, until


class Life(unittest.TestCase):
    def begin(self, automation, before=lambda contoso: None, **setting):
        """A daemon that has looked once and found everything as declared; `before` it starts."""
        self.contoso = Contoso(automation, **setting)
        self.addCleanup(self.contoso.end)
        self.daemon, self.repository = self.contoso.daemon, self.contoso.repository
        before(self.contoso)
        self.daemon.start()
        seen = self.look(lambda status: status["round"] > 0)
        self.assertEqual((seen["sentence"], seen["plan"]["cause"]), ("As declared.", ""), self.daemon.said())
        self.assertEqual(seen["commit"], self.contoso.first)
        self.assertEqual(self.contoso.records(), AT_POOL1)

    def refused(self, *words):
        """What a daemon said that did not begin, beside the one that has ended."""
        return subprocess.run([self.daemon.programs / "poolshift", "serve", *words, "--state-dir", self.contoso.folder / "state",
                               "--socket", self.daemon.socket], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False, timeout=LIMIT, cwd=self.contoso.folder)

    def look(self, fits):
        """Looks again and again until it stands as wanted."""
        return until(self.daemon.look, fits)

    def move_xmpp(self, person="bob", pool="edgepool2", title="move XMPP"):
        return self.repository.commit(person, title, {"contoso.yaml": self.contoso.xmpp_at(pool)})

    def waiting_plan(self, commit):
        """How it stands when the plan for the commit waits for people."""
        return self.look(lambda status: status["commit"] == commit and status["plan"]["verdict"] == "waits for approval")

    def approve(self, digest):
        done = self.daemon.run("approve", digest)
        self.assertEqual(done.returncode, 0, done.stderr)

    def settled(self, commit):
        """How it stands when everything is as this commit declares."""
        return self.look(lambda status: status["in_sync"]["commit"] == commit and status["sentence"] == "As declared.")

    def outcomes(self):
        """Of each run, the first one first."""
        return [run["outcome"] for run in reversed(self.daemon.runs()["runs"])]

    def what_is_written(self):
        """Changes with every write of anybody: records with the zone's serial, routes and services, runs."""
        resources = ["SiteRoute/Site1", "SiteRoute/Site2", "Topology/contoso",
                     *(f"EdgeService/edgeserver{name}.contoso.com/xmppProxy" for name in ("1a", "1b", "2a", "2b"))]
        return (self.contoso.records(), self.contoso.server.short("contoso.com", "SOA"),
                [self.contoso.platform(resource) for resource in resources], self.outcomes())
