"""`poolshift serve` as a process of its own, and the programs that people ask it with."""

import json
import os
import signal
import subprocess

from waiting import LIMIT, until


class Daemon:
    def __init__(self, programs, folder, *words):
        """`programs`: the folder with the programs. The state directory and the socket are in `folder`."""
        self.programs, self.folder, self.words = programs, folder, list(words)
        self.socket, self.log = folder / "control.sock", folder / "serve.log"
        self.more = {}  # of its environment
        self.process = None

    def start(self):
        """Returns when it answers."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.programs / "poolshift", "serve", *self.words, *self._place()],
                                            cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        until(self._answers, bool)

    def _place(self):
        return ["--state-dir", self.folder / "state", "--socket", self.socket]

    def _environment(self):
        return {"PATH": f"{self.programs}:/usr/sbin:/usr/bin:/bin", "HOME": str(self.folder), "USER": "operator", **self.more}

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}:\n{self.said()}")
        return self.socket.exists() and self.run("status").returncode in (0, 2)

    def said(self):
        return self.log.read_text(errors="replace")

    def command(self, *words):
        """Of a verb that asks the daemon."""
        return [self.programs / "poolshift", *words, "--socket", self.socket, "--no-color", "--width", "200"]

    def run(self, *words):
        return subprocess.run(self.command(*words), cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=LIMIT)

    def json(self, *words):
        done = self.run(*words, "--json")
        if done.returncode not in (0, 2):
            raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stderr}\n{self.said()}")
        return json.loads(done.stdout)

    def status(self):
        return self.json("status")

    def look(self):
        """How it stands after a look that begins now."""
        return self.json("status", "--look")

    def drift(self):
        return self.json("status", "drift")

    def runs(self):
        return self.json("runs")

    def end(self, number=signal.SIGTERM):
        """Its exit status."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        try:
            return self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"it does not end:\n{self.said()}") from None
