#!/usr/bin/env python3
"""`./dev bench serve`: a running daemon on organisations of 2 and of 1,000 sites that follow a git repository.

Measured: from a push (heard through the hook) until the plan of its commit is shown; processor time while nothing happens, and
memory; the size of each page and the time until it has arrived. Fails when a limit of docs/benchmarks.md is exceeded.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

LIMITS = {2: 1.0, 1000: 3.0}  # seconds from push to plan
MOST_MEGABYTES, MOST_CORE, MOST_PAGE, MOST_PAINT = 150, 0.01, 300_000, 1.0
IDLE_SECONDS = 20
KEY = "a key for the bench only"
PAGES = ("/", "/plan", "/drift", "/readiness", "/runs")


class Daemon:
    def __init__(self, build, folder, sites):
        self.build, self.folder, self.commits = build, folder, 0
        subprocess.run([build / "bench/poolshift-bench-organisation", "--sites", str(sites), "--move", folder], check=True,
                       stdout=subprocess.DEVNULL)
        self.environment = {"PATH": f"{build}/bin:/usr/bin:/bin", "HOME": str(folder), "GIT_AUTHOR_NAME": "b", "GIT_AUTHOR_EMAIL": "b@b",
                            "GIT_COMMITTER_NAME": "b", "GIT_COMMITTER_EMAIL": "b@b"}
        self.repository = folder / "manifests"
        for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "first")):
            self.git(*words)
        key = folder / "push.key"
        key.write_text(KEY)
        key.chmod(0o600)
        self.log = folder / "log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [build / "bin/poolshift", "serve", "--git", f"file://{self.repository}", "--ref", "main", "--unsigned-commits", "--every",
                 "1h", "--base", self.repository, "--state-dir", folder / "state", "--socket", folder / "socket", "--listen", "127.0.0.1:0",
                 "--push-key", f"file:{key}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)
        self.wait(lambda: self.log.read_text().count("pages at") and self.status().get("round"))
        self.url = re.search(r"pages at (http://\S+)/", self.log.read_text())[1]

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.repository, env=self.environment, check=True, capture_output=True,
                              text=True).stdout.strip()

    def status(self):
        done = subprocess.run([self.build / "bin/poolshift", "status", "--json", "--socket", self.folder / "socket"], env=self.environment,
                              capture_output=True, text=True, check=False)
        return json.loads(done.stdout) if done.stdout.startswith("{") else {}

    def wait(self, fits):
        end = time.monotonic() + 120
        while not fits():
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit(f"bench: the daemon does not come to it:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.01)

    def push(self):
        """Seconds until the plan of a new commit is shown."""
        self.commits += 1
        (self.repository / "organization.yaml").open("a").write(f"# {self.commits}\n")
        self.git("commit", "-q", "-a", "-m", "next")
        commit = self.git("rev-parse", "HEAD")
        began = time.monotonic()
        urllib.request.urlopen(urllib.request.Request(self.url + "/hooks/push", data=b"{}", headers={"X-Gitlab-Token": KEY})).read()
        self.wait(lambda: self.status().get("commit") == commit)
        return time.monotonic() - began

    def ticks(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def page(self, path):
        began = time.monotonic()
        body = urllib.request.urlopen(self.url + path).read()
        return len(body), time.monotonic() - began

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def measure(build, sites):
    with tempfile.TemporaryDirectory() as name:
        daemon = Daemon(build, pathlib.Path(name), sites)
        try:
            figures = {"sites": sites, "push_to_plan_s": round(statistics.median(daemon.push() for _ in range(5)), 3)}
            before = daemon.ticks()
            time.sleep(IDLE_SECONDS)
            figures["idle_core"] = round((daemon.ticks() - before) / IDLE_SECONDS, 4)
            figures["rss_mb"] = round(daemon.megabytes(), 1)
            pages = [daemon.page(path) for path in PAGES]
            figures["largest_page_bytes"] = max(size for size, _ in pages)
            figures["slowest_page_s"] = round(max(seconds for _, seconds in pages), 4)
            return figures
        finally:
            daemon.end()


def main():
    parser = argparse.ArgumentParser(prog="./dev bench serve")
    parser.add_argument("--build", required=True, type=lambda text: pathlib.Path(text).resolve())
    options = parser.parse_args()
    exceeded = []
    for sites, limit in LIMITS.items():
        figures = measure(options.build, sites)
        print(json.dumps(figures), flush=True)
        for name, most in (("push_to_plan_s", limit), ("idle_core", MOST_CORE), ("rss_mb", MOST_MEGABYTES),
                           ("largest_page_bytes", MOST_PAGE), ("slowest_page_s", MOST_PAINT)):
            if figures[name] > most:
                exceeded.append(f"{sites} sites: {name} {figures[name]}, the limit is {most}")
    if exceeded:
        raise SystemExit("bench: " + "; ".join(exceeded))
    print("bench: every figure is within its limit")


if __name__ == "__main__":
    main()
