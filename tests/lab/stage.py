"""One scenario on the lab: where it begins, what it checks, what the report says of it."""

import itertools
import pathlib
import shutil
import time

import edge
import manifests
import network
import picture
from machine import LAB
from observed import Traffic
from product import Product

PROTOCOLS = ("xmpp", "sip")


class Stage:
    def __init__(self, laboratory, programs, name, why):
        self.lab, self.programs, self.name, self.why = laboratory, programs, name, why
        self.checks, self.facts, self.marks, self.traffic = [], [], [], None
        self.began = time.time()
        self.commits, self.successes, self.write = 0, 2, manifests.write
        folder = LAB / "organisations" / name
        shutil.rmtree(folder, ignore_errors=True)
        self.manifests, self.state = folder / "manifests", folder / "state"
        self.manifests.mkdir(parents=True)
        self.product = Product(programs, self.manifests, self.state)

    # --- where it begins ---------------------------------------------------------------------------------------

    def begin(self, host="edge1", others_run=False):
        """`host` serves both federations and is named in DNS, no cache remembers anything, and messages flow."""
        other = next(name for name in edge.POOLS if name != host)
        self.lab.rest(host, others_run)
        self.commit(host)
        self.traffic = Traffic()
        self.traffic.wait_for_users(edge.POOLS[host])
        self.traffic.begin()
        time.sleep(2)
        for protocol in PROTOCOLS:
            outcome = self.traffic.sources[protocol].outcome()
            self.check(set(outcome["pools"]) == {host} and outcome["bounced"] + outcome["lost"] <= len(self.pending(protocol)),
                       f"before: every {protocol} message is answered by {host}: {outcome}")
        return other

    def pending(self, protocol):
        """Messages so young that their answer may still be under way."""
        source = self.traffic.sources[protocol]
        return [n for n, at in source.sent.items() if at > time.time() - 1 and n not in source.answered]

    def commit(self, host, out=None):
        """What people commit: who hosts both, and which pool is out of service."""
        self.commits += 1
        self.write(self.manifests, host, out, self.lab.authority.key_file, self.successes)
        if self.commits > 1:
            self.mark(f"commit: {host} hosts both" + (f", {out} is out of service" if out else ""))

    # --- what happens ------------------------------------------------------------------------------------------

    def mark(self, label):
        self.marks.append((time.time(), label))
        return self.marks[-1][0]

    def apply(self, *options, verb="apply"):
        self.mark(f"poolshift {verb}")
        return self.product.apply(*options, verb=verb)

    def end_of(self, run, expected):
        """The run's exit status, which is checked, with its actions as marks of the picture."""
        code = run.finish()
        self.marks += run.marks
        ended = run.ended() or {}
        self.mark(f"ends: {ended.get('outcome', 'no run')} (exit {code})")
        allowed = expected if isinstance(expected, tuple) else (expected,)
        self.check(code in allowed, f"exit status {code}, expected {' or '.join(map(str, allowed))}: {ended.get('text', '')}"
                   f" {ended.get('refusals', '')}")
        return ended

    def settle(self, pool, seconds=45):
        """Waits until the newest message of each protocol was answered by `pool`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            servers = [source.last_server() for source in self.traffic.sources.values()]
            if all(server and edge.pool_of(server) == pool for server in servers):
                return
            time.sleep(0.1)

    # --- what is checked ---------------------------------------------------------------------------------------

    def check(self, holds, text):
        self.checks.append((bool(holds), text))
        print(f"    {'ok    ' if holds else 'FAILED'} {text}", flush=True)
        return holds

    def fact(self, name, value):
        self.facts.append((name, value))
        print(f"           {name}: {value}", flush=True)

    def outcomes(self, since=0.0):
        return {protocol: source.outcome(since) for protocol, source in self.traffic.sources.items()}

    def stop_traffic(self):
        self.traffic.stop()
        self.traffic.end()
        for protocol, outcome in self.outcomes().items():
            self.fact(protocol, "sent {sent}, answered {answered} {servers}, bounced {bounced}, lost {lost}".format(**outcome))

        first = min((at for at, _ in self.marks), default=self.began)
        for protocol, number, at, arrived in itertools.islice(self.traffic.lost(), 5):
            self.fact(f"lost: {protocol} {number}", f"sent {at - first:+.2f} s from the first mark; "
                      + (f"arrived at {arrived}, its answer did not" if arrived else "it did not arrive"))

    def report_move(self, to, since):
        """Seconds from `since` until the new pool first answered, and the longest silence."""
        for protocol, source in self.traffic.sources.items():
            first = source.first_answer(to, since)
            self.fact(f"{protocol}: first answer of {to}", "never" if first is None else f"{first - since:.1f} s")
            self.fact(f"{protocol}: longest time without an answered message", f"{source.outage(since):.1f} s")

    def records(self):
        return {name: self.lab.authority.look(f"{name}.contoso.test", kind)
                for name, kind in (("xmpp", "A"), ("_sipfederationtls._tcp", "SRV"))}

    def check_records(self, pool, text, places=None):
        expected = sorted(network.outside(place) for place in places or edge.POOLS[pool])
        seen = self.records()
        self.check(seen["xmpp"] == expected and seen["_sipfederationtls._tcp"] == [f"0 0 5061 sip{pool[-1]}.contoso.test."],
                   f"{text}: {seen}")

    def check_records_of_xmpp(self, pool):
        expected = sorted(network.outside(place) for place in edge.POOLS[pool])
        self.check(self.records()["xmpp"] == expected, f"the address record leads to {pool}: {self.records()['xmpp']}")

    def finish(self):
        if self.traffic:
            self.traffic.end()

    @property
    def passed(self):
        return bool(self.checks) and all(holds for holds, _ in self.checks)

    def draw(self, folder):
        if self.traffic and self.traffic.sources:
            sources = self.traffic.sources.values()
            first = max(min(source.sent.values(), default=self.began) for source in sources)
            last = max(max(source.sent.values(), default=first) for source in sources)
            pathlib.Path(folder, f"{self.name}.svg").write_text(
                picture.time_line(self.why, self.traffic.sources, first, last, self.marks), encoding="utf-8")
