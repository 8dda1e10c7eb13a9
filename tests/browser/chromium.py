"""A headless Chromium, driven by the W3C WebDriver protocol through its own driver on a loopback port."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/serve"))

from waiting import LIMIT, processes_in, until  # noqa: E402

OPTIONS = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
           "--hide-scrollbars", "--force-color-profile=srgb", "--disable-lcd-text"]


class Chromium:
    def __init__(self, *more):
        """`more`: options of the browser."""
        self.more = list(more)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolshift-browser-")).resolve()
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "TMPDIR": str(self.folder), "LANG": "C.UTF-8"}
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], cwd=self.folder, env=environment, text=True,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.session, self.port = "", 0
        try:
            self._begin()
        except BaseException:
            self.end()
            raise

    def _begin(self):
        for line in self.driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                self.port = int(found[1])
                break
        # As root it has no sandbox; what it opens are pages of these tests only.
        options = OPTIONS + (["--no-sandbox"] if os.geteuid() == 0 else []) + [f"--user-data-dir={self.folder / 'profile'}"] + self.more
        asked = {"browserName": "chrome", "goog:chromeOptions": {"args": options},
                 "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": asked}})
        self.session = f"/session/{answer['sessionId']}"

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{self.session}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {json.load(error)['value']['message']}") from None

    def end(self):
        """A failed test when anything of it lives on."""
        try:
            if self.session:
                self._ask("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(LIMIT)
            self.driver.stdout.close()
            until(lambda: processes_in(self.folder), lambda left: not left)
            shutil.rmtree(self.folder, ignore_errors=True)

    def open(self, url):
        """The page as it was loaded: it does not load itself anew while somebody looks at it."""
        self._ask("POST", "/url", {"url": url})
        self.tools("Page.stopLoading")

    def run(self, script, *arguments):
        """What a script returns in the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def windows(self):
        return self._ask("GET", "/window/handles")

    def another_window(self):
        self.to_window(self._ask("POST", "/window/new", {"type": "window"})["handle"])

    def to_window(self, handle):
        self._ask("POST", "/window", {"handle": handle})

    def press(self, key):
        """A key, as WebDriver writes it."""
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    def log(self, kind):
        """What came since it was asked for last: `browser` is the console, `performance` the protocol of the network."""
        return self._ask("POST", "/se/log", {"type": kind})

    def tools(self, command, **parameters):
        """A command of the developer tools."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def show(self, width, height=900, scheme="light", scale=1):
        """A window of that many CSS pixels; `scale`: device pixels in each."""
        self.tools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)
        self.tools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def letters(self, pixels):
        """The size of text that the reader has set; 16 is what browsers come with."""
        self.tools("Page.setFontSizes", fontSizes={"standard": pixels, "fixed": pixels * 13 // 16})

    def scripts(self, allowed):
        self.tools("Emulation.setScriptExecutionDisabled", value=not allowed)

    def accessible(self):
        """(role, name) of everything that assistive technology is told, in order. It needs no script."""
        nodes = self.tools("Accessibility.getFullAXTree")["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    def picture(self):
        return base64.b64decode(self.tools("Page.captureScreenshot", format="png")["data"])
