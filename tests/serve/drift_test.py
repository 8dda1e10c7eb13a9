"""A daemon and what people do beside it: mended where that is declared, told everywhere else."""

import subprocess
import unittest

from contoso import AT_POOL1, AT_POOL2, PROGRAMS, XMPP
from life import Life
from waiting import until

EVERYTHING = "[DnsRecordSet, SiteRoute, Topology, EdgeService, EdgeComponents, EdgeAssociation]"


class Drift(Life):
    def test_is_healed_where_declared(self):
        # Nobody asks: it looks by itself.
        self.begin("{mode: report, rules: [{kinds: [DnsRecordSet], mode: auto}], heal: [DnsRecordSet]}", every="200ms")
        self.contoso.point_xmpp_at([AT_POOL1[0], "192.0.2.9"])
        until(self.contoso.records, lambda records: records == AT_POOL1)
        until(self.outcomes, lambda outcomes: outcomes == ["done"])
        history = self.daemon.run("runs", "1").stdout
        self.assertIn("the policy: mode auto", history)
        self.assertIn(f"DnsRecordSet/{XMPP}/A", history)
        # What is not declared so, in the same daemon, stays as it is.
        self.contoso.edit_platform("sites/Site2/xmpp", "edgepool2.contoso.com")
        until(self.daemon.status, lambda status: status["drift"]["differences"] > 0)
        round_then = self.daemon.status()["round"]
        seen = until(self.daemon.status, lambda status: status["round"] > round_then + 3)
        self.assertEqual(seen["plan"]["verdict"], "reports")
        self.assertIn("xmpp: edgepool2", self.contoso.platform("SiteRoute/Site2"))
        self.assertEqual(self.outcomes(), ["done"])

    def test_is_only_reported_in_mode_report(self):
        self.begin("{mode: auto, rules: [{kinds: [DnsRecordSet], mode: report}], heal: [DnsRecordSet]}")
        self.contoso.point_xmpp_at(AT_POOL1[:1])
        before = self.what_is_written()
        self.look(lambda status: status["plan"]["verdict"] == "reports")
        first = self.daemon.drift()
        self.look(lambda status: status["looked_at"] != first["looked_at"])
        second = self.daemon.drift()
        self.assertEqual(self.what_is_written(), before)
        (item,) = second["drift"]
        self.assertEqual((item["kind"], item["name"], item["declared"], item["observed"]),
                         ("DnsRecordSet", f"{XMPP}/A", AT_POOL1, AT_POOL1[:1]))
        self.assertEqual(item["commit"], self.contoso.first)
        self.assertRegex(item["first_seen"], r"^\d{4}-\d\d-\d\dT")
        self.assertRegex(item["last_in_sync"], r"^\d{4}-\d\d-\d\dT")
        self.assertEqual(item["first_seen"], first["drift"][0]["first_seen"], "since when it is there does not move")
        self.assertLess(item["last_in_sync"], item["first_seen"])
        self.assertNotEqual(second["looked_at"], first["looked_at"])

    def test_who_hosts_is_never_changed_back(self):
        self.begin("{mode: auto, heal: %s}" % EVERYTHING)
        self.contoso.point_xmpp_at(AT_POOL2)
        for site in ("Site1", "Site2"):
            self.contoso.edit_platform(f"sites/{site}/xmpp", "edgepool2.contoso.com")
        for name in ("2a", "2b"):
            self.contoso.edit_platform(f"edgePools/edgepool2.contoso.com/servers/edgeserver{name}.contoso.com/services/xmppProxy",
                                       "running")
        before = self.what_is_written()
        seen = self.waiting_plan(self.contoso.first)
        self.assertEqual((seen["plan"]["mode"], seen["plan"]["cause"]), ("approve", "drift"))
        reasons = "\n".join(seen["plan"]["reasons"])
        for resource in ("SiteRoute/Site1", "SiteRoute/Site2", f"DnsRecordSet/{XMPP}/A"):
            self.assertIn(f"{resource} was changed beside the declaration: who hosts is never changed back by itself (D13)",
                          reasons)
        self.assertIn("poolshift adopt", self.daemon.run("status").stdout)
        self.assertTrue(any(item["mend"]["designation"] for item in self.daemon.drift()["drift"]))
        self.assertEqual(self.daemon.look()["plan"]["verdict"], "waits for approval")
        self.assertEqual(self.what_is_written(), before)
        # Who adopts it commits what `adopt` shows; the hand's work then stands.
        self.assertIn("hosts: {xmpp: edgepool2}  # was edgepool1", self.adopt())
        self.settled(self.move_xmpp("alice", title="adopt what was done at night"))
        self.assertEqual(self.contoso.records(), AT_POOL2)
        self.assertIn("xmpp: edgepool2", self.contoso.platform("SiteRoute/Site1"))

    def adopt(self):
        clone = self.repository.clone
        (clone / "world.sim").write_text((self.contoso.folder / "base/world.sim").read_text())
        try:
            done = subprocess.run([PROGRAMS / "poolshift", "adopt", "--state-dir", self.contoso.folder / "state", clone],
                                  cwd=self.contoso.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        finally:
            (clone / "world.sim").unlink()
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stdout


if __name__ == "__main__":
    unittest.main()
