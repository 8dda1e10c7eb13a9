"""What became of messages: who answered, what bounced, what was lost. The harness goes by this alone."""

import json
import pathlib
import subprocess
import threading
import time
import uuid

import certificates
import edge
import network
from isolation import PYTHON
from machine import LAB

PROGRAMS = pathlib.Path(__file__).parent / "traffic"


def _complaints():
    """Where what the programs print on stderr goes."""
    return open(LAB / "log/traffic.log", "ab")


class Source:
    """One stream of messages, from the partner to contoso.test."""

    def __init__(self, protocol, period):
        self.protocol, self.run = protocol, uuid.uuid4().hex[:8]
        self.sent, self.answered, self.bounced = {}, {}, {}  # n -> time, (time, edge), (time, why)
        self.ready = threading.Event()
        arguments = [certificates.FOLDER / "ca.pem", self.run, period] if protocol == "xmpp" else [self.run, period]
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", "partner", PYTHON, str(PROGRAMS / f"{protocol}_partner.py"), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=_complaints(), text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            what, number = event["event"], event.get("n")
            if what == "sent":
                self.sent[number] = event["t"]
                self.ready.set()
            elif what == "answered":
                self.answered.setdefault(number, (event["t"], event["edge"]))
            elif what == "bounced":
                self.bounced.setdefault(number, (event["t"], event["why"]))

    def stop(self):
        self.process.stdin.write("\n")
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.reader.join(timeout=5)

    def outcome(self, since=0.0, until=float("inf")):
        """Counts of the messages sent in [since, until): sent, bounced, lost, and answered by pool and by server."""
        numbers = [n for n, at in self.sent.items() if since <= at < until]
        by_server, bounced, lost = {}, 0, 0
        for number in numbers:
            if number in self.answered:
                server = self.answered[number][1]
                by_server[server] = by_server.get(server, 0) + 1
            elif number in self.bounced:
                bounced += 1
            else:
                lost += 1
        by_pool = {}
        for server, count in by_server.items():
            by_pool[edge.pool_of(server)] = by_pool.get(edge.pool_of(server), 0) + count
        return {"sent": len(numbers), "answered": sum(by_server.values()), "bounced": bounced, "lost": lost,
                "servers": by_server, "pools": by_pool}

    def first_answer(self, pool, since):
        """When a message sent after `since` was first answered by the pool; None: never."""
        times = [at for n, (at, server) in self.answered.items()
                 if edge.pool_of(server) == pool and self.sent.get(n, 0) >= since]
        return min(times, default=None)

    def outage(self, since):
        """The longest time between two answered messages, by when these were sent; to the last sent message."""
        times = sorted(self.sent[n] for n in self.answered if n in self.sent and self.sent[n] >= since)
        if not self.sent:
            return 0.0
        times = [since, *times, max(self.sent.values())]
        return max((b - a for a, b in zip(times, times[1:])), default=0.0)

    def last_server(self):
        newest = max(self.answered, default=None)
        return None if newest is None else self.answered[newest][1]


class Traffic:
    """Both protocols at once, and the users behind every Edge server."""

    def __init__(self, period=0.05):
        self.began = time.time()
        servers = [f"{place}={network.management(place)}" for places in edge.POOLS.values() for place in places]
        self.users = subprocess.Popen(
            ["ip", "netns", "exec", "users", PYTHON, str(PROGRAMS / "xmpp_users.py"), str(certificates.FOLDER / "ca.pem"),
             "600", *servers], stdout=subprocess.PIPE, stderr=_complaints(), text=True)
        self.online, self.arrived = set(), {}
        threading.Thread(target=self._watch_users, daemon=True).start()
        self.period, self.sources = period, {}

    def _watch_users(self):
        for line in self.users.stdout:
            event = json.loads(line)
            if event["event"] == "online":
                self.online.add(event["edge"])
            elif event["event"] == "offline":
                self.online.discard(event["edge"])
            elif event["event"] == "received":
                _, run, number = event["body"].split()
                self.arrived[(run, int(number))] = event["edge"]

    def wait_for_users(self, servers, seconds=20):
        end = time.monotonic() + seconds
        while not set(servers) <= self.online:
            if time.monotonic() > end:
                raise RuntimeError(f"users are not online on {set(servers) - self.online}")
            time.sleep(0.05)

    def begin(self):
        """Sends from now on; returns when both protocols are answered."""
        self.sources = {protocol: Source(protocol, self.period) for protocol in ("xmpp", "sip")}
        end = time.monotonic() + 60
        while not all(source.answered for source in self.sources.values()):
            if time.monotonic() > end:
                silent = [f"{name} ({len(source.sent)} sent, bounced: {set(why for _, why in source.bounced.values())})"
                          for name, source in self.sources.items() if not source.answered]
                raise RuntimeError(f"no answer to {' and '.join(silent)} before anything happened")
            time.sleep(0.05)

    def stop(self):
        for source in self.sources.values():
            source.stop()

    def lost(self):
        """(protocol, number, when sent, Edge server where it arrived all the same or None) of what was neither answered nor bounced."""
        for protocol, source in self.sources.items():
            for number, at in sorted(source.sent.items()):
                if number not in source.answered and number not in source.bounced:
                    yield protocol, number, at, self.arrived.get((source.run, number))

    def end(self):
        self.users.kill()
        self.users.wait()
