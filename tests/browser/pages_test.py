"""The pages of a daemon in a real browser: of an organisation that is as declared, and of one on a bad day."""

import contextlib
import json
import pathlib
import time
import unittest

from chromium import Chromium
from organisation import Organisation
from waiting import until

PATHS = ["/", "/plan", "/drift", "/readiness", "/runs"]
BUSY = [("busy", path) for path in PATHS]
ALL = [("calm", path) for path in PATHS] + BUSY + [("busy", "/missing")]
QUESTIONS = (pathlib.Path(__file__).parent / "page.js").read_text(encoding="utf-8")
TAB = "\ue004"


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.calm = Organisation()
        cls.addClassCleanup(cls.calm.end)
        cls.busy = Organisation()
        cls.addClassCleanup(cls.busy.end)
        cls.busy.live_through_a_day()
        cls.busy.pause()
        cls.days = {"calm": cls.calm, "busy": cls.busy}
        cls.browser = Chromium()
        cls.addClassCleanup(cls.browser.end)

    def setUp(self):
        self.browser.show(1280)

    def ask(self, question):
        return self.browser.run(QUESTIONS, question)

    @contextlib.contextmanager
    def opened(self, page):
        """A failure names the page."""
        day, path = page
        with self.subTest(day=day, path=path):
            self.browser.open(self.days[day].origin + path)
            yield

    def test_need_no_script(self):
        # Text boxes are where lines break, and no part of what is told.
        def told():
            ours = {("button", "Follow"), ("ToggleButton", "Follow"), ("StaticText", "Follow")}
            return [(role, name) for role, name in self.browser.accessible()
                    if role not in ("InlineTextBox", "status") and (role, name) not in ours]
        for page in BUSY:
            with self.opened(page):
                with_scripts = told()
            self.browser.scripts(allowed=False)
            try:
                with self.opened(page):
                    self.assertEqual(told(), with_scripts)
            finally:
                self.browser.scripts(allowed=True)
            for role in ("banner", "navigation", "main", "heading"):
                self.assertIn(role, [role for role, _ in with_scripts])

    def test_ask_for_nothing_elsewhere(self):
        self.browser.open("about:blank")
        self.browser.log("performance")
        self.browser.log("browser")
        for day, path in BUSY:
            with self.opened((day, path)):
                events = [json.loads(entry["message"])["message"] for entry in self.browser.log("performance")]
                asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
                self.assertEqual(set(asked), {self.busy.origin + path, self.busy.origin + "/live.js"})
                self.assertEqual([entry["message"] for entry in self.browser.log("browser")], [])

    def test_may_not_be_made_to_ask(self):
        # The policy of the page holds in this browser: what somebody smuggled in would not be fetched or run.
        self.browser.open(self.busy.origin + "/")
        self.browser.log("browser")
        self.browser.run("""document.body.insertAdjacentHTML('beforeend', '<img src="/x.png" alt="">');
                            const script = document.createElement('script'); script.textContent = 'window.ran = 1';
                            document.body.append(script);""")
        told = "\n".join(entry["message"] for entry in self.browser.log("browser"))
        self.assertIn("img-src", told)
        self.assertIn("script-src", told)
        self.assertIsNone(self.browser.run("return window.ran"))

    def test_have_an_outline(self):
        for day, path in ALL:
            with self.opened((day, path)):
                seen = self.ask("outline")
                levels = [level for level, _ in seen["headings"]]
                self.assertEqual((levels[0], levels.count(1)), (1, 1), seen["headings"])
                for before, after in zip(levels, levels[1:]):
                    self.assertLessEqual(after, before + 1, f"a level is left out: {seen['headings']}")
                self.assertTrue(all(text.strip() for _, text in seen["headings"]))
                self.assertEqual(seen["landmarks"], ["header", "nav", "main"])
                self.assertEqual(seen["outside"], [])
                self.assertEqual(seen["navigations"], ["Pages"])
                self.assertEqual(seen["current"], [path] if path in PATHS else [])
                self.assertEqual(seen["language"], "en")
                self.assertRegex(seen["title"], " · ")
                self.assertTrue(seen["skips"], "the first stop of the keyboard leads to the content")
                self.assertEqual(len(seen["ids"]), len(set(seen["ids"])))

    def test_tables_have_headers(self):
        for page in BUSY:
            with self.opened(page):
                self.assertEqual(self.ask("tables"), [])

    def test_pictures_have_a_text(self):
        drawn = 0
        for page in BUSY:
            with self.opened(page):
                self.assertEqual(self.ask("pictures"), [])
                images = [name for role, name in self.browser.accessible() if role in ("image", "img")]
                self.assertTrue(all(images), images)
                drawn += len(images)
        self.assertGreater(drawn, 0, "there is a picture of the plan")

    def test_are_used_by_keyboard(self):
        for page, scheme in [*((page, "light") for page in ALL[4:]), (("busy", "/plan"), "dark")]:
            self.browser.show(1280, scheme=scheme)
            with self.opened(page):
                for control in self.ask("controls"):
                    self.browser.press(TAB)
                    here = self.ask("focus")
                    self.assertEqual(here["called"], control)
                    self.assertTrue(here["inside"], control)
                    self.assertGreaterEqual(here["ring"], 2, control)
                    self.assertGreaterEqual(here["contrast"], 3, control)

    def test_text_stands_out(self):
        for scheme in ("light", "dark"):
            self.browser.show(1280, scheme=scheme)
            for page in ALL:
                with self.opened(page):
                    seen = self.ask("faint")
                    self.assertEqual(seen["faults"], [], scheme)
                    self.assertGreater(seen["count"], 5)

    def test_follow_the_scheme(self):
        paper = {}
        for scheme in ("light", "dark"):
            self.browser.show(1280, scheme=scheme)
            self.browser.open(self.busy.origin + "/")
            paper[scheme] = self.browser.run("return getComputedStyle(document.body).backgroundColor")
        self.assertNotEqual(paper["light"], paper["dark"])

    def test_fit_every_window(self):
        for width, scale in ((320, 1), (360, 1), (768, 1), (1600, 1), (640, 2)):  # the last is 1280 at 200 %
            self.browser.show(width, scale=scale)
            for page in BUSY:
                with self.opened(page):
                    self.assertEqual(self.ask("wide"), [], width)

    def test_text_of_twice_the_size(self):
        self.browser.letters(32)
        self.addCleanup(self.browser.letters, 16)
        for width in (1280, 768):
            self.browser.show(width)
            for page in BUSY:
                with self.opened(page):
                    self.assertEqual(self.ask("size"), 32, "the text follows the reader's setting")
                    self.assertEqual(self.ask("wide"), [], width)

    def seen_at(self, organisation, path):
        self.browser.open(organisation.origin + path)
        return self.ask("content")

    @staticmethod
    def second(time):
        """As pages write it: 2026-01-31T12:00:00.5Z becomes 2026-01-31T12:00:00Z."""
        return time.split(".")[0].rstrip("Z") + "Z"

    def test_say_what_status_says(self):
        for organisation in (self.calm, self.busy):
            status = organisation.daemon.status()
            for path in ("/", "/plan"):
                seen = self.seen_at(organisation, path)
                self.assertEqual(seen["title"], status["sentence"])
                for reason in status["plan"]["reasons"]:
                    self.assertIn(reason, seen["notes"])
                for pause in status["pauses"]:
                    self.assertTrue(any(pause["scope"] in note and pause["who"] in note and pause["reason"] in note
                                        for note in seen["notes"]), seen["notes"])
                self.assertEqual(seen["times"][0], self.second(status["looked_at"]))
            plan = organisation.daemon.run("status", "plan").stdout
            self.assertEqual(seen["plan"].split(), plan.split())
            steps = len(organisation.daemon.json("status", "plan")["actions"])
            self.assertEqual(seen["steps"], steps)
        self.assertGreater(steps, 10)

    def test_say_what_drift_says(self):
        for organisation in (self.calm, self.busy):
            items = organisation.daemon.drift()["drift"]
            rows = [[item["impact"], item["text"], self.second(item["first_seen"]).replace("T", " "),
                     f"{item['at']['file']}:{item['at']['line']}:{item['at']['column']}"] for item in items]
            for path in ("/", "/drift"):
                tables = self.seen_at(organisation, path)["tables"]
                if rows:
                    self.assertEqual(tables[0], rows)
        self.assertGreater(len(rows), 10)
        self.assertEqual(self.seen_at(self.calm, "/drift")["tables"], [])

    def test_say_what_runs_say(self):
        (run,) = self.busy.daemon.runs()["runs"]
        for path, table in (("/", -1), ("/runs", 0)):
            (row,) = self.seen_at(self.busy, path)["tables"][table]
            self.assertEqual((row[0], row[3], row[4]), (str(run["run"]), run["who"], run["plan_digest"][:12]))
            self.assertTrue(row[2].startswith(run["outcome"]), row)

    def test_follow_what_happens(self):
        def look():  # as when somebody comes back to the page; by itself it looks every 15 s
            self.browser.run("document.dispatchEvent(new Event('visibilitychange'))")

        def says(text):
            return text in self.browser.run("return document.querySelector('main').textContent")
        self.browser.open(self.busy.origin + "/")
        self.browser.run("window.here = 1; document.querySelector('main .scroll').focus()")
        self.busy.tell("pause", "Site1", "--for", "1h", "--reason", "the first line too")
        pauses = self.busy.look(lambda status: len(status["pauses"]) == 2)["pauses"]
        self.addCleanup(self.busy.tell, "unpause", pauses[-1]["id"])
        look()
        time.sleep(1)
        self.assertFalse(says("the first line too"), "nothing moves under who works in it")
        self.browser.run("document.activeElement.blur()")
        look()
        until(lambda: says("the first line too"), bool)
        self.assertEqual(self.browser.run("return window.here"), 1, "the page was not loaded anew")
        self.browser.run("window.really = window.fetch; window.fetch = () => Promise.reject()")
        look()
        until(lambda: self.browser.run("return document.querySelector('#lost').textContent"), lambda text: "no answer" in text)
        self.browser.run("window.fetch = window.really")
        look()
        until(lambda: self.browser.run("return document.querySelector('#lost').textContent"), lambda text: text == "")

    def test_follow_only_who_wants_it(self):
        self.browser.open(self.calm.origin + "/")
        pressed = "return document.querySelector('#follow').getAttribute('aria-pressed')"
        self.assertEqual(self.browser.run(pressed), "true")
        self.browser.run("document.querySelector('#follow').click()")
        self.browser.open(self.calm.origin + "/drift")
        self.assertEqual(self.browser.run(pressed), "false", "it is remembered")
        self.browser.run("window.fetch = () => { window.asked = 1; return Promise.reject(); };"
                         "document.dispatchEvent(new Event('visibilitychange'))")
        self.assertIsNone(self.browser.run("return window.asked"))
        self.browser.run("document.querySelector('#follow').click()")
        self.assertEqual(self.browser.run("return window.asked"), 1)

    def test_show_who_hosts(self):
        calm, busy = (self.seen_at(organisation, "/")["pools"] for organisation in (self.calm, self.busy))
        self.assertEqual(sorted(calm), ["edgepool1", "edgepool2", "frontend1", "frontend2"])
        self.assertEqual((calm["edgepool1"], calm["edgepool2"]), (["SIP federation", "XMPP federation"], []))
        self.assertEqual(busy["edgepool2"][1:], ["SIP federation", "XMPP federation"])
        for pool in ("edgepool1", "edgepool2"):
            self.assertRegex(busy[pool][0], r"^\d+ differences$")


if __name__ == "__main__":
    unittest.main()
