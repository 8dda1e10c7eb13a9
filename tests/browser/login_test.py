"""Somebody logs in with the link that the socket gave, agrees on the page, and the plan is carried out."""

import sys
import unittest

from chromium import ROOT, Chromium
from organisation import POLICY, Organisation

sys.path.insert(0, str(ROOT / "tests/serve"))

from waiting import until  # noqa: E402

MOVED = "hosts: {federation: edgepool1, xmpp: edgepool2}"


class Login(unittest.TestCase):
    def setUp(self):
        self.organisation = Organisation()
        self.addCleanup(self.organisation.end)
        self.browser = Chromium()
        self.addCleanup(self.browser.end)

    def said(self):
        return self.browser.run("return document.querySelector('h1').textContent")

    def log_in(self):
        link = self.organisation.daemon.run("login")
        self.assertEqual(link.returncode, 0, link.stderr)
        self.browser.open(link.stdout.strip())
        return link.stdout.strip()

    def test_a_plan_is_agreed_to_on_the_page(self):
        self.organisation.declare(MOVED, POLICY.replace(", approvals: 2", ""))
        self.organisation.look(lambda status: status["plan"]["verdict"] == "waits for approval")
        self.browser.open(self.organisation.origin + "/approve")
        self.assertIn("You are not logged in", self.said())
        link = self.log_in()
        self.assertIn("You are in as", self.said())
        self.browser.open(link)
        self.assertIn("was used", self.said())
        self.browser.open(self.organisation.origin + "/approve")
        self.assertIn("XMPP", self.browser.run("return document.querySelector('ol').textContent"))
        # Without the tick the browser sends nothing.
        self.browser.run("document.querySelector('button[value=agree]').click()")
        self.assertEqual(self.said(), "Your word")
        self.browser.run("document.querySelector('input[name=sure]').click(); document.querySelector('button[value=agree]').click()")
        until(self.said, lambda text: text.startswith("Agreed to plan"))
        self.organisation.look(lambda status: status["sentence"] == "As declared.")
        (run,) = self.organisation.daemon.runs()["runs"]
        self.assertEqual(run["outcome"], "done")
        self.browser.open(self.organisation.origin + "/approve")
        self.assertIn("No plan waits", self.browser.run("return document.querySelector('main').textContent"))
        self.browser.run("document.querySelector('form[action=\"/leave\"] button').click()")
        until(self.said, lambda text: text == "You are out")
        self.browser.open(self.organisation.origin + "/approve")
        self.assertIn("You are not logged in", self.said())


if __name__ == "__main__":
    unittest.main()
