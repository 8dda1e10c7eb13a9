"""The product under test: its own programs, run in `admin`, which has the management network only."""

import datetime
import json
import os
import pathlib
import subprocess
import threading
import time

import network
from machine import LAB


class Run:
    """One `poolshift apply --json` under way; marks are (time, what it did)."""

    def __init__(self, process):
        self.process, self.events, self.marks = process, [], []
        self.titles = {}
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            self._note(event)
            self.events.append(event)

    def _note(self, event):
        if event["event"] == "action_started":
            self.titles[event["action"]] = event["title"]
        if event["event"] == "action_ended":
            title = self.titles.get(event["action"], event["action"])
            self.marks.append((time.time(), title if event["end"] == "done" else f"{title}: {event['end']}"))

    def wait_for(self, wanted, seconds=120):
        """Until an action whose title contains `wanted` has ended; returns its event."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for event in self.events:
                if event["event"] == "action_ended" and wanted in self.titles.get(event["action"], ""):
                    return event
            if self.process.poll() is not None and not self.reader.is_alive():
                break
            time.sleep(0.02)
        raise AssertionError(f"no action `{wanted}` ended; ended: {[label for _, label in self.marks]}")

    def finish(self, seconds=180):
        self.process.wait(timeout=seconds)
        self.reader.join(timeout=10)
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()

    def ended(self):
        return next((event for event in self.events if event["event"] == "run_ended"), None)

    def critical_path(self):
        """Seconds: the longest chain of actions by what its journal says they took, each behind what it needs or whose lock it waited for."""
        plan = next(event["plan"] for event in self.events if event["event"] == "planned")
        took = {each["id"]: [datetime.datetime.fromisoformat(each[end].replace("Z", "+00:00")).timestamp() for end in ("started", "ended")]
                for each in ({**each, "id": each["action"]} for each in self.ended()["actions"]) if each["started"] and each["ended"]}
        length = {}
        for action in sorted((each for each in plan["actions"] if each["id"] in took), key=lambda each: took[each["id"]][0]):
            began, ended = took[action["id"]]
            before = [each["id"] for each in plan["actions"] if each["id"] in length and took[each["id"]][1] <= began
                      and (each["id"] in action["needs"] or set(each["locks"]) & set(action["locks"]))]
            length[action["id"]] = ended - began + max((length[each] for each in before), default=0.0)
        return max(length.values(), default=0.0)

    def done(self):
        """Titles of the actions that are done, in order."""
        return [self.titles.get(event["action"], event["action"]) for event in self.events
                if event["event"] == "action_ended" and event["end"] == "done"]


class Product:
    def __init__(self, programs, manifests, state):
        self.programs, self.manifests, self.state = pathlib.Path(programs).resolve(), manifests, state
        self.log = LAB / "log/poolshift.log"

    def _command(self, *arguments):
        return ["ip", "netns", "exec", "admin", str(self.programs / "poolshift"), *map(str, arguments)]

    @property
    def places(self):
        return [str(self.manifests), "--state-dir", str(self.state)]

    def call(self, *arguments, seconds=120):
        result = subprocess.run(self._command(*arguments), capture_output=True, text=True, timeout=seconds, check=False,
                                env={**os.environ, "NO_COLOR": "1"})
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(f"$ poolshift {' '.join(map(str, arguments))}\n{result.stdout}{result.stderr}[{result.returncode}]\n")
        return result

    def grant(self, server):
        result = subprocess.run([str(self.programs / "poolshift-provider-dns"), "grant", "--server", server, "--key", "lab-update",
                                 "--zone", "contoso.test", "xmpp.contoso.test/A", "_sipfederationtls._tcp.contoso.test/SRV",
                                 "sip1.contoso.test/A", "sip2.contoso.test/A"],
                                capture_output=True, text=True, check=True)
        return result.stdout

    def plan(self, *options):
        return self.call("plan", *self.places, *options)

    def plan_json(self):
        result = self.plan("--json")
        return result.returncode, json.loads(result.stdout) if result.stdout.strip() else {}

    def drift(self):
        return self.call("drift", *self.places)

    def apply(self, *options, verb="apply"):
        errors = open(self.log, "a", encoding="utf-8")
        errors.write(f"$ poolshift {verb} --json\n")
        errors.flush()
        process = subprocess.Popen(self._command(verb, *self.places, "--auto-approve", "--json", *options),
                                   stdout=subprocess.PIPE, stderr=errors, text=True)
        return Run(process)
