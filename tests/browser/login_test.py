"""Somebody logs in with the link that the socket gave, agrees on the page, and the plan is carried out."""

import sys
import unittest

from chromium import ROOT, Chromium
from organisation import POLICY, Organisation

sys.path.insert(0, str(ROOT / "tests/serve"))

from waiting import until  # noqa: E402

MOVED = "hosts: {federation: edgepool1, xmpp: edgepool2}"


class Login(unittest.TestCase):
    def begin(self, over_tls=False):
        self.organisation = Organisation(over_tls)
        self.addCleanup(self.organisation.end)
        # No browser believes the CA of a test.
        self.browser = Chromium(*(["--ignore-certificate-errors"] if over_tls else []))
        self.addCleanup(self.browser.end)

    def said(self):
        return self.browser.run("return document.querySelector('h1').textContent")

    def log_in(self):
        link = self.organisation.daemon.run("login")
        self.assertEqual(link.returncode, 0, link.stderr)
        self.browser.open(link.stdout.strip())
        return link.stdout.strip()

    def agree(self):
        self.browser.open(self.organisation.origin + "/approve")
        self.browser.run("document.querySelector('input[name=sure]').click(); document.querySelector('button[value=agree]').click()")
        until(self.said, lambda text: text.startswith("Agreed to plan"))
        self.organisation.look(lambda status: status["sentence"] == "As declared.")

    def leave(self):
        self.browser.open(self.organisation.origin + "/approve")
        self.browser.run("document.querySelector('form[action=\"/leave\"] button').click()")
        until(self.said, lambda text: text == "You are out")

    def test_a_plan_is_agreed_to_on_the_page(self):
        self.begin()
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
        self.agree()
        (run,) = self.organisation.daemon.runs()["runs"]
        self.assertEqual(run["outcome"], "done")
        self.browser.open(self.organisation.origin + "/approve")
        self.assertIn("No plan waits", self.browser.run("return document.querySelector('main').textContent"))
        self.leave()
        self.browser.open(self.organisation.origin + "/approve")
        self.assertIn("You are not logged in", self.said())

    def test_over_tls_who_is_not_in_reads_nothing(self):
        self.begin(over_tls=True)
        self.assertTrue(self.organisation.origin.startswith("https://"))
        self.organisation.declare(MOVED, POLICY.replace(", approvals: 2", ""))
        self.organisation.look(lambda status: status["plan"]["verdict"] == "waits for approval")
        self.browser.open(self.organisation.origin + "/plan")
        self.assertEqual(self.said(), "Log in to read this.")
        self.assertNotIn("contoso", self.browser.run("return document.documentElement.textContent"))
        self.log_in()
        self.assertIn("You are in as", self.said())
        self.assertEqual(self.browser.run("return document.cookie"), "", "no script reads it")
        self.agree()
        # A page that is open when the session ends says so by itself.
        self.browser.open(self.organisation.origin + "/runs")
        self.assertEqual(self.said(), "Runs")
        page, = self.browser.windows()
        self.browser.another_window()
        self.leave()
        self.browser.to_window(page)
        self.browser.run("document.dispatchEvent(new Event('visibilitychange'))")
        until(self.said, lambda text: text == "Log in to read this.")


if __name__ == "__main__":
    unittest.main()
