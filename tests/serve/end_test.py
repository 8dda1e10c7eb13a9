"""How a daemon ends, and what the next one makes of it."""

import json
import signal
import subprocess
import unittest

from contoso import AT_POOL1, AT_POOL2
from life import Life
from waiting import processes_in, until

# The second site's route is written, and whoever wrote it never learns that.
NO_REPLY = 'faults:\n  - {resource: "SiteRoute/Site2", fault: hang, afterEffect: true, times: 1}\n'


class End(Life):
    def test_is_asked_for(self):
        self.begin("{mode: auto}")
        self.assertTrue(self.daemon.socket.exists())
        self.assertEqual(self.daemon.end(signal.SIGTERM), 0)
        self.assertFalse(self.daemon.socket.exists())
        until(lambda: [line for line in processes_in(self.contoso.folder) if "named" not in line], lambda left: not left)
        self.assertIn("stopped", self.daemon.said().splitlines()[-1])
        # Nobody answers any more, and whoever asks is told so.
        asked = self.daemon.run("status")
        self.assertEqual(asked.returncode, 1)
        self.assertIn(str(self.daemon.socket), asked.stderr)
        # The next one goes on from there.
        self.daemon.start()
        self.assertEqual(self.daemon.look()["in_sync"]["commit"], self.contoso.first)

    def test_is_said_in_the_log_that_programs_read(self):
        self.begin("{mode: report}", before=lambda contoso: contoso.daemon.words.append("--log-json"))
        self.assertEqual(self.daemon.end(signal.SIGTERM), 0)
        said = [json.loads(line)["line"] for line in self.daemon.said().splitlines()]
        self.assertTrue(said[-2].startswith("stopping: "), said)
        self.assertEqual(said[-1], "stopped")

    def cut_off(self):
        """Killed when a route is written and nobody knows it yet. Nothing is left of it but its files."""
        until(lambda: self.contoso.platform("SiteRoute/Site2"), lambda text: "xmpp: edgepool2" in text)
        self.assertTrue(self.daemon.status()["running"])
        self.assertEqual(self.contoso.records(), AT_POOL1)
        self.assertEqual(self.daemon.end(signal.SIGKILL), -signal.SIGKILL)
        until(lambda: [line for line in processes_in(self.contoso.folder) if "named" not in line], lambda left: not left)

    def test_in_the_middle_of_a_run(self):
        self.begin("{mode: auto}", world=NO_REPLY)
        moved = self.move_xmpp()
        asking = subprocess.Popen(self.daemon.command("status", "--look"), stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, cwd=self.contoso.folder)
        self.addCleanup(asking.wait)
        self.cut_off()
        self.daemon.start()
        self.settled(moved)
        self.assertEqual(self.contoso.records(), AT_POOL2)
        self.assertEqual(self.outcomes(), ["cut off", "done"])
        first = self.daemon.run("runs", "1").stdout
        self.assertRegex(first, r"result \w+ \(route Site2: XMPP edgepool1 -> edgepool2\):\s+done, settled by a later run")

    def test_in_the_middle_of_an_approved_run(self):
        self.begin("{mode: approve}", world=NO_REPLY)
        moved = self.move_xmpp()
        digest = self.waiting_plan(moved)["plan"]["digest"]
        self.approve(digest)
        self.cut_off()
        self.daemon.start()
        seen = self.waiting_plan(moved)
        self.assertNotEqual(seen["plan"]["digest"], digest, "what is left is another plan")
        self.approve(seen["plan"]["digest"])
        self.settled(moved)
        self.assertEqual((self.contoso.records(), self.outcomes()), (AT_POOL2, ["cut off", "done"]))


if __name__ == "__main__":
    unittest.main()
