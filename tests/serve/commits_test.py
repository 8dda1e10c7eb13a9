"""A daemon that follows a git repository: which commits it takes, which it does not, and what it says about them."""

import hashlib
import unittest

from contoso import AT_POOL1, AT_POOL2, PROGRAMS
from life import Life


class Commits(Life):
    def test_move_and_its_revert(self):
        self.begin("{mode: approve}")
        moved = self.move_xmpp()
        seen = self.waiting_plan(moved)
        self.assertEqual((seen["plan"]["cause"], seen["title"]), ("commit", "move XMPP"))
        self.assertIn("signed by bob", seen["author"])
        self.assertEqual(self.contoso.records(), AT_POOL1, "written before anybody agreed")
        self.assertEqual(self.outcomes(), [])

        self.approve(seen["plan"]["digest"])
        self.settled(moved)
        self.assertEqual(self.contoso.records(), AT_POOL2)
        self.assertIn("xmpp: edgepool2", self.contoso.platform("SiteRoute/Site1"))
        self.assertEqual((self.daemon.drift()["drift"], self.daemon.run("status").returncode), ([], 0))

        reverted = self.repository.revert("alice")
        seen = self.waiting_plan(reverted)
        self.assertEqual(self.contoso.records(), AT_POOL2, "written before anybody agreed")
        self.approve(seen["plan"]["digest"])
        self.settled(reverted)
        self.assertEqual(self.contoso.records(), AT_POOL1)
        self.assertIn("xmpp: edgepool1", self.contoso.platform("SiteRoute/Site1"))
        self.assertEqual(self.outcomes(), ["done", "done"])

    def test_newer_commit_takes_the_place(self):
        self.begin("{mode: approve}")
        old = self.waiting_plan(self.move_xmpp(title="move XMPP"))["plan"]["digest"]
        both = self.contoso.manifest.replace("federation: edgepool1, xmpp: edgepool1", "federation: edgepool2, xmpp: edgepool2")
        newer = self.repository.commit("alice", "move both", {"contoso.yaml": both})
        digest = self.waiting_plan(newer)["plan"]["digest"]
        self.assertNotEqual(digest, old)
        late = self.daemon.run("approve", old)
        self.assertNotEqual(late.returncode, 0)
        self.assertIn(f"the plan is now {digest[:12]}", late.stderr)
        seen = self.daemon.look()
        self.assertEqual((seen["plan"]["digest"], seen["plan"]["agreed"]), (digest, []))
        self.assertEqual((self.contoso.records(), self.outcomes()), (AT_POOL1, []))

    def test_commit_may_agree(self):
        self.begin("{mode: approve}")
        digest = self.waiting_plan(self.move_xmpp())["plan"]["digest"]
        agreeing = self.repository.commit("alice", f"agree\n\nPoolshift-Approve: {digest}")
        self.settled(agreeing)
        self.assertEqual((self.contoso.records(), self.outcomes()), (AT_POOL2, ["done"]))

    def test_agreement_outlives_a_failed_look(self):
        self.begin("{mode: approve}")
        digest = self.waiting_plan(self.move_xmpp())["plan"]["digest"]
        key, away = self.contoso.folder / "tsig.key", self.contoso.folder / "tsig.away"
        key.rename(away)
        agreeing = self.repository.commit("alice", f"agree\n\nPoolshift-Approve: {digest}")
        self.assertIn(str(key), self.daemon.look()["error"])
        away.rename(key)
        self.settled(agreeing)
        self.assertEqual((self.contoso.records(), self.outcomes()), (AT_POOL2, ["done"]))

    def refused(self, commit, why):
        """The commit is not taken, whatever the policy, and people are told."""
        seen = self.look(lambda status: commit[:12] in status["refused"])
        self.assertIn(why, seen["refused"])
        self.assertEqual((seen["commit"], seen["plan"]["actions"]), (self.contoso.first, 0))
        told = self.daemon.run("status")
        self.assertEqual(told.returncode, 2)
        self.assertIn("REFUSED", told.stdout)
        self.assertIn(commit[:12], told.stdout)

    def test_unsigned_commit(self):
        self.begin("{mode: auto}")
        before = self.what_is_written()
        self.refused(self.move_xmpp(person=None), "is not signed")
        self.assertEqual(self.what_is_written(), before)
        # What comes after it does not make it good.
        later = self.repository.commit("alice", "on top")
        seen = self.daemon.look()
        self.assertEqual(seen["commit"], self.contoso.first, later)
        self.assertEqual(self.what_is_written(), before)

    def test_commit_by_an_unknown_key(self):
        self.begin("{mode: auto}")
        before = self.what_is_written()
        self.refused(self.move_xmpp(person="mallory"), "signed by a key of nobody who may sign")
        self.assertEqual(self.what_is_written(), before)

    def test_whoever_declares_himself(self):
        self.begin("{mode: auto}")
        before = self.what_is_written()
        policy = self.repository.read("policy.yaml").replace(self.repository.key("bob"), self.repository.key("mallory"))
        self.refused(self.repository.commit("mallory", "me", {"policy.yaml": policy}), "signed by a key of nobody who may sign")
        self.assertEqual(self.what_is_written(), before)

    def test_policy_is_changed_by_two(self):
        self.begin("{mode: auto}")
        policy = self.repository.read("policy.yaml").replace("  commits:\n", "  commits:\n    policySigners: 2\n")
        two = self.repository.commit("alice", "two from now on", {"policy.yaml": policy})
        self.settled(two)
        before = self.what_is_written()
        mallory = f"      - {{name: mallory, ssh: {self.repository.key('mallory')}}}\n"
        changed = self.repository.commit("alice", "a third signer", {"policy.yaml": policy + mallory})
        self.repository.commit("alice", "a move", {"contoso.yaml": self.contoso.xmpp_at("edgepool2")})
        for title in ("seen", "agreed by the same person"):
            seen = self.look(lambda status: changed[:12] in status["refused"])
            self.assertIn("changes who is believed (adds a key of mallory)", seen["refused"])
            self.assertIn(f"it has alice; bob must confirm it, with `git commit -S --allow-empty -m confirmed --trailer "
                          f"'Poolshift-Confirm: {changed}'`", seen["refused"], title)
            self.assertEqual((seen["commit"], seen["plan"]["actions"], seen["needs_attention"]), (two, 0, True), title)
            told = self.daemon.run("status")
            self.assertEqual((told.returncode, self.what_is_written()), (2, before), title)
            self.assertIn("REFUSED", told.stdout)
            self.repository.commit("alice", f"agreed\n\nPoolshift-Confirm: {changed}")
        confirmed = self.repository.commit("bob", f"agreed\n\nPoolshift-Confirm: {changed}")
        self.settled(confirmed)
        self.assertEqual(self.contoso.records(), AT_POOL2)
        # From here on the third may sign too.
        self.settled(self.repository.commit("mallory", "nothing much"))

    def test_lock_file_is_that_of_the_commit(self):
        self.begin("{mode: auto}")
        before = self.what_is_written()
        broken = self.repository.commit("alice", "a slip", {"poolshift.lock": "sim 1\n"})
        seen = self.look(lambda status: status["faults"])
        self.assertIn(f"{broken[:12]}:poolshift.lock:1: `sim 1` is no pin", seen["faults"])
        self.assertEqual((seen["commit"], seen["error"]), (self.contoso.first, ""), "the last good one is in force")
        other = self.repository.commit("alice", "other programs, and a move", {
            "poolshift.lock": "".join(f"{kind} {'a' * 64}\n" for kind in ("sim", "dns")),
            "contoso.yaml": self.contoso.xmpp_at("edgepool2")})
        seen = self.look(lambda status: status["error"])
        self.assertIn(f"{other[:12]}:poolshift.lock says SHA-256 {'a' * 64}", seen["error"])
        self.assertEqual(self.what_is_written(), before)
        pins = "".join(f"{kind} {hashlib.sha256((PROGRAMS / f'poolshift-provider-{kind}').read_bytes()).hexdigest()}\n"
                       for kind in ("sim", "dns"))
        self.settled(self.repository.commit("alice", "these programs", {"poolshift.lock": pins}))
        self.assertEqual(self.contoso.records(), AT_POOL2)

    def test_rewritten_branch(self):
        self.begin("{mode: auto}")
        before = self.what_is_written()
        rewritten = self.repository.commit("alice", "history anew", {"contoso.yaml": self.contoso.xmpp_at("edgepool2")},
                                           amend=True)
        self.refused(rewritten, f"does not follow {self.contoso.first[:12]}")
        self.assertEqual(self.what_is_written(), before)
        # Once it grows again, it is followed again.
        self.repository.back_to(self.contoso.first)
        self.settled(self.move_xmpp())
        self.assertEqual(self.contoso.records(), AT_POOL2)

    def test_rewritten_while_nobody_looked(self):
        self.begin("{mode: auto}")
        moved = self.move_xmpp()
        self.settled(moved)
        self.daemon.end()
        before = self.contoso.records()
        self.repository.back_to(self.contoso.first)
        self.daemon.start()
        seen = self.look(lambda status: status["refused"])
        self.assertIn(f"does not follow {moved[:12]}", seen["refused"])
        self.assertEqual((seen["commit"], seen["plan"]["actions"], self.contoso.records()), (moved, 0, before))

    def test_commit_with_a_fault(self):
        self.begin("{mode: auto, heal: [DnsRecordSet]}")
        broken = self.contoso.manifest.replace("xmpp: edgepool1}", "xmpp: edgepool9}")
        commit = self.repository.commit("alice", "a slip", {"contoso.yaml": broken})
        seen = self.look(lambda status: status["faults"])
        self.assertRegex(seen["faults"], rf"{commit[:12]}:contoso\.yaml:6:\d+: error: .*edgepool9")
        self.assertEqual((seen["commit"], seen["plan"]["actions"]), (self.contoso.first, 0))
        # The last good one is still in force.
        self.contoso.point_xmpp_at(AT_POOL1[:1])
        self.look(lambda status: status["drift"]["differences"] == 0 and self.contoso.records() == AT_POOL1)
        self.assertEqual(self.daemon.status()["commit"], self.contoso.first)

    def test_repository_is_away(self):
        self.begin("{mode: report}")
        away = self.contoso.folder / "away"
        self.repository.bare.rename(away)
        seen = self.look(lambda status: status["unreachable"])
        self.assertIn(str(self.repository.bare), seen["unreachable"])
        self.assertEqual((seen["sentence"], seen["commit"]),
                         ("As last declared, but the repository does not answer.", self.contoso.first))
        self.assertIn("NO ANSWER", self.daemon.run("status").stdout)
        # It still looks at the world, by what was verified last.
        self.contoso.point_xmpp_at(AT_POOL1[:1])
        self.look(lambda status: status["drift"]["differences"] == 1)
        self.assertEqual(self.daemon.drift()["commit"], self.contoso.first)
        # So does the next daemon.
        self.daemon.end()
        self.daemon.start()
        seen = self.look(lambda status: status["round"] > 0)
        self.assertEqual((seen["error"], seen["commit"], seen["drift"]["differences"]), ("", self.contoso.first, 1))
        self.assertIn("signed by alice", seen["author"])
        self.assertIn(str(self.repository.bare), seen["unreachable"])
        away.rename(self.repository.bare)
        moved = self.move_xmpp()
        seen = self.look(lambda status: status["commit"] == moved)
        self.assertEqual(seen["unreachable"], "")


if __name__ == "__main__":
    unittest.main()
